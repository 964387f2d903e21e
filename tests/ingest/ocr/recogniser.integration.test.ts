import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { compiledUrl } from '../../../src/core/compiled.js'
import { type RecogniserOptions, sandboxedRecogniser } from '../../../src/ingest/ocr/recogniser.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { writing } from './scan.js'

const megabyte = 1024 * 1024

function recogniser(options: Partial<RecogniserOptions> = {}) {
  const made = sandboxedRecogniser({ timeoutMs: 60_000, memoryBytes: 2048 * megabyte, ...options })
  onTestFinished(() => made.close())
  return made
}

async function picture(bytes: Uint8Array): Promise<{ path: string; page: null }> {
  const path = join(await temporaryFolder(), 'picture')
  await writeFile(path, bytes)
  return { path, page: null }
}

const short = () => picture(writing(['Pump house']))
/** Takes many seconds to read. */
const long = () => picture(writing(['The quick brown fox jumps over the lazy dog and runs away again'], { times: 400 }))

const textOf = ({ blocks }: { blocks: { text: string }[] }) => blocks.map(({ text }) => text).join('\n')

/** Recognising processes that this process, or another, has started. */
function recognisers(parent = process.pid): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString().split('\n')
  return lines.flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/)
    return Number(ppid) === parent && line.includes('ocr-child.js') ? [Number(pid)] : []
  })
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs
  while (!condition()) {
    if (Date.now() > end) throw new Error('the condition did not come true in time')
    await wait(50)
  }
}

describe('sandboxedRecogniser', () => {
  test('starts a process for the first picture and keeps it for the next ones, one after the other', async () => {
    const { recognise } = recogniser()
    expect(recognisers()).toEqual([])
    const one = await short()
    const all = await Promise.all([recognise(one), recognise(one), recognise(one)])
    expect(all.map(textOf)).toEqual(['Pump house', 'Pump house', 'Pump house'])
    expect(recognisers()).toHaveLength(1)
  })

  test('ends the process when it has been idle, and starts one again', async () => {
    const { recognise } = recogniser({ idleMs: 100 })
    const one = await short()
    await recognise(one)
    await until(() => recognisers().length === 0)
    expect(textOf(await recognise(one))).toBe('Pump house')
  })

  test('hands on what the picture lacks, and keeps the process', async () => {
    const { recognise } = recogniser()
    await expect(recognise(await picture(Buffer.from('no picture')))).rejects.toMatchObject({ code: 'file_corrupt' })
    const before = recognisers()
    await expect(recognise({ path: '/does/not/exist', page: null })).rejects.toMatchObject({
      code: 'ocr_failed',
      remedy: expect.any(String),
    })
    expect(textOf(await recognise(await short()))).toBe('Pump house')
    expect(recognisers()).toEqual(before)
  })

  test('does not let the signals of a terminal or a service manager end the process', async () => {
    const { recognise } = recogniser()
    const one = await short()
    await recognise(one)
    const before = recognisers()
    const [pid = 0] = before
    expect(Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)]).toString())).toBe(pid)
    process.kill(pid, 'SIGINT')
    process.kill(pid, 'SIGTERM')
    expect(textOf(await recognise(one))).toBe('Pump house')
    expect(recognisers()).toEqual(before)
  })

  test('kills what takes too long, and goes on', async () => {
    const [slow, next] = [await long(), await short()]
    const { recognise } = recogniser({ timeoutMs: 12_000 })
    const failing = expect(recognise(slow)).rejects.toMatchObject({
      code: 'parse_timeout',
      remedy: expect.stringContaining('INKSTONE_OCR_TIMEOUT_MS'),
    })
    await until(() => recognisers().length === 1)
    const [first] = recognisers()
    await failing
    expect(textOf(await recognise(next))).toBe('Pump house')
    expect(recognisers()).not.toContain(first)
  })

  test('kills what takes too much memory', async () => {
    const { recognise } = recogniser({ memoryBytes: 150 * megabyte })
    await expect(recognise(await long())).rejects.toMatchObject({
      code: 'parse_memory',
      remedy: expect.stringContaining('INKSTONE_OCR_MEMORY_BYTES'),
    })
    await until(() => recognisers().length === 0)
  })

  test('survives a process that dies', async () => {
    const { recognise } = recogniser()
    const failure = expect(recognise(await long())).rejects.toMatchObject({ code: 'ocr_failed' })
    await until(() => recognisers().length === 1)
    for (const pid of recognisers()) process.kill(pid, 'SIGKILL')
    await failure
    expect(textOf(await recognise(await short()))).toBe('Pump house')
  })

  test('cancels what is being read and what waits, and goes on with the others', async () => {
    const { recognise } = recogniser()
    const stop = new AbortController()
    const [slow, one] = [await long(), await short()]
    const reading = expect(recognise(slow, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
    const waiting = expect(recognise(one, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
    const other = recognise(one)
    await until(() => recognisers().length === 1)
    stop.abort()
    await Promise.all([reading, waiting])
    await expect(recognise(one, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
    expect(textOf(await other)).toBe('Pump house')
  })

  test('leaves no process behind when it is closed, and reads nothing more', async () => {
    const { recognise, close } = recogniser()
    const [slow, one] = [await long(), await short()]
    const reading = expect(recognise(slow)).rejects.toMatchObject({ code: 'cancelled' })
    const waiting = expect(recognise(one)).rejects.toMatchObject({ code: 'cancelled' })
    await until(() => recognisers().length === 1)
    await close()
    await Promise.all([reading, waiting])
    await expect(recognise(one)).rejects.toMatchObject({ code: 'cancelled' })
    await until(() => recognisers().length === 0)
  })

  /** Another process that recognises a picture and prints the lines "started" and "read". */
  async function otherProcess(path: string) {
    const script = join(await temporaryFolder(), 'parent.mjs')
    const module = compiledUrl('recogniser.js', new URL('../../../src/ingest/ocr/recogniser.ts', import.meta.url).href)
    await writeFile(
      script,
      `import { sandboxedRecogniser } from ${JSON.stringify(module.href)}
      const recogniser = sandboxedRecogniser({ timeoutMs: 100000, memoryBytes: 1e10 })
      const reading = recogniser.recognise({ path: process.argv[2], page: null }).catch(() => undefined)
      console.log('started')
      await reading
      console.log('read')`,
    )
    const parent = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const lines = createInterface({ input: parent.stdout })
    await once(lines, 'line')
    return { parent, lines }
  }

  test('leaves no process behind when its own process is killed while a picture is being read', async () => {
    const { parent } = await otherProcess((await long()).path)
    await until(() => recognisers(parent.pid).length === 1)
    const [child = 0] = recognisers(parent.pid)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await until(() => !isAlive(child), 5000)
    expect(isAlive(child)).toBe(false)
  })

  test('does not keep its own process alive once everything is read', async () => {
    const { parent, lines } = await otherProcess((await short()).path)
    const read = once(lines, 'line')
    await until(() => recognisers(parent.pid).length === 1)
    const [child = 0] = recognisers(parent.pid)
    const ended = once(parent, 'exit')
    await read
    expect((await ended)[0]).toBe(0)
    await until(() => !isAlive(child), 5000)
  })
})
