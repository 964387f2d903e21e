import { type ChildProcess, fork } from 'node:child_process'
import pidusage from 'pidusage'
import { compiledUrl } from '../core/compiled.js'
import { InkstoneError } from '../core/errors.js'
import type { ParsedFile } from '../core/types.js'
import { type ParseReply, parseReply } from './parse-messages.js'

export interface ParseProcess {
  /** Files read so far. */
  readonly files: number
  /** Memory in use after the last file. */
  readonly rssBytes: number
  readonly isAlive: boolean
  readonly pid: number | undefined
  /** One file at a time. Whatever goes wrong beyond an error of the parser's own ends the process. */
  parse(path: string, options: { fileName: string; signal?: AbortSignal }): Promise<ParsedFile>
  kill(): void
}

export interface ProcessLimits {
  timeoutMs: number
  memoryBytes: number
  env: Readonly<Record<string, string>>
}

const memoryPollMs = 200
/** V8's share of the memory; the rest is for buffers outside its heap. */
const heapShare = 0.75

/** Starts a process for parsing. It does not keep this process alive while it has nothing to do. */
export function startParseProcess({ timeoutMs, memoryBytes, env }: ProcessLimits): ParseProcess {
  const heapMb = Math.max(32, Math.floor((memoryBytes * heapShare) / 1024 / 1024))
  const child = fork(compiledUrl('parse-child.js', import.meta.url), {
    env: { ...env, MALLOC_ARENA_MAX: '2' },
    execArgv: [`--max-old-space-size=${heapMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Ctrl-C goes to the terminal's process group, also before the child can say that it does not mean it.
    detached: true,
  })
  const state = { files: 0, rssBytes: 0, isAlive: true }
  const ended = () => {
    state.isAlive = false
  }
  child.on('exit', ended).on('error', ended)
  const kill = () => {
    state.isAlive = false
    child.kill('SIGKILL')
  }
  keepsAlive(child, false)

  return {
    get files() {
      return state.files
    },
    get rssBytes() {
      return state.rssBytes
    },
    get isAlive() {
      return state.isAlive && child.connected
    },
    get pid() {
      return child.pid
    },
    kill,
    async parse(path, { fileName, signal }) {
      state.files += 1
      keepsAlive(child, true)
      try {
        const reply = await ask(
          child,
          { id: state.files, path, fileName },
          { timeoutMs, memoryBytes, ...(signal ? { signal } : {}) },
        )
        state.rssBytes = reply.rssBytes
        if (reply.type === 'parsed') return reply.file
        const { code, message, remedy } = reply.problem
        throw new FileProblem(code, message, remedy === undefined ? {} : { remedy })
      } catch (thrown) {
        if (!(thrown instanceof FileProblem)) kill()
        throw thrown
      } finally {
        keepsAlive(child, false)
      }
    },
  }
}

/** An error that the parser reported in good order: the process goes on. */
class FileProblem extends InkstoneError {}

function keepsAlive(child: ChildProcess, isBusy: boolean): void {
  if (isBusy) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

interface Request {
  id: number
  path: string
  fileName: string
}

/** Sends a file and waits for the reply, the end of the process, the time or memory limit or the signal. */
async function ask(
  child: ChildProcess,
  request: Request,
  { timeoutMs, memoryBytes, signal }: { timeoutMs: number; memoryBytes: number; signal?: AbortSignal },
): Promise<ParseReply> {
  const errors = failures(request.fileName, { timeoutMs, memoryBytes })
  const finished = new AbortController()
  try {
    return await new Promise<ParseReply>((resolve, reject) => {
      const timer = setTimeout(() => reject(errors.tooSlow()), timeoutMs)
      const poll = setInterval(() => void watchMemory(child, memoryBytes, () => reject(errors.tooFat())), memoryPollMs)
      const onMessage = (message: unknown) => {
        const reply = parseReply.safeParse(message)
        if (!reply.success) reject(errors.notUnderstood())
        else if (reply.data.id === request.id) resolve(reply.data)
      }
      // V8 aborts when its heap is full.
      const onExit = (_code: number | null, exitSignal: NodeJS.Signals | null) =>
        reject(exitSignal === 'SIGABRT' ? errors.tooFat() : errors.crashed())
      const onError = () => reject(errors.crashed())
      const onAbort = () => reject(errors.cancelled())
      child.on('message', onMessage).on('exit', onExit).on('error', onError)
      signal?.addEventListener('abort', onAbort)
      finished.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        clearInterval(poll)
        child.off('message', onMessage).off('exit', onExit).off('error', onError)
        signal?.removeEventListener('abort', onAbort)
      })
      if (signal?.aborted) onAbort()
      else if (!child.connected) onError()
      else child.send(request, (error) => error !== null && onError())
    })
  } finally {
    finished.abort()
  }
}

function failures(fileName: string, { timeoutMs, memoryBytes }: { timeoutMs: number; memoryBytes: number }) {
  const seconds = timeoutMs / 1000
  const megabytes = Math.round(memoryBytes / 1024 / 1024)
  return {
    tooSlow: () =>
      new InkstoneError('parse_timeout', `"${fileName}" was not read within ${seconds} seconds`, {
        remedy: 'split the file, or raise INKSTONE_PARSE_TIMEOUT_MS',
      }),
    tooFat: () =>
      new InkstoneError('parse_memory', `"${fileName}" needs more than ${megabytes} MB to be read`, {
        remedy: 'split the file, or raise INKSTONE_PARSE_MEMORY_BYTES',
      }),
    crashed: () =>
      new InkstoneError('parse_failed', `the parser ended unexpectedly while it read "${fileName}"`, {
        remedy: 'save the file again in its program and add it again',
      }),
    notUnderstood: () => new InkstoneError('parse_failed', `the parser gave no proper answer for "${fileName}"`),
    cancelled: () => new InkstoneError('cancelled', `reading "${fileName}" was cancelled`),
  }
}

async function watchMemory(child: ChildProcess, memoryBytes: number, tooFat: () => void): Promise<void> {
  if (child.pid === undefined) return
  try {
    const { memory } = await pidusage(child.pid)
    if (memory > memoryBytes) tooFat()
  } catch {
    // The process is gone: its exit is reported by itself.
  }
}
