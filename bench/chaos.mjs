// Kills the program with SIGKILL at random moments of an ingest, in the middle of its start as well, and looks after
// each restart whether anything acknowledged was lost, half visible or doubled. In the end it must hold what an
// undisturbed run holds, and its table nothing else. Most kills hit a server, some an `inkstone ingest` without one; half
// of them are aimed at a stage, so that the short ones get their share.
//
//   npm run chaos -- [FOLDER] [--kills 100] [--files 60] [--seed 1]
//
// FOLDER gives its files; what is missing to --files is generated. Default: the sample documents.
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { contentHash, prepareDocuments } from './chaos/documents.mjs'
import { allDocuments, newLedger } from './chaos/ledger.mjs'
import { launchIngest, launchServer } from './chaos/program.mjs'
import { pick, randomNumbers } from './chaos/random.mjs'
import { packageRoot } from './server.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '100' },
    files: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
})
const kills = Number(values.kills)
const seed = Number(values.seed)
const random = randomNumbers(seed)

const aims = ['parsing', 'recognising', 'chunking', 'embedding', 'indexing']
const longestWaitMs = 2_500
/** A job that is interrupted fifty times is given up, as it should be: kills are to hit them all alike. */
const mostInterruptions = 40

let mostAttemptsSeen = 0
const started = performance.now()
const seconds = () => ((performance.now() - started) / 1000).toFixed(0)
const root = await mkdtemp(join(tmpdir(), 'inkstone-chaos-'))
const folder = join(root, 'files')
await mkdir(folder)
const documents = await prepareDocuments({
  source: resolve(positionals[0] ?? join(packageRoot, 'data/sample/documents')),
  files: Number(values.files),
  folder,
  seed,
})
const paths = [...documents.fixed, ...documents.generated.map(({ path }) => path)]
const ledger = newLedger()
const moments = new Map()
const startSeconds = []
let version = 0
let checks = 0
/** What is still to be handed in, in this version. */
let pending = []

async function nextVersion() {
  version += 1
  await documents.write(version)
  pending = version === 1 ? [...paths] : documents.generated.map(({ path }) => path)
}

/** Hands in until there is nothing left or the program is gone: what was not acknowledged is handed in again. */
async function handIn(server, service) {
  while (pending.length > 0) {
    const [path] = pending
    const hash = await contentHash(path)
    ledger.handIn(path, hash)
    try {
      await service.submit('default', { sourceUri: path, bytes: createReadStream(path) })
    } catch (error) {
      await sleep(50)
      if (!server.isAlive()) return
      throw error
    }
    ledger.acknowledge(path, hash)
    pending.shift()
  }
}

const noteMoment = (name) => moments.set(name, (moments.get(name) ?? 0) + 1)

/** The stages of the jobs that run at this moment. */
async function stagesOf(service) {
  const { items } = await service.listJobs({ status: 'running', limit: 10 })
  return items.map(({ stage }) => stage)
}

/** Waits for the moment to kill a server. Returns what it was doing. */
async function untilMoment(service) {
  const waitMs = random() * longestWaitMs
  const aim = random() < 0.5 ? pick(random, aims) : null
  const until = performance.now() + (aim === null ? waitMs : longestWaitMs)
  let stages = []
  do {
    await sleep(aim === null ? waitMs : 5)
    stages = await stagesOf(service)
    if (aim !== null && stages.includes(aim)) return aim
  } while (performance.now() < until)
  return stages[0] ?? (pending.length > 0 ? 'handing in' : 'idle')
}

async function untilIdle(service) {
  while ((await service.status()).pendingJobs > 0) await sleep(100)
}

/** Rows of the table beyond the chunks that the documents show, once there is nothing left to do. */
async function rowsLeftOver(service) {
  const until = performance.now() + 30_000
  let rows
  do {
    await sleep(500)
    const shown = (await allDocuments(service)).reduce((sum, { chunkCount }) => sum + chunkCount, 0)
    rows = (await service.getIndexState('default')).chunks - shown
  } while (rows !== 0 && performance.now() < until)
  return rows
}

/** Starts the server, and checks what it holds as soon as it is there. */
async function open() {
  const server = launchServer(join(root, 'killed'))
  const { service, seconds: toReady } = await server.ready
  startSeconds.push(toReady)
  await ledger.check(service)
  checks += 1
  return { server, service }
}

async function killWhileStarting() {
  const server = launchServer(join(root, 'killed'))
  await sleep(random() * 1.2 * median(startSeconds) * 1000)
  await server.end('SIGKILL')
  noteMoment('starting')
}

async function killIngest() {
  // It takes in whatever of the folder is not there yet, and is killed before it could say what.
  for (const path of paths) ledger.handIn(path, await contentHash(path))
  const program = launchIngest(join(root, 'killed'), folder)
  await sleep(random() * (longestWaitMs + median(startSeconds) * 1000))
  const hasEnded = await program.end('SIGKILL')
  noteMoment(hasEnded ? 'ingest without a server, at its end' : 'ingest without a server')
}

async function killServer() {
  const { server, service } = await open()
  const waiting = await service.listJobs({ status: 'queued', limit: 100 })
  const running = await service.listJobs({ status: 'running', limit: 100 })
  const attempts = [...waiting.items, ...running.items].map((job) => job.attempts)
  mostAttemptsSeen = Math.max(mostAttemptsSeen, ...attempts)
  if (attempts.some((count) => count >= mostInterruptions)) await untilIdle(service)
  if (pending.length === 0 && (await service.status()).pendingJobs === 0) await nextVersion()
  const handingIn = handIn(server, service)
  const moment = await untilMoment(service)
  await server.end('SIGKILL')
  await handingIn
  noteMoment(moment)
}

/** What a home holds, in a form that two homes can be compared by. */
async function contents(service) {
  const held = new Map()
  for (const { id, sourceUri, status, error } of await allDocuments(service)) {
    const chunks = status === 'ready' ? await service.listChunks(id) : []
    held.set(
      sourceUri,
      JSON.stringify([error?.code ?? status, chunks.map(({ index, page, text }) => [index, page, text])]),
    )
  }
  return held
}

async function undisturbed() {
  const server = launchServer(join(root, 'calm'))
  try {
    const { service } = await server.ready
    for (const path of paths) await service.submit('default', { sourceUri: path, bytes: createReadStream(path) })
    await untilIdle(service)
    return await contents(service)
  } finally {
    await server.end('SIGTERM')
  }
}

async function disturbed() {
  await nextVersion()
  for (let kill = 0; kill < kills; kill++) {
    const kind = random()
    if (startSeconds.length > 0 && kind < 0.12) await killWhileStarting()
    else if (startSeconds.length > 0 && kind < 0.24) await killIngest()
    else await killServer()
    if ((kill + 1) % 10 === 0) console.log(`${kill + 1} kills after ${seconds()} s, version ${version} of the files`)
  }
  const { server, service } = await open()
  try {
    await handIn(server, service)
    await untilIdle(service)
    await ledger.check(service)
    return { held: await contents(service), leftOver: await rowsLeftOver(service) }
  } finally {
    await server.end('SIGTERM')
  }
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 1
}

try {
  console.log(`seed ${seed}, ${paths.length} files`)
  const { held, leftOver } = await disturbed()
  const expected = await undisturbed()
  const differing = [...new Set([...held.keys(), ...expected.keys()])].filter(
    (name) => held.get(name) !== expected.get(name),
  )
  const { lost, halfVisible, doubled } = ledger.faults
  for (const fault of [...lost, ...halfVisible, ...doubled]) console.log(fault)
  for (const name of differing) {
    const [killed, calm] = [held, expected].map((contents) => contents.get(name)?.slice(0, 200))
    console.log(`differs from the undisturbed run: ${name}\n  killed ${killed}\n  calm   ${calm}`)
  }
  console.table(
    Object.fromEntries([...moments].sort(([, a], [, b]) => b - a).map(([name, count]) => [name, { kills: count }])),
  )
  console.log(
    `${kills} kills, ${checks} restarts checked, ${held.size} documents in ${version} versions: ${lost.length} lost, ` +
      `${halfVisible.length} half visible, ${doubled.length} doubled, ${differing.length} differ from an undisturbed run, ` +
      `${leftOver} rows left over, 0 manual steps; at most ${mostAttemptsSeen} attempts of a job; ${seconds()} s, start to ready ${median(startSeconds).toFixed(1)} s (median)`,
  )
  const faults = lost.length + halfVisible.length + doubled.length + differing.length + Math.abs(leftOver)
  process.exitCode = faults === 0 ? 0 : 1
} finally {
  await rm(root, { recursive: true })
}
