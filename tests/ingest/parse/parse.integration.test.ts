import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { compiledUrl } from '../../../src/core/compiled.js'
import type { ParseOptions } from '../../../src/core/ports.js'
import { type SandboxOptions, sandboxedParser } from '../../../src/ingest/parse/parse.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const megabyte = 1024 * 1024

const roomy: SandboxOptions = {
  timeoutMs: 60_000,
  cpuMs: 60_000,
  memoryBytes: 1024 * megabyte,
  processes: 1,
  soffice: null,
}

function parser(options: Partial<SandboxOptions> = {}) {
  const { parse, close } = sandboxedParser({ ...roomy, ...options })
  onTestFinished(close)
  const scratchDir = '/no/scratch/needed'
  return {
    close,
    parse: (path: string, file: Partial<ParseOptions> & { fileName: string }) => parse(path, { scratchDir, ...file }),
  }
}

async function file(content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'blob')
  await writeFile(path, content)
  return path
}

/** A page that takes many seconds and some hundred megabytes to read. */
const heavyPage = () => file(`<!doctype html>${'<p>text <b>bold</b> <i>more</i></p>'.repeat(600_000)}`)

/** Parsing processes that this process, or another, has started. */
function parsingProcesses(parent = process.pid): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString().split('\n')
  return lines.flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/)
    return Number(ppid) === parent && line.includes('parse-child.js') ? [Number(pid)] : []
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

async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
  const end = Date.now() + limitMs
  while (!condition()) {
    if (Date.now() > end) throw new Error('the condition did not come true in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('sandboxedParser', () => {
  test('reads files one after the other in the same process', async () => {
    const { parse } = parser()
    const path = await file('# 手册\n\n正文。')
    const first = await parse(path, { fileName: 'a.md' })
    expect(first).toMatchObject({ title: '手册', mediaType: 'text/markdown', pageCount: null })
    const before = parsingProcesses()
    expect(await parse(path, { fileName: 'a.md' })).toEqual(first)
    expect(parsingProcesses()).toEqual(before)
    expect(before).toHaveLength(1)
  })

  test('hands on the parser’s own errors and keeps the process', async () => {
    const { parse } = parser()
    await expect(parse(await file(''), { fileName: 'a.md' })).rejects.toMatchObject({
      code: 'file_empty',
      remedy: expect.any(String),
    })
    const before = parsingProcesses()
    await parse(await file('text'), { fileName: 'a.md' })
    expect(parsingProcesses()).toEqual(before)
  })

  test('does not let the signals of a terminal or a service manager end a process', async () => {
    const { parse } = parser()
    const path = await file('text')
    await parse(path, { fileName: 'a.txt' })
    const before = parsingProcesses()
    const [pid = 0] = before
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)])
      .toString()
      .trim()
    expect(Number(group)).toBe(pid)
    process.kill(pid, 'SIGINT')
    process.kill(pid, 'SIGTERM')
    expect((await parse(path, { fileName: 'a.txt' })).blocks).toHaveLength(1)
    expect(parsingProcesses()).toEqual(before)
  })

  test('kills what takes too long, and goes on', async () => {
    const { parse } = parser({ timeoutMs: 3000 })
    const heavy = await heavyPage()
    const startedAt = Date.now()
    await expect(parse(heavy, { fileName: 'a.html' })).rejects.toMatchObject({ code: 'parse_timeout' })
    expect(Date.now() - startedAt).toBeLessThan(10_000)
    expect((await parse(await file('text'), { fileName: 'a.txt' })).blocks).toHaveLength(1)
    await until(() => parsingProcesses().length === 1)
  })

  test('kills what takes too much memory, and goes on', async () => {
    const { parse } = parser({ memoryBytes: 160 * megabyte })
    await expect(parse(await heavyPage(), { fileName: 'a.html' })).rejects.toMatchObject({ code: 'parse_memory' })
    expect((await parse(await file('text'), { fileName: 'a.txt' })).blocks).toHaveLength(1)
  })

  test('kills what takes too much processor time, and goes on', async () => {
    const { parse } = parser({ cpuMs: 1500 })
    await expect(parse(await heavyPage(), { fileName: 'a.html' })).rejects.toMatchObject({
      code: 'parse_timeout',
      remedy: expect.stringContaining('INKSTONE_PARSE_CPU_MS'),
    })
    expect((await parse(await file('text'), { fileName: 'a.txt' })).blocks).toHaveLength(1)
  })

  test('counts processor time from the beginning of each file', async () => {
    const { parse } = parser({ cpuMs: 2500 })
    const page = await file(`<!doctype html>${'<p>text <b>bold</b></p>'.repeat(20_000)}`)
    for (let round = 0; round < 8; round++) await parse(page, { fileName: 'a.html' })
    expect(parsingProcesses()).toHaveLength(1)
  })

  test('hands over a text of very many paragraphs without holding up this process', async () => {
    const { parse } = parser()
    const path = await file(Array.from({ length: 60_000 }, (_, index) => `段落 ${index}`).join('\n\n'))
    const shares: number[] = []
    // A busy machine holds up one run or another; a text that is taken in at once holds up each.
    for (let run = 0; run < 3; run += 1) {
      const delay = monitorEventLoopDelay({ resolution: 5 })
      delay.enable()
      const startedAt = performance.now()
      const { blocks } = await parse(path, { fileName: 'a.txt' })
      delay.disable()
      expect(blocks).toHaveLength(60_000)
      expect(blocks.at(-1)?.text).toBe('段落 59999')
      shares.push(delay.max / 1e6 / (performance.now() - startedAt))
    }
    expect(Math.min(...shares)).toBeLessThan(1 / 8)
  })

  test('survives a process that dies', async () => {
    const { parse } = parser()
    const reading = parse(await heavyPage(), { fileName: 'a.html' })
    const failure = expect(reading).rejects.toMatchObject({ code: 'parse_failed' })
    await until(() => parsingProcesses().length === 1)
    for (const pid of parsingProcesses()) process.kill(pid, 'SIGKILL')
    await failure
    expect((await parse(await file('text'), { fileName: 'a.txt' })).blocks).toHaveLength(1)
  })

  test('cancels what is being read and what waits', async () => {
    const { parse } = parser()
    const stop = new AbortController()
    const reading = parse(await heavyPage(), { fileName: 'a.html', signal: stop.signal })
    const waiting = parse(await file('text'), { fileName: 'b.txt', signal: stop.signal })
    const both = Promise.all([
      expect(reading).rejects.toMatchObject({ code: 'cancelled' }),
      expect(waiting).rejects.toMatchObject({ code: 'cancelled' }),
    ])
    await until(() => parsingProcesses().length === 1)
    stop.abort()
    await both
    expect((await parse(await file('text'), { fileName: 'c.txt' })).blocks).toHaveLength(1)
  })

  test('replaces a process after so many files', async () => {
    const { parse } = parser({ filesPerProcess: 2 })
    const path = await file('text')
    await parse(path, { fileName: 'a.txt' })
    const [first] = parsingProcesses()
    await parse(path, { fileName: 'a.txt' })
    await parse(path, { fileName: 'a.txt' })
    await until(() => parsingProcesses().length === 1)
    expect(parsingProcesses()).not.toContain(first)
  })

  test('reads as many files at a time as it has processes', async () => {
    const { parse } = parser({ processes: 2 })
    const path = await file('text')
    const all = await Promise.all(Array.from({ length: 5 }, () => parse(path, { fileName: 'a.txt' })))
    expect(all).toHaveLength(5)
    expect(parsingProcesses()).toHaveLength(2)
  })

  test('leaves no process behind when it is closed, and reads nothing more', async () => {
    const { parse, close } = parser()
    await parse(await file('text'), { fileName: 'a.txt' })
    const reading = expect(parse(await heavyPage(), { fileName: 'a.html' })).rejects.toMatchObject({
      code: 'cancelled',
    })
    await close()
    await reading
    await expect(parse(await file('text'), { fileName: 'a.txt' })).rejects.toMatchObject({ code: 'cancelled' })
    await until(() => parsingProcesses().length === 0)
  })

  test('leaves no process behind when its own process is killed while a file is being read', async () => {
    const folder = await temporaryFolder()
    const script = join(folder, 'parent.mjs')
    const module = compiledUrl('parse.js', new URL('../../../src/ingest/parse/parse.ts', import.meta.url).href)
    await writeFile(
      script,
      `import { sandboxedParser } from ${JSON.stringify(module.href)}
      const parser = sandboxedParser({ timeoutMs: 1e5, cpuMs: 1e5, memoryBytes: 1e10, processes: 1, soffice: null })
      void parser.parse(process.argv[2], { fileName: 'a.html', scratchDir: '/none' }).catch(() => undefined)
      console.log('started')`,
    )
    const parent = spawn(process.execPath, [script, await heavyPage()], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void parent.kill('SIGKILL'))
    await once(createInterface(parent.stdout), 'line')
    await until(() => parsingProcesses(parent.pid).length === 1)
    const [child = 0] = parsingProcesses(parent.pid)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await until(() => !isAlive(child), 5000)
    expect(isAlive(child)).toBe(false)
  })

  describe('a program that a parser has started', () => {
    /** Every parsing process starts one when it begins; it writes its pid into a file. */
    async function withProgram(script: string, options: Partial<SandboxOptions> = {}) {
      const folder = await temporaryFolder()
      const preload = join(folder, 'preload.mjs')
      const pidFile = join(folder, 'pid')
      await writeFile(
        preload,
        `import { spawn } from 'node:child_process'
        import { writeFileSync } from 'node:fs'
        import { isMainThread } from 'node:worker_threads'
        if (isMainThread) {
          const env = { ...process.env, NODE_OPTIONS: '' }
          const program = spawn(process.execPath, ['-e', ${JSON.stringify(script)}], { env, stdio: 'ignore' })
          writeFileSync(${JSON.stringify(pidFile)}, String(program.pid))
        }`,
      )
      const pid = () => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0)
      return { ...parser({ env: { NODE_OPTIONS: `--import ${preload}` }, ...options }), pid }
    }
    const idle = 'setInterval(() => undefined, 1e6)'
    const started = async (pid: () => number) => {
      await until(() => pid() > 0)
      expect(isAlive(pid())).toBe(true)
      return pid()
    }

    test('goes with a file that takes too long', async () => {
      const { parse, pid } = await withProgram(idle, { timeoutMs: 3000 })
      await expect(parse(await heavyPage(), { fileName: 'a.html' })).rejects.toMatchObject({ code: 'parse_timeout' })
      await until(() => pid() > 0 && !isAlive(pid()))
    })

    test('goes with a process that dies', async () => {
      const { parse, pid } = await withProgram(idle)
      const failure = expect(parse(await heavyPage(), { fileName: 'a.html' })).rejects.toMatchObject({
        code: 'parse_failed',
      })
      const program = await started(pid)
      for (const parsing of parsingProcesses()) process.kill(parsing, 'SIGKILL')
      await failure
      await until(() => !isAlive(program))
    })

    test('goes when the file is cancelled', async () => {
      const { parse, pid } = await withProgram(idle)
      const stop = new AbortController()
      const failure = expect(
        parse(await heavyPage(), { fileName: 'a.html', signal: stop.signal }),
      ).rejects.toMatchObject({ code: 'cancelled' })
      const program = await started(pid)
      stop.abort()
      await failure
      await until(() => !isAlive(program))
    })

    test.runIf(process.platform === 'linux')('counts as memory of the file', async () => {
      const greedy = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(50e6, 1)), 20)'
      const { parse, pid } = await withProgram(greedy, { memoryBytes: 600 * megabyte })
      await expect(parse(await heavyPage(), { fileName: 'a.html' })).rejects.toMatchObject({ code: 'parse_memory' })
      await until(() => pid() > 0 && !isAlive(pid()))
    })

    test.runIf(process.platform === 'linux')('does not outlive a file that was read', async () => {
      const { parse, pid } = await withProgram(idle)
      expect((await parse(await file('text'), { fileName: 'a.txt' })).blocks).toHaveLength(1)
      await until(() => pid() > 0 && !isAlive(pid()))
    })
  })
})
