// Kills the server with SIGKILL at random moments of an ingest and compares what it holds in the end with an
// undisturbed run: nothing acknowledged may be lost, nothing doubled, nothing half visible, nobody asked to help.
//
//   node bench/chaos.mjs FOLDER [--kills 10] [--seed 1]
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { httpService } from '../dist/client/http-service.js'
import { discover } from '../dist/ingest/discover.js'
import { startServer, stop } from './server.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
})
if (positionals[0] === undefined) throw new Error('usage: node bench/chaos.mjs FOLDER [--kills 10] [--seed 1]')
const folder = resolve(positionals[0])
const kills = Number(values.kills)
const random = generator(Number(values.seed))

/** mulberry32: small, seeded, good enough to choose moments. */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

async function open(home) {
  const { child, url } = await startServer(home)
  return { child, service: httpService({ baseUrl: url }) }
}

async function uploadAll(service) {
  for await (const file of discover(folder)) {
    if (file.problem) continue
    await service.submit('default', { sourceUri: relative(folder, file.path), bytes: createReadStream(file.path) })
  }
}

async function untilIdle(service) {
  while ((await service.status()).pendingJobs > 0) await sleep(200)
}

/** What a home holds, in a form that two homes can be compared by. */
async function contents(service) {
  const documents = new Map()
  let cursor
  do {
    const page = await service.listDocuments('default', { limit: 100, ...(cursor ? { cursor } : {}) })
    for (const document of page.items) documents.set(document.sourceUri, await describe(service, document))
    cursor = page.nextCursor
  } while (cursor)
  return documents
}

async function describe(service, { id, status, error, revision }) {
  const chunks = status === 'ready' ? await service.listChunks(id) : []
  const texts = chunks.map(({ index, page, text }) => `${index} ${page} ${text}`)
  return {
    outcome: error?.code ?? status,
    chunks: chunks.length,
    doubled: texts.length - new Set(texts).size,
    texts,
    revision,
  }
}

async function run(home, disturb) {
  const started = performance.now()
  let server = await open(home)
  try {
    await uploadAll(server.service)
    for (let kill = 0; kill < disturb; kill++) {
      await sleep(200 + random() * 2500)
      await stop(server.child, 'SIGKILL')
      server = await open(home)
    }
    await untilIdle(server.service)
    return { held: await contents(server.service), seconds: (performance.now() - started) / 1000 }
  } finally {
    await stop(server.child, 'SIGTERM')
  }
}

function summary({ held, seconds }) {
  const all = [...held.values()]
  return {
    documents: all.length,
    searchable: all.filter(({ outcome }) => outcome === 'ready').length,
    refused: all.filter(({ outcome }) => outcome !== 'ready').length,
    chunks: all.reduce((total, { chunks }) => total + chunks, 0),
    doubled: all.reduce((total, { doubled }) => total + doubled, 0),
    seconds: Number(seconds.toFixed(1)),
  }
}

const homes = await mkdtemp(join(tmpdir(), 'inkstone-chaos-'))
try {
  const calm = await run(join(homes, 'calm'), 0)
  const killed = await run(join(homes, 'killed'), kills)
  const names = new Set([...calm.held.keys(), ...killed.held.keys()])
  const differing = [...names].filter((name) => {
    const { revision: _a, ...expected } = calm.held.get(name) ?? {}
    const { revision: _b, ...found } = killed.held.get(name) ?? {}
    return JSON.stringify(expected) !== JSON.stringify(found)
  })
  console.table({ undisturbed: summary(calm), [`killed ${kills} times`]: summary(killed) })
  for (const name of differing) console.log(`differs: ${name}`)
  console.log(`${differing.length} of ${names.size} documents differ from the undisturbed run`)
  process.exitCode = differing.length === 0 ? 0 : 1
} finally {
  await rm(homes, { recursive: true })
}
