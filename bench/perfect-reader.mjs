// The golden questions of the sample documents with a language model that reads perfectly: a scripted OpenAI-compatible
// server that gives the golden answer with the numbers of the passages that hold the golden quotes, and NO_ANSWER where
// they are not among the passages. What is lost then was lost by retrieval, by refusing beforehand or by the checker.
//
//   node bench/perfect-reader.mjs [--home FOLDER --kb SLUG]      a home that holds the sample, else one is made
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { loadConfig } from '../dist/config/load.js'
import { readGolden } from '../dist/eval/golden.js'
import { summarise } from '../dist/eval/golden-report.js'
import { runGolden } from '../dist/eval/run-golden.js'
import { syncFolder } from '../dist/ingest/sync/sync.js'
import { openInkstone } from '../dist/inkstone.js'
import { modelsDir, packageRoot } from './server.mjs'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const { values: options } = parseArgs({
  options: { home: { type: 'string' }, kb: { type: 'string', default: 'default' } },
})
const golden = await readGolden(join(packageRoot, 'data', 'sample', 'golden.jsonl'))

/** White space, widths and what a fence takes out make no difference. */
const loose = (value) => value.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** The passages of a prompt, by number. */
function passagesOf(prompt) {
  const found = prompt.matchAll(/<passage number="(\d+)"[^\n]*>\n([\s\S]*?)\n<\/passage>/g)
  return [...found].map(([, number, text]) => ({ number: Number(number), text: loose(text) }))
}

/** Whether a passage holds a golden quote; `76` does not stand in `1.76` nor in `760`. */
function holds(text, quote) {
  const wanted = loose(quote)
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const isWithinNumber =
      (/^\d/.test(wanted) && /\d\.?$/.test(text.slice(0, at))) ||
      (/\d$/.test(wanted) && /^\.?\d/.test(text.slice(at + wanted.length)))
    if (!isWithinNumber) return true
  }
  return false
}

/** What a perfect reader says of a question: null when the passages do not hold what it takes. */
function perfectAnswer({ answer, expected, alternatives }, passages) {
  if (answer === null) return null
  const holding = (places) => places.map(({ quote }) => passages.find(({ text }) => holds(text, quote))?.number ?? null)
  const ways = [expected, ...alternatives.map((place) => [place])].map(holding)
  const markers = ways.find((numbers) => numbers.length > 0 && !numbers.includes(null))
  return markers === undefined ? null : `${answer} ${[...new Set(markers)].map((number) => `[${number}]`).join('')}`
}

const counts = { asked: new Set(), declined: new Set() }

async function startReader() {
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(404).end()
    const { messages } = JSON.parse(await readText(request))
    const prompt = messages.at(-1).content
    const question = /<question>\n([\s\S]*?)\n<\/question>/.exec(prompt)?.[1]
    const earlier = [...prompt.matchAll(/<earlier-question>\n([\s\S]*?)\n<\/earlier-question>/g)].map(
      ([, asked]) => asked,
    )
    const asked = golden.find((each) => each.question === question && each.history.join('\n') === earlier.join('\n'))
    const said = asked === undefined ? null : perfectAnswer(asked, passagesOf(prompt))
    if (asked) counts.asked.add(asked.id)
    if (asked && said === null) counts.declined.add(asked.id)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (chunk) => response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    send({ choices: [{ delta: { content: said ?? 'NO_ANSWER' } }] })
    send({ choices: [{ delta: {}, finish_reason: 'stop' }] })
    response.end('data: [DONE]\n\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/v1`, close: () => server.close() }
}

async function askAll(home, baseUrl) {
  // It reads and does not rewrite: follow-ups are completed from the questions before them.
  const rewriting = { INKSTONE_LLM_REWRITE_TIMEOUT_MS: '0' }
  const environment = { INKSTONE_LLM_BASE_URL: baseUrl, INKSTONE_LLM_MODEL: 'perfect-reader', ...rewriting }
  const service = await openInkstone(loadConfig({ environment, flags: { home, modelsDir }, packageRoot }), {
    log: silent,
  })
  try {
    if (options.home === undefined) {
      const roots = [join(packageRoot, 'data', 'sample', 'documents')]
      for await (const _ of syncFolder(service, { roots, knowledgeBase: options.kb }));
    }
    const outcomes = []
    for await (const outcome of runGolden(service, golden, { knowledgeBase: options.kb })) outcomes.push(outcome)
    return outcomes
  } finally {
    await service.close()
  }
}

const home = options.home ?? (await mkdtemp(join(tmpdir(), 'inkstone-perfect-reader-')))
const reader = await startReader()
const outcomes = await askAll(home, reader.url)
reader.close()
if (options.home === undefined) await rm(home, { recursive: true })

const share = (part, all) => `${part} of ${all} (${((100 * part) / (all || 1)).toFixed(1)} %)`
const kinds = ['single', 'follow_up', 'multi', 'unanswerable']
console.table(
  Object.fromEntries(
    kinds.map((kind) => {
      const those = outcomes.filter(({ question }) => question.kind === kind)
      const cited = those.flatMap(({ citations }) => citations)
      const refused = those.filter(({ refused: isRefused }) => isRefused)
      const ids = new Set(refused.map(({ question }) => question.id))
      return [
        kind,
        {
          answered: share(those.length - refused.length, those.length),
          'citations verified': share(cited.filter(({ verified }) => verified).length, cited.length),
          'refused before the model was asked': [...ids].filter((id) => !counts.asked.has(id)).length,
          'declined, quote not among the passages': [...ids].filter((id) => counts.declined.has(id)).length,
        },
      ]
    }),
  ),
)
const { contained, verifiedQuotes, falseRefusals, rightRefusals } = summarise(outcomes).answers
console.table({ contained, verifiedQuotes, falseRefusals, rightRefusals })
for (const { question, citations, text } of outcomes) {
  if (citations.some(({ verified }) => !verified)) console.log(`unverified: ${question.id} ${question.kind}: ${text}`)
}
