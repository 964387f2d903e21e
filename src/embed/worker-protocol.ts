/** What a task is for, in the order in which kinds are served. */
export const taskKinds = ['query', 'count', 'document'] as const
export type TaskKind = (typeof taskKinds)[number]

/** What a worker gets. It answers each task with one reply of the same id, and `close` by ending itself. */
export type WorkerRequest<Payload> = { type: 'task'; id: number; kind: TaskKind; payload: Payload } | { type: 'close' }

export type TaskReply<Result> =
  | { type: 'done'; id: number; result: Result }
  | { type: 'failed'; id: number; code: 'text_too_long' | 'embedding_failed'; message: string }

/** What a worker sends: `ready` once, when it has loaded what it needs, then a reply for each task. */
export type WorkerReply<Result> = { type: 'ready' } | TaskReply<Result>
