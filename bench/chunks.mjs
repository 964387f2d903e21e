// How long chunking holds up everything else in the process, and how soon the first chunks can be embedded: the longest
// event-loop delay for texts of 6 MB, with the tokenizer of the default model.
//
//   node bench/chunks.mjs
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { findModel } from '../dist/embed/models.js'
import { onnxEmbedder } from '../dist/embed/onnx.js'
import { chunkBatches } from '../dist/ingest/chunk/chunk.js'
import { documentText } from '../dist/ingest/chunk/document-text.js'
import { modelsDir } from './server.mjs'

const block = (text, change = {}) => ({ kind: 'paragraph', text, page: null, headingPath: [], ...change })
const repeat = (count, text) => Array.from({ length: count }, (_, index) => text(index))

const texts = {
  '400,000 paragraphs': () => repeat(400_000, (index) => block(`第${index}条，阀门检查。`)),
  'one line of 6 MB': () => [block(repeat(200_000, (index) => `Valve ${index} is to be checked. `).join(''))],
  'one line of 6 MB without an end of a sentence': () => [block('阀门检查'.repeat(500_000))],
  'code of 200,000 lines': () => [
    block(repeat(200_000, (index) => `  let value${index} = read(${index})`).join('\n'), { kind: 'code' }),
  ],
  'a table of 60,000 rows': () =>
    repeat(3000, (part) => {
      const rows = repeat(20, (row) => `P-${part}-${row} | ${row * 5} m3/h | ${part} m | 库存 ${row}`)
      return block(['型号 | 流量 | 扬程 | 备注', ...rows].join('\n'), { kind: 'table' })
    }),
}

/** What the machine itself does to a process that only waits. */
async function idleDelays() {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  await sleep(5000)
  delays.disable()
  return delaysOf(delays)
}

function delaysOf(delays) {
  const ms = (value) => Math.round(value / 1e6)
  return `${ms(delays.percentile(99))} ms, ${ms(delays.max)} ms`
}

async function measure(blocks, embedder) {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  const begun = performance.now()
  let firstMs = 0
  let chunks = 0
  let most = 0
  delays.enable()
  const document = await documentText(blocks)
  const countTokens = (all) => embedder.countTokens(all)
  for await (const batch of chunkBatches(document, { title: '手册', countTokens })) {
    if (firstMs === 0) firstMs = performance.now() - begun
    chunks += batch.length
    for (const { tokenCount } of batch) most = Math.max(most, tokenCount)
  }
  const seconds = (performance.now() - begun) / 1000
  await sleep(20)
  delays.disable()
  return { chunks, most, firstMs, seconds, delays: delaysOf(delays) }
}

const embedder = await onnxEmbedder({ model: findModel('bge-small-zh-v1.5'), modelsDir, threads: 1 })
try {
  console.log('| text | chunks | most tokens | first batch after | seconds | event-loop delay p99, longest |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  console.log(`| nothing, for comparison | | | | 5.0 | ${await idleDelays()} |`)
  for (const [name, make] of Object.entries(texts)) {
    const { chunks, most, firstMs, seconds, delays } = await measure(make(), embedder)
    const figures = [chunks, most, `${Math.round(firstMs)} ms`, seconds.toFixed(1), delays]
    console.log(`| ${[name, ...figures].join(' | ')} |`)
  }
} finally {
  await embedder.close()
}
