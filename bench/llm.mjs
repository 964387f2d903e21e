// A real small language model, in process and over HTTP: time to the first word, tokens a second, and how fast it stops;
// and how long a model server goes on writing after the client of Inkstone has gone.
//
//   node scripts/fetch-test-model.mjs --library && node bench/llm.mjs [--threads 1] [--runs 20]
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { llamaModel } from '../dist/generate/models/llama.js'
import { openAiModel } from '../dist/generate/models/openai.js'
import { disconnects } from './llm/disconnects.mjs'
import { idleSince } from './llm/idle.mjs'
import { conversation, stopAnswer, timeAnswer } from './llm/timing.mjs'
import { packageRoot, stop } from './server.mjs'

const { values } = parseArgs({
  options: { threads: { type: 'string', default: '1' }, runs: { type: 'string', default: '20' } },
})
const script = join(packageRoot, 'scripts', 'fetch-test-model.mjs')
const { modelPath, libraryPath, home } = JSON.parse(
  execFileSync(process.execPath, [script, '--print'], { encoding: 'utf8' }),
)

const short = conversation(1, 'How often is the seal replaced?')
const long = conversation(60, 'How often is the seal replaced?')
const story = conversation(1, 'Tell a long story about this pump.')
const stops = [
  ['while it reads the prompt', long, { afterMs: 1_000 }],
  ['while it writes', story, { afterMs: 300, afterFirstWord: true }],
]

async function inProcess(threads) {
  const model = llamaModel({ modelPath, home, contextTokens: 8192, threads, temperature: 0 })
  await timeAnswer(model, short, 4)
  const speed = {
    'in process, short prompt': await timeAnswer(model, conversation(2, 'What is replaced, and when?'), 64),
  }
  speed['in process, long prompt'] = await timeAnswer(model, conversation(30, 'What is replaced?'), 64)
  const stopping = {}
  for (const [when, messages, options] of stops) {
    const { stoppedAt, releasedMs } = await stopAnswer(model, messages, options)
    const endedMs = (await idleSince()) - stoppedAt
    stopping[`in process, ${when}`] = {
      'caller free after ms': releasedMs.toFixed(0),
      'model ended after ms': endedMs.toFixed(0),
    }
  }
  await model.close()
  return { speed, stopping }
}

async function overHttp(threads) {
  const program = [join(packageRoot, 'bench/llm/openai-server.mjs'), modelPath, home, String(threads)]
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value)
  const patience = { connectMs: 10_000, firstTokenMs: 300_000, idleMs: 60_000 }
  const model = openAiModel({ baseUrl: (await next()).url, patience })
  try {
    await timeAnswer(model, short, 4)
    await next()
    const speed = {
      'over HTTP, short prompt': await timeAnswer(model, conversation(2, 'What is replaced, and when?'), 64),
    }
    await next()
    const stopping = {}
    for (const [when, messages, options] of stops) {
      const { stoppedAt, releasedMs } = await stopAnswer(model, messages, options)
      const endedMs = (await next()).idleSince - stoppedAt
      stopping[`over HTTP, ${when}`] = {
        'caller free after ms': releasedMs.toFixed(0),
        'model ended after ms': endedMs.toFixed(0),
      }
    }
    return { speed, stopping }
  } finally {
    await stop(child, 'SIGTERM')
  }
}

if (modelPath === null || libraryPath === null) {
  console.log('SKIPPED: no real model here; run "node scripts/fetch-test-model.mjs --library"')
} else {
  const threads = Number(values.threads)
  const parts = [await inProcess(threads), await overHttp(threads)]
  console.log(`SmolLM2-135M-Instruct Q4_1, ${threads} thread(s)`)
  console.table(Object.assign({}, ...parts.map(({ speed }) => speed)))
  console.table(Object.assign({}, ...parts.map(({ stopping }) => stopping)))
}
console.log('Client of POST /v1/answers gone: the model server is hung up on after')
console.table(await disconnects(Number(values.runs)))
