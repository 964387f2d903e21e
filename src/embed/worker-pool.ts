import { Worker } from 'node:worker_threads'
import { InkstoneError } from '../core/errors.js'
import { type Task, taskQueue } from './task-queue.js'
import type { TaskKind, WorkerReply, WorkerRequest } from './worker-protocol.js'

export interface WorkerPool<Payload, Result> {
  /**
   * Runs the payloads on whichever workers are free and keeps their order. The first one that fails ends the rest.
   * @throws InkstoneError `cancelled`, `embedding_failed`, `text_too_long`
   */
  run(kind: TaskKind, payloads: readonly Payload[], options?: { signal?: AbortSignal | undefined }): Promise<Result[]>
  /** Lets the tasks that run end, drops those that wait, and resolves when all threads are gone. */
  close(): Promise<void>
}

interface Seat<Payload, Result> {
  worker: Worker
  isReady: boolean
  /** A task that was on a worker when it died runs alone, so that it cannot take innocent ones with it twice. */
  isReserved: boolean
  running: Map<number, Task<Payload, Result>>
}

/** One document runs and one waits in the worker, so that it never idles while a message is on its way. */
const documentsInFlight = 2
const queriesInFlight = 4
const deathsPerTask = 2
const loadFailuresInARow = 3
const closeTimeoutMs = 5_000

/**
 * Opens worker threads that share one queue. Queries overtake everything that has not started. A worker that dies is
 * replaced, and what it had is tried once more.
 * @param options.workerUrl a module that speaks `WorkerRequest` and `WorkerReply`
 * @returns when the first worker is ready; the others load meanwhile
 * @throws InkstoneError `embedding_failed` when the first worker cannot load
 */
export async function openWorkerPool<Payload, Result>(options: {
  workerUrl: URL
  workerData: unknown
  threads: number
}): Promise<WorkerPool<Payload, Result>> {
  const pool = new Pool<Payload, Result>(options.workerUrl, options.workerData)
  await pool.open(options.threads)
  return {
    run: (kind, payloads, { signal } = {}) => pool.run(kind, payloads, signal),
    close: () => pool.close(),
  }
}

class Pool<Payload, Result> {
  readonly #queue = taskQueue<Payload, Result>()
  readonly #seats = new Set<Seat<Payload, Result>>()
  /** Tasks whose worker died. */
  readonly #suspects: Task<Payload, Result>[] = []
  #state: 'opening' | 'open' | 'closed' = 'opening'
  #lastId = 0
  #loadFailures = 0

  constructor(
    readonly workerUrl: URL,
    readonly workerData: unknown,
  ) {}

  async open(threads: number): Promise<void> {
    await this.#spawn()
    this.#state = 'open'
    for (let seats = 1; seats < threads; seats += 1) this.#replace()
  }

  run(kind: TaskKind, payloads: readonly Payload[], signal: AbortSignal | undefined): Promise<Result[]> {
    if (this.#state === 'closed') {
      return Promise.reject(new InkstoneError('embedding_failed', 'the embedder is closed'))
    }
    const results = this.#queue.add(kind, payloads, { signal })
    if (this.#seats.size === 0) {
      this.#loadFailures = 0
      this.#replace()
    }
    this.#dispatch()
    return results
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#queue.failAll(new InkstoneError('cancelled', 'the embedder was closed'))
    await Promise.all([...this.#seats].map(({ worker }) => closeWorker(worker)))
  }

  /** Resolves when the new worker is ready. */
  #spawn(): Promise<void> {
    const worker = new Worker(this.workerUrl, {
      workerData: this.workerData,
      execArgv: [],
      // What a task allocates in JavaScript is small and soon garbage.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    const seat: Seat<Payload, Result> = { worker, isReady: false, isReserved: false, running: new Map() }
    this.#seats.add(seat)
    let cause: unknown
    return new Promise((resolve, reject) => {
      worker.on('error', (error) => {
        cause = error
      })
      worker.on('message', (reply: WorkerReply<Result>) => {
        if (reply.type === 'ready') resolve()
        this.#receive(seat, reply)
      })
      worker.on('exit', () => {
        const message = `a model thread ended unexpectedly: ${cause instanceof Error ? cause.message : 'no reason given'}`
        const error = new InkstoneError('embedding_failed', message, { cause })
        reject(error)
        this.#lose(seat, error)
      })
    })
  }

  #replace(): void {
    // What happens to a worker that cannot load is told to the tasks, in #lose.
    this.#spawn().catch(() => undefined)
  }

  #receive(seat: Seat<Payload, Result>, reply: WorkerReply<Result>): void {
    if (reply.type === 'ready') {
      seat.isReady = true
      this.#loadFailures = 0
    } else {
      seat.running.get(reply.id)?.settle(reply)
      seat.running.delete(reply.id)
      seat.isReserved = false
    }
    this.#dispatch()
  }

  #lose(seat: Seat<Payload, Result>, error: InkstoneError): void {
    this.#seats.delete(seat)
    if (this.#state !== 'open') return
    for (const task of seat.running.values()) {
      task.deaths += 1
      if (task.deaths < deathsPerTask) this.#suspects.push(task)
      else task.fail(error)
    }
    if (!seat.isReady) this.#loadFailures += 1
    if (this.#loadFailures < loadFailuresInARow) this.#replace()
    else if (this.#seats.size === 0) this.#queue.failAll(error)
    this.#dispatch()
  }

  #dispatch(): void {
    for (;;) {
      const free = [...this.#seats].filter((seat) => seat.isReady && !seat.isReserved)
      const seat = free.sort((a, b) => a.running.size - b.running.size)[0]
      const task = seat && this.#taskFor(seat)
      if (seat === undefined || task === undefined) return
      this.#lastId += 1
      seat.running.set(this.#lastId, task)
      seat.isReserved = task.deaths > 0
      const { kind, payload } = task
      const request: WorkerRequest<Payload> = { type: 'task', id: this.#lastId, kind, payload }
      seat.worker.postMessage(request)
    }
  }

  #taskFor({ running }: Seat<Payload, Result>): Task<Payload, Result> | undefined {
    if (running.size === 0) {
      for (let task = this.#suspects.shift(); task !== undefined; task = this.#suspects.shift()) {
        if (!task.isOver()) return task
      }
    }
    if (running.size < documentsInFlight) return this.#queue.take(['query', 'count', 'document'])
    return running.size < queriesInFlight ? this.#queue.take(['query']) : undefined
  }
}

async function closeWorker(worker: Worker): Promise<void> {
  const request: WorkerRequest<never> = { type: 'close' }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => void worker.terminate(), closeTimeoutMs)
    worker.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    worker.postMessage(request)
  })
}
