import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { errorStatus } from '../../dist/core/errors.js'
import { sandboxedParser } from '../../dist/ingest/parse/parse.js'

const slowSeconds = 10
const MiB = 1024 * 1024

/** Has the sandboxed parser read every file by itself, and names those that crash it, fill it or keep it busy. */
export async function measureParser(folder, names, { timeoutMs }) {
  const parser = sandboxedParser({
    timeoutMs,
    cpuMs: timeoutMs,
    memoryBytes: 1536 * MiB,
    processes: 1,
    soffice: null,
  })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const results = []
  for (const name of names) {
    const result = { name, ...(await readOne(parser, join(folder, name))) }
    results.push(result)
    if (isRemarkable(result))
      console.log(`${result.seconds.toFixed(1)} s  ${name}  ${result.outcome}  ${result.message ?? ''}`)
  }
  await parser.close()
  const outcomes = {}
  for (const { outcome } of results) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  console.table(outcomes)
  console.log(`event loop p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms, max ${(delay.max / 1e6).toFixed(0)} ms`)
  return !results.some(
    ({ outcome }) => outcome !== 'read' && (outcome === 'internal' || !Object.hasOwn(errorStatus, outcome)),
  )
}

async function readOne(parser, path) {
  const scratchDir = await mkdtemp(join(tmpdir(), 'inkstone-bad-scratch-'))
  await mkdir(scratchDir, { recursive: true })
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  try {
    await parser.parse(path, { fileName: basename(path), scratchDir })
    return { outcome: 'read', seconds: seconds() }
  } catch (error) {
    return { outcome: error.code ?? 'not typed', message: error.message, seconds: seconds() }
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

function isRemarkable({ outcome, seconds, message = '' }) {
  const isHarsh = ['parse_timeout', 'parse_memory', 'internal', 'parse_failed', 'not typed'].includes(outcome)
  return isHarsh || seconds > slowSeconds || /unexpectedly/.test(message)
}
