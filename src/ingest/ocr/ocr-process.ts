import { type ChildProcess, fork } from 'node:child_process'
import { compiledUrl } from '../../core/compiled.js'
import { InkstoneError } from '../../core/errors.js'
import type { RecognisedText } from '../../core/ports.js'
import { type UsageMeter, usageMeter } from '../parse/parse-usage.js'
import { memorySignal } from '../parse/parse-watch.js'
import { type OcrPicture, type OcrReply, type OcrRequest, ocrReply } from './ocr-messages.js'

export interface OcrProcess {
  /** Memory in use after the last picture. */
  readonly rssBytes: number
  readonly isAlive: boolean
  /** One picture at a time. Whatever goes wrong beyond what the child reports in good order ends the process. */
  recognise(picture: OcrPicture, options: { signal?: AbortSignal }): Promise<RecognisedText>
  kill(): void
}

export interface OcrLimits {
  /** Wall time for one picture, the start of the process included. */
  timeoutMs: number
  /** Resident memory of the process. */
  memoryBytes: number
  env: Readonly<Record<string, string>>
  threads: number
}

const memoryPollMs = process.platform === 'linux' ? 50 : 250
/** V8's share of the memory; the rest is for pictures and models, which lie outside its heap. */
const heapShare = 0.5

/** Starts a process that recognises text. It does not keep this process alive while it has nothing to do. */
export function startOcrProcess({ timeoutMs, memoryBytes, env, threads }: OcrLimits): OcrProcess {
  const heapMb = Math.max(64, Math.floor((memoryBytes * heapShare) / 1024 / 1024))
  const child = fork(compiledUrl('ocr-child.js', import.meta.url), [String(memoryBytes), String(threads)], {
    env: { ...env, MALLOC_ARENA_MAX: '2' },
    execArgv: [`--max-old-space-size=${heapMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // A group of its own: Ctrl-C on the terminal does not reach it, and whatever it may start is killed with it.
    detached: true,
  })
  const meter = child.pid === undefined ? null : usageMeter(child.pid)
  const state = { asked: 0, rssBytes: 0, isAlive: true }
  const ended = () => {
    state.isAlive = false
  }
  child.on('exit', ended).on('error', ended)
  const kill = () => {
    if (state.isAlive) killGroup(child)
    state.isAlive = false
  }
  keepsAlive(child, false)

  return {
    get rssBytes() {
      return state.rssBytes
    },
    get isAlive() {
      return state.isAlive && child.connected
    },
    kill,
    async recognise({ path, page, passwords }, { signal }) {
      state.asked += 1
      keepsAlive(child, true)
      try {
        const request = { id: state.asked, path, page, passwords: [...passwords] }
        const limits = { timeoutMs, memoryBytes, ...(signal ? { signal } : {}) }
        const reply = await ask({ child, meter }, request, limits)
        state.rssBytes = reply.rssBytes
        if (reply.type === 'recognised') return { blocks: reply.blocks }
        const { code, message, remedy } = reply.problem
        throw new PictureProblem(code, message, remedy === undefined ? {} : { remedy })
      } catch (thrown) {
        if (!(thrown instanceof PictureProblem)) kill()
        throw thrown
      } finally {
        keepsAlive(child, false)
      }
    },
  }
}

/** An error that the child reported in good order: the process goes on. */
class PictureProblem extends InkstoneError {}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid === undefined) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // There are no groups on Windows, and this one may just have ended.
    child.kill('SIGKILL')
  }
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

interface AskLimits {
  timeoutMs: number
  memoryBytes: number
  signal?: AbortSignal
}

/** Sends a picture and waits for the reply, the end of the process, the time or memory limit or the signal. */
async function ask(
  { child, meter }: { child: ChildProcess; meter: UsageMeter | null },
  request: OcrRequest,
  { timeoutMs, memoryBytes, signal }: AskLimits,
): Promise<OcrReply> {
  const errors = failures(nameOf(request), { timeoutMs, memoryBytes })
  const finished = new AbortController()
  try {
    return await new Promise<OcrReply>((resolve, reject) => {
      const timer = setTimeout(() => reject(errors.tooSlow()), timeoutMs)
      const lookAtMemory = async () => {
        const usage = await meter?.sample()
        if (usage && usage.rssBytes > memoryBytes) reject(errors.tooFat())
      }
      const poll = setInterval(() => void lookAtMemory(), memoryPollMs)
      const onMessage = (message: unknown) => {
        const reply = ocrReply.safeParse(message)
        if (!reply.success) reject(errors.notUnderstood())
        else if (reply.data.id === request.id) resolve(reply.data)
      }
      // V8 aborts when its heap is full.
      const onExit = (_code: number | null, by: NodeJS.Signals | null) =>
        reject(by === 'SIGABRT' || by === memorySignal ? errors.tooFat() : errors.crashed())
      const onError = () => reject(errors.crashed())
      const onAbort = () => reject(cancelled(nameOf(request)))
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

export function nameOf({ page }: { page: number | null }): string {
  return page === null ? 'a picture' : `page ${page}`
}

export function cancelled(name: string): InkstoneError {
  return new InkstoneError('cancelled', `recognising the text of ${name} was cancelled`)
}

function failures(name: string, { timeoutMs, memoryBytes }: { timeoutMs: number; memoryBytes: number }) {
  const seconds = timeoutMs / 1000
  const megabytes = Math.round(memoryBytes / 1024 / 1024)
  return {
    tooSlow: () =>
      new InkstoneError('parse_timeout', `the text of ${name} was not recognised within ${seconds} seconds`, {
        remedy: 'raise INKSTONE_OCR_TIMEOUT_MS and add the file again',
      }),
    tooFat: () =>
      new InkstoneError('parse_memory', `recognising the text of ${name} needs more than ${megabytes} MB`, {
        remedy: 'make the picture smaller, or raise INKSTONE_OCR_MEMORY_BYTES, and add the file again',
      }),
    crashed: () =>
      new InkstoneError('ocr_failed', `the text recognition ended unexpectedly at ${name}`, {
        remedy: 'scan or save the picture again and add it again',
      }),
    notUnderstood: () =>
      new InkstoneError('ocr_failed', `the text recognition gave no proper answer for ${name}`, {
        remedy: 'build Inkstone again: its parts are of different versions',
      }),
  }
}
