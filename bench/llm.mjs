// A real small language model, in process and over HTTP: time to the first word, tokens a second, and how fast it stops,
// as medians; and how long a model server goes on writing after the client of Inkstone has gone.
//
//   node scripts/fetch-test-model.mjs --library && node bench/llm.mjs [--threads 1] [--repeats 5] [--runs 20]
import { execFileSync, spawn } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { llamaModel } from '../dist/generate/models/llama.js'
import { openAiModel } from '../dist/generate/models/openai.js'
import { disconnects } from './llm/disconnects.mjs'
import { idleSince } from './llm/idle.mjs'
import { conversation, medians, quantiles, stopAnswer, timeAnswer } from './llm/timing.mjs'
import { packageRoot, stop } from './server.mjs'

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '5' },
    runs: { type: 'string', default: '20' },
  },
})
const script = join(packageRoot, 'scripts', 'fetch-test-model.mjs')
const { modelPath, libraryPath, home } = JSON.parse(
  execFileSync(process.execPath, [script, '--print'], { encoding: 'utf8' }),
)

const repeats = Number(values.repeats)
const asked = [
  ['short prompt', 2, 'What is replaced, and when?'],
  ['long prompt', 30, 'What is replaced?'],
]
const stops = [
  ['while it reads the prompt', 60, 'How often is the seal replaced?', { afterMs: 1_000 }],
  ['while it writes', 1, 'Tell a long story about this pump.', { afterMs: 300, afterFirstWord: true }],
]

/** @param ended resolves to when the model ended the answer before, in milliseconds since 1970 */
async function measure(model, { place, ended }) {
  const [speed, stopping] = [{}, {}]
  let turn = 0
  // Every prompt begins with another word: the model must not know it from the one before.
  const next = (repetitions, question) => conversation(repetitions, question, { turn: turn++ })
  await timeAnswer(model, next(1, 'How often is the seal replaced?'), 4)
  await ended()
  for (const [name, repetitions, question] of asked) {
    const rows = []
    for (let run = 0; run < repeats; run++) {
      rows.push(await timeAnswer(model, next(repetitions, question), 64))
      await ended()
    }
    speed[`${place}, ${name}`] = medians(rows)
  }
  for (const [when, repetitions, question, options] of stops) {
    const [released, stopped] = [[], []]
    for (let run = 0; run < repeats; run++) {
      const { stoppedAt, releasedMs } = await stopAnswer(model, next(repetitions, question), options)
      released.push(releasedMs)
      stopped.push((await ended()) - stoppedAt)
    }
    stopping[`${place}, ${when}: caller free`] = quantiles(released)
    stopping[`${place}, ${when}: model ended`] = quantiles(stopped)
  }
  return { speed, stopping }
}

async function inProcess(threads) {
  const model = llamaModel({ modelPath, home, contextTokens: 8192, threads, temperature: 0 })
  try {
    return await measure(model, { place: 'in process', ended: idleSince })
  } finally {
    await model.close()
  }
}

async function overHttp(threads) {
  const program = [join(packageRoot, 'bench/llm/openai-server.mjs'), modelPath, home, String(threads)]
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value)
  const patience = { connectMs: 10_000, firstTokenMs: 300_000, idleMs: 60_000 }
  try {
    const model = openAiModel({ baseUrl: (await next()).url, patience })
    return await measure(model, { place: 'over HTTP', ended: async () => (await next()).idleSince })
  } finally {
    await stop(child, 'SIGTERM')
  }
}

if (modelPath === null || libraryPath === null) {
  console.log('SKIPPED: no real model here; run "node scripts/fetch-test-model.mjs --library"')
} else {
  const threads = Number(values.threads)
  const parts = [await inProcess(threads), await overHttp(threads)]
  const load = loadavg()[0].toFixed(1)
  console.log(`SmolLM2-135M-Instruct Q4_1, ${threads} thread(s), medians of ${repeats} runs, load average ${load}`)
  console.table(Object.assign({}, ...parts.map(({ speed }) => speed)))
  console.log('Stopped: ms until')
  console.table(Object.assign({}, ...parts.map(({ stopping }) => stopping)))
}
console.log('Client of POST /v1/answers gone: the model server is hung up on after')
console.table(await disconnects(Number(values.runs)))
