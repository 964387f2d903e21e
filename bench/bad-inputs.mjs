// Generates files that are broken, hostile or odd, always the same for a seed, and has a real server take in their
// folder: no crash, no hang, an outcome with a code for every file, memory and event loop as before.
//
//   node bench/bad-inputs.mjs [--seed 1] [--only '^zip/'] [--parser-only [--timeout-ms 120000]] [--keep FOLDER]
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { httpService } from '../dist/client/http-service.js'
import { errorStatus } from '../dist/core/errors.js'
import { baseFiles } from './bad-inputs/base-files.mjs'
import { writeCorpus, writeOddEntries } from './bad-inputs/corpus.mjs'
import { measureParser } from './bad-inputs/parser-only.mjs'
import { modelsDir, packageRoot, startServer, stop } from './server.mjs'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    'parser-only': { type: 'boolean', default: false },
    'timeout-ms': { type: 'string', default: '120000' },
    'hang-seconds': { type: 'string', default: '300' },
    keep: { type: 'string' },
  },
})
const MiB = 1024 * 1024
/** A file that takes longer than its limits together, or a run that says nothing for so long, hangs. */
const hangSeconds = Number(values['hang-seconds'])
/** Garbage is given back a moment after the last job, and an idle table is kept up half a minute after. */
const settleMs = 45_000
const isTyped = (code) => Object.hasOwn(errorStatus, code) && code !== 'internal'

const rssMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

async function runningJobs(url) {
  const { items } = await httpService({ baseUrl: url }).listJobs({ status: 'running', limit: 20 })
  return items.map(({ sourceUri, stage, progress, updatedAt }) => ({ sourceUri, stage, progress, updatedAt }))
}

/** Ingests a folder as a user does, through the server that runs. Resolves with the events of its files. */
async function ingest({ home, url, folder, knowledgeBase, onFile = () => undefined }) {
  const program = [join(packageRoot, 'bin/inkstone.js'), 'ingest', folder, '--kb', knowledgeBase, '--json']
  const child = spawn(process.execPath, [...program, '--home', home, '--models-dir', modelsDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const run = { files: [], ignored: 0, hasHung: false, stuck: [] }
  let lastSign = performance.now()
  const watch = setInterval(async () => {
    if (run.hasHung) return
    run.hasHung = performance.now() - lastSign > hangSeconds * 1000
    if (!run.hasHung) return
    run.stuck = await runningJobs(url)
    child.kill('SIGKILL')
  }, 1000)
  const ended = new Promise((done) => child.once('exit', done))
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line)
    if (event.type === 'planned') run.ignored = event.counts.ignored
    lastSign = performance.now()
    if (event.type !== 'file') continue
    run.files.push(event)
    onFile(event)
  }
  await ended
  clearInterval(watch)
  return run
}

/** The model, the store and sound files of every format have their memory before it is measured. */
async function warmUp({ home, url }) {
  const sound = join(home, 'sound')
  await mkdir(sound)
  for (const [name, bytes] of Object.entries(await baseFiles())) {
    await writeFile(join(sound, name.includes('.') ? name : `sound.${name}`), bytes)
  }
  for (const folder of [join(packageRoot, 'data/sample/documents'), sound]) {
    await ingest({ home, url, folder, knowledgeBase: 'warm' })
  }
}

async function measureServer(folder, written) {
  const home = await mkdtemp(join(tmpdir(), 'inkstone-bad-home-'))
  const delayFile = join(home, 'loop-delay.json')
  Object.assign(process.env, {
    LOOP_DELAY_FILE: delayFile,
    NODE_OPTIONS: `--import ${pathToFileURL(join(packageRoot, 'bench/loop-delay.mjs')).href}`,
  })
  const { child, url } = await startServer(home)
  delete process.env.NODE_OPTIONS
  delete process.env.LOOP_DELAY_FILE
  try {
    await warmUp({ home, url })
    await sleep(settleMs)
    child.kill('SIGUSR2')
    const memory = { before: rssMiB(child.pid), peak: 0, after: Number.NaN, peakAfterFile: '' }
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null
    let lastFile = ''
    const sampling = setInterval(() => {
      const now = hasEnded() ? 0 : rssMiB(child.pid)
      if (now > memory.peak) Object.assign(memory, { peak: now, peakAfterFile: lastFile })
    }, 100)
    const startedAt = performance.now()
    const onFile = ({ path }) => {
      lastFile = path.replace(folder, '')
    }
    const run = await ingest({ home, url, folder, knowledgeBase: 'bad', onFile })
    const seconds = (performance.now() - startedAt) / 1000
    await sleep(settleMs)
    clearInterval(sampling)
    const hasCrashed = hasEnded()
    if (!hasCrashed) memory.after = rssMiB(child.pid)
    const delay = JSON.parse(readFileSync(delayFile, 'utf8'))
    return report(run, { folder, written, seconds, hasCrashed, memory, delay })
  } finally {
    await stop(child, 'SIGTERM')
    await rm(home, { recursive: true, force: true })
  }
}

function report(run, { folder, written, seconds, hasCrashed, memory, delay }) {
  const outcomes = new Map()
  for (const { outcome, code } of run.files) {
    const name = outcome === 'failed' ? (code ?? 'no code') : outcome
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
  }
  const untyped = run.files.filter(({ outcome, code }) => outcome === 'failed' && !isTyped(code))
  const told = new Set(run.files.map(({ path }) => path))
  const isHidden = (name) => name.split('/').some((part) => part.startsWith('.'))
  const meant = written.filter((name) => !isHidden(name))
  const silent = meant.map((name) => join(folder, name)).filter((path) => !told.has(path))
  const slowest = run.files.toSorted((one, other) => other.seconds - one.seconds).slice(0, 8)
  console.table(Object.fromEntries([...outcomes].sort()))
  console.table(
    Object.fromEntries(slowest.map(({ path, seconds, code }) => [path.replace(folder, ''), { seconds, code }])),
  )
  for (const { path, code, message } of untyped) console.log(`without a typed outcome: ${path} ${code} ${message}`)
  const odd = run.files.filter(({ code }) => code === 'invalid_request' || code === 'parse_failed')
  for (const { path, code, message } of odd)
    console.log(`${code}: ${JSON.stringify(path.replace(folder, ''))} ${message}`)
  for (const path of silent.slice(0, 20)) console.log(`without an outcome: ${path}`)
  for (const job of run.stuck) console.log(`hangs: ${JSON.stringify(job)}`)
  console.table({
    'files written': written.length,
    'files told, members among them': run.files.length,
    'passed over (hidden and ignored)': run.ignored,
    'without a typed outcome': untyped.length,
    'without an outcome': silent.length,
    'server crashed': hasCrashed,
    hangs: run.hasHung ? 1 : 0,
    'seconds in all': Number(seconds.toFixed(1)),
    'server MiB before': Math.round(memory.before),
    'server MiB at most': Math.round(memory.peak),
    'server MiB after': Math.round(memory.after),
    'grew by MiB at most': Math.round(memory.peak - memory.before),
    'grew by MiB in the end': Math.round(memory.after - memory.before),
    'memory was highest after': memory.peakAfterFile.slice(0, 60),
    'event loop p50 ms': delay.p50,
    'event loop p99 ms': delay.p99,
    'event loop max ms': delay.max,
  })
  return !hasCrashed && !run.hasHung && untyped.length === 0 && silent.length === 0
}

const folder = values.keep === undefined ? await mkdtemp(join(tmpdir(), 'inkstone-bad-')) : resolve(values.keep)
try {
  await mkdir(folder, { recursive: true })
  const written = await writeCorpus(folder, {
    seed: Number(values.seed),
    only: (name) => new RegExp(values.only).test(name),
  })
  if (values.only === '') await writeOddEntries(folder)
  const sizes = await Promise.all(written.map(async (name) => (await stat(join(folder, name))).size))
  console.log(`${written.length} files, ${Math.round(sizes.reduce((total, size) => total + size, 0) / MiB)} MiB`)
  await writeFile(join(folder, '.keep'), '')
  const isFine = values['parser-only']
    ? await measureParser(folder, written, { timeoutMs: Number(values['timeout-ms']) })
    : await measureServer(folder, written)
  process.exitCode = isFine ? 0 : 1
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true, force: true })
}
