// How long the recognition of scanned pages takes, what it needs, and how well it reads.
//
//   node bench/ocr.mjs scan.pdf photo.png=photo.txt [--pages 3] [--threads 2]
//
// A text file behind = holds what stands in the pictures, in reading order: the error rate is then told, too.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { sandboxedRecogniser } from '../dist/ingest/ocr/recogniser.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pages: { type: 'string', default: '3' }, threads: { type: 'string' } },
})
if (positionals.length === 0)
  throw new Error('usage: node bench/ocr.mjs FILE[=REFERENCE.txt]… [--pages 3] [--threads 2]')

/** The recognising process: its memory in KiB and its processor time in seconds. */
function child() {
  for (const line of execFileSync('ps', ['-A', '-o', 'ppid=,rss=,time=,args=']).toString().split('\n')) {
    const [parent, rss, time, ...command] = line.trim().split(/\s+/)
    if (Number(parent) !== process.pid || !command.join(' ').includes('ocr-child.js')) continue
    const [seconds = 0, minutes = 0, hours = 0] = time.split(/[:-]/).map(Number).reverse()
    return { rss: Number(rss), cpuSeconds: seconds + 60 * minutes + 3600 * hours }
  }
  return { rss: 0, cpuSeconds: 0 }
}

async function pagesOf(path) {
  const bytes = readFileSync(path)
  if (!bytes.subarray(0, 1024).includes('%PDF-')) return [null]
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise
  const count = Math.min(document.numPages, Number(values.pages))
  await document.destroy()
  return Array.from({ length: count }, (_, index) => index + 1)
}

const folded = (text) => [...text.normalize('NFKC').replace(/[\s|]/gu, '')]

/** Differences (Levenshtein) for each character of what should stand there. */
function errorRate(expected, actual) {
  const [from, to] = [folded(expected), folded(actual)]
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, character] of from.entries()) {
    const next = [index + 1]
    for (const [column, other] of to.entries()) {
      next.push(Math.min(row[column] + (character === other ? 0 : 1), row[column + 1] + 1, next[column] + 1))
    }
    row = next
  }
  return row.at(-1) / from.length
}

async function measure(path, reference) {
  const recogniser = sandboxedRecogniser({
    timeoutMs: 600_000,
    memoryBytes: 8 * 1024 ** 3,
    ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
  })
  const pages = await pagesOf(path)
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, child().rss)
  }, 250)
  // The first one also pays for the start of the process.
  const times = []
  const texts = []
  for (const page of pages) {
    const startedAt = performance.now()
    const { blocks } = await recogniser.recognise({ path, page })
    times.push((performance.now() - startedAt) / 1000)
    texts.push(blocks.map(({ text }) => text).join('\n'))
  }
  const { rss, cpuSeconds } = child()
  clearInterval(timer)
  await recogniser.close()
  const text = texts.join('\n')
  return {
    file: basename(path),
    pages: pages.length,
    characters: folded(text).length,
    'first s': times[0].toFixed(1),
    's a page': (times.reduce((sum, time) => sum + time, 0) / times.length).toFixed(1),
    'cpu s a page': (cpuSeconds / times.length).toFixed(1),
    'peak MiB': (Math.max(peak, rss) / 1024).toFixed(0),
    errors: reference === undefined ? '' : `${(100 * errorRate(readFileSync(reference, 'utf8'), text)).toFixed(2)} %`,
  }
}

const rows = []
for (const argument of positionals) {
  const [path, reference] = argument.split('=')
  rows.push(await measure(path, reference))
}
console.table(rows)
