import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import { type TaskReply, taskKinds, type WorkerReply, type WorkerRequest } from './worker-protocol.js'

export type WorkerTask<Payload> = Extract<WorkerRequest<Payload>, { type: 'task' }>

/** A loaded model inside a worker thread. */
export interface Session<Payload, Result> {
  run(task: WorkerTask<Payload>): Promise<TaskReply<Result>>
  dispose(): Promise<void>
}

/**
 * Works off the tasks that come over the port one at a time, queries first, and ends the thread when asked to.
 * Says `ready` at once.
 */
export function serveTasks<Payload, Result>(port: MessagePort, session: Session<Payload, Result>): void {
  const waiting: WorkerTask<Payload>[] = []
  let isWorking = false
  let isClosing = false

  async function work(): Promise<void> {
    isWorking = true
    while (waiting.length > 0 && !isClosing) {
      const kind = taskKinds.find((each) => waiting.some((task) => task.kind === each))
      const [task] = waiting.splice(
        waiting.findIndex((each) => each.kind === kind),
        1,
      )
      if (task !== undefined) reply(await session.run(task).catch((error) => failed(task.id, error)))
      // Lets messages in, so that a query that has come meanwhile goes before the next document.
      await nextTurn()
    }
    isWorking = false
    if (isClosing) {
      await session.dispose()
      port.close()
    }
  }

  function reply(message: TaskReply<Result>): void {
    port.postMessage(message, buffersOf(message))
  }

  port.on('message', (request: WorkerRequest<Payload>) => {
    if (request.type === 'close') isClosing = true
    else waiting.push(request)
    if (!isWorking) void work()
  })
  const ready: WorkerReply<Result> = { type: 'ready' }
  port.postMessage(ready)
}

/** A vector moves to the other thread instead of being copied. */
function buffersOf<Result>(message: TaskReply<Result>): ArrayBuffer[] {
  if (message.type !== 'done' || !(message.result instanceof Float32Array)) return []
  return message.result.buffer instanceof ArrayBuffer ? [message.result.buffer] : []
}

function failed(id: number, error: unknown): TaskReply<never> {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'failed', id, code: 'embedding_failed', message }
}
