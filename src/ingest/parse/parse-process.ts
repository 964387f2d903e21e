import { type ChildProcess, fork } from 'node:child_process'
import { compiledUrl } from '../../core/compiled.js'
import { InkstoneError } from '../../core/errors.js'
import type { ParseFollower, ParseOptions } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { hearChild } from './parse-follower.js'
import { limitErrors, type ParseLimits, watchLimits } from './parse-limits.js'
import { type ParseReply, type ParseRequest, parseReply } from './parse-messages.js'
import { partCollector } from './parse-parts.js'
import { checkScratch } from './parse-scratch.js'
import { type UsageMeter, usageMeter } from './parse-usage.js'
import { memorySignal } from './parse-watch.js'

export interface ParseProcess {
  /** Files read so far. */
  readonly files: number
  /** Memory in use after the last file. */
  readonly rssBytes: number
  readonly isAlive: boolean
  /** One file at a time. Whatever goes wrong beyond an error of the parser's own ends the process. */
  parse(path: string, options: ParseOptions): Promise<ParsedFile>
  /** Ends it, and all that it has started. */
  kill(): void
}

export interface ProcessOptions extends ParseLimits {
  /** The whole environment. */
  env: Readonly<Record<string, string>>
  /** LibreOffice's program; null when there is none. */
  soffice: string | null
}

/** V8's share of the memory; the rest is for buffers outside its heap. */
const heapShare = 0.75

/** Starts a process for parsing. It does not keep this process alive while it has nothing to do. */
export function startParseProcess({ env, soffice, ...limits }: ProcessOptions): ParseProcess {
  const child = start({ env, memoryBytes: limits.memoryBytes })
  const meter = child.pid === undefined ? null : usageMeter(child.pid)
  const state = { files: 0, rssBytes: 0, isAlive: true }
  const kill = () => {
    if (!state.isAlive) return
    state.isAlive = false
    killGroup(child)
  }
  // What it has started outlives a process that crashes.
  child.on('exit', kill).on('error', kill)
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
    kill,
    async parse(path, { fileName, scratchDir, passwords = [], signal, follower }) {
      state.files += 1
      keepsAlive(child, true)
      const id = state.files
      try {
        const isFollowed = follower !== undefined
        const asked = { type: 'parse' as const, id, path, fileName, scratchDir, soffice, isFollowed }
        const request = { ...asked, passwords: [...passwords] }
        const listeners = { ...(signal ? { signal } : {}), ...(follower ? { follower } : {}) }
        const { file, rssBytes } = await ask(child, request, { limits, meter, ...listeners })
        await checkScratch(file, { scratchDir, fileName })
        state.rssBytes = rssBytes
        return file
      } catch (thrown) {
        if (!(thrown instanceof FileProblem)) kill()
        throw thrown
      } finally {
        // A program that was left running would go on at the cost of the next file.
        if (state.isAlive && ((await meter?.sample({ isExact: true }))?.processes ?? 1) > 1) kill()
        keepsAlive(child, false)
      }
    },
  }
}

/** An error that the parser reported in good order: the process goes on. */
class FileProblem extends InkstoneError {}

function start({ env, memoryBytes }: { env: ProcessOptions['env']; memoryBytes: number }): ChildProcess {
  const heapMb = Math.max(32, Math.floor((memoryBytes * heapShare) / 1024 / 1024))
  return fork(compiledUrl('parse-child.js', import.meta.url), [String(memoryBytes)], {
    env: { ...env, MALLOC_ARENA_MAX: '2' },
    execArgv: [`--max-old-space-size=${heapMb}`],
    // Half the time of JSON for long texts, and it keeps broken pairs of surrogates as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // It leads a process group of its own, to be killed with all that it starts. And Ctrl-C, which goes to the
    // terminal's group, does not reach it before it can say that it does not mean it.
    detached: true,
  })
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing is left of the group.
  }
  child.kill('SIGKILL')
}

function keepsAlive(child: ChildProcess, isBusy: boolean): void {
  if (isBusy) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

interface Answer {
  file: ParsedFile
  rssBytes: number
}

/** V8 aborts when its heap is full, and traps when an array or table passes what it can hold. */
const endedByMemory: ReadonlySet<NodeJS.Signals> = new Set([memorySignal, 'SIGABRT', 'SIGTRAP'])

/** A machine that is very busy takes seconds to start a program; one that takes longer will not do it any more. */
const startMs = 120_000

/** Sends a file and waits for its parts, the end of the process, a limit or the signal. */
async function ask(
  child: ChildProcess,
  request: ParseRequest,
  {
    limits,
    meter,
    signal,
    follower,
  }: { limits: ParseLimits; meter: UsageMeter | null; signal?: AbortSignal; follower?: ParseFollower },
): Promise<Answer> {
  const { id, fileName } = request
  const collector = partCollector()
  const finished = new AbortController()
  const onFinished = (stop: () => void) => finished.signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const late = setTimeout(() => reject(crashed(fileName)), startMs)
      onFinished(() => clearTimeout(late))
      const take = (reply: ParseReply) => {
        if (reply.type === 'started') {
          clearTimeout(late)
          if (meter !== null) onFinished(watchLimits(meter, limits, { fileName, onPassed: reject }))
        } else if (reply.type === 'failed') reject(asError(reply))
        else if (reply.type === 'parsed') resolve({ file: collector.finish(reply.summary), rssBytes: reply.rssBytes })
        else if (reply.type === 'pages') hearChild(follower, reply)
        else {
          if (reply.type === 'early') hearChild(follower, reply)
          else collector.add(reply)
          send(child, { type: 'next', id })
        }
      }
      listen(child, {
        onFinished,
        onMessage(message) {
          const reply = parseReply.safeParse(message)
          if (!reply.success || reply.data.id !== id) return reject(notUnderstood(fileName))
          try {
            take(reply.data)
          } catch (thrown) {
            reject(thrown)
          }
        },
        onEnd: (by) =>
          reject(by !== null && endedByMemory.has(by) ? limitErrors(fileName, limits).tooFat() : crashed(fileName)),
      })
      const onAbort = () => reject(new InkstoneError('cancelled', `reading "${fileName}" was cancelled`))
      signal?.addEventListener('abort', onAbort)
      onFinished(() => signal?.removeEventListener('abort', onAbort))
      if (signal?.aborted) onAbort()
      else if (!child.connected || child.exitCode !== null || child.signalCode !== null) reject(crashed(fileName))
      else send(child, request)
    })
  } finally {
    finished.abort()
  }
}

/** A line that breaks is the end of the process, which is reported with its reason. */
function send(child: ChildProcess, message: object): void {
  child.send(message, () => undefined)
}

interface Listener {
  onMessage(message: unknown): void
  onEnd(by: NodeJS.Signals | null): void
  onFinished(stop: () => void): void
}

function listen(child: ChildProcess, { onMessage, onEnd, onFinished }: Listener): void {
  const onExit = (_code: number | null, by: NodeJS.Signals | null) => onEnd(by)
  const onError = () => onEnd(null)
  child.on('message', onMessage).on('exit', onExit).on('error', onError)
  onFinished(() => child.off('message', onMessage).off('exit', onExit).off('error', onError))
}

function asError({ problem, isSpent }: Extract<ParseReply, { type: 'failed' }>): InkstoneError {
  const { code, message, remedy } = problem
  const options = remedy === undefined ? {} : { remedy }
  return isSpent ? new InkstoneError(code, message, options) : new FileProblem(code, message, options)
}

function crashed(fileName: string): InkstoneError {
  return new InkstoneError('parse_failed', `the parser ended unexpectedly while it read "${fileName}"`, {
    remedy: 'save the file again in its program and add it again',
  })
}

function notUnderstood(fileName: string): InkstoneError {
  return new InkstoneError('parse_failed', `the parser gave no proper answer for "${fileName}"`)
}
