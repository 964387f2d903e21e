import { InkstoneError } from '../core/errors.js'
import { type TaskKind, type TaskReply, taskKinds } from './worker-protocol.js'

/** One payload of a group that was added together. */
export interface Task<Payload, Result> {
  kind: TaskKind
  payload: Payload
  /** How many workers died with this task on them. */
  deaths: number
  settle: (reply: TaskReply<Result>) => void
  fail: (error: InkstoneError) => void
  isOver: () => boolean
}

export interface TaskQueue<Payload, Result> {
  /**
   * Queues payloads and resolves to their results in order. The first failure, or the signal, drops those that wait.
   * @throws InkstoneError `cancelled`, or what a task failed with
   */
  add(kind: TaskKind, payloads: readonly Payload[], options: { signal?: AbortSignal | undefined }): Promise<Result[]>
  /** The oldest waiting task of the first of these kinds that has one. */
  take(kinds: readonly TaskKind[]): Task<Payload, Result> | undefined
  /** Fails everything that is not over yet, waiting or running. */
  failAll(error: InkstoneError): void
}

interface Group<Payload, Result> {
  payloads: readonly Payload[]
  next: number
  results: Result[]
  missing: number
  finish: (failure: InkstoneError | null) => void
}

/** First come, first served within a kind. */
export function taskQueue<Payload, Result>(): TaskQueue<Payload, Result> {
  const waiting: Record<TaskKind, Set<Group<Payload, Result>>> = {
    query: new Set(),
    count: new Set(),
    document: new Set(),
  }
  const unfinished = new Set<Group<Payload, Result>>()

  function taskOf(group: Group<Payload, Result>, kind: TaskKind, payload: Payload): Task<Payload, Result> {
    const index = group.next
    group.next += 1
    if (group.next === group.payloads.length) waiting[kind].delete(group)
    return {
      kind,
      payload,
      deaths: 0,
      isOver: () => !unfinished.has(group),
      fail: group.finish,
      settle: (reply) => {
        if (reply.type === 'failed') return group.finish(new InkstoneError(reply.code, reply.message))
        group.results[index] = reply.result
        group.missing -= 1
        if (group.missing === 0) group.finish(null)
      },
    }
  }

  return {
    add: (kind, payloads, { signal }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelledError())
        if (payloads.length === 0) return resolve([])
        const finish = (failure: InkstoneError | null) => {
          if (!unfinished.delete(group)) return
          waiting[kind].delete(group)
          signal?.removeEventListener('abort', cancel)
          if (failure === null) resolve(group.results)
          else reject(failure)
        }
        const cancel = () => finish(cancelledError())
        const results = new Array<Result>(payloads.length)
        const group: Group<Payload, Result> = { payloads, next: 0, results, missing: payloads.length, finish }
        signal?.addEventListener('abort', cancel, { once: true })
        unfinished.add(group)
        waiting[kind].add(group)
      }),
    take: (kinds) => {
      const kind = taskKinds.find((each) => kinds.includes(each) && waiting[each].size > 0)
      if (kind === undefined) return undefined
      const [group] = waiting[kind]
      const payload = group?.payloads[group.next]
      return group === undefined || payload === undefined ? undefined : taskOf(group, kind, payload)
    },
    failAll: (error) => {
      for (const group of [...unfinished]) group.finish(error)
    },
  }
}

function cancelledError(): InkstoneError {
  return new InkstoneError('cancelled', 'the embedding was stopped')
}
