import { setImmediate as nextTurn } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { AutoModel, AutoTokenizer, env, LogLevel } from '@xenova/transformers'
import type { EmbeddingModel } from './models.js'
import { normalise, poolTokens } from './pooling.js'
import { type TaskReply, taskKinds, type WorkerReply, type WorkerRequest } from './worker-protocol.js'

export interface OnnxWorkerSettings {
  model: EmbeddingModel
  modelsDir: string
}

/** One text to embed, or several to count. */
export type OnnxPayload = readonly string[]

/** A vector for a text, or the number of tokens of each text. */
export type OnnxResult = Float32Array<ArrayBuffer> | number[]

type Task = Extract<WorkerRequest<OnnxPayload>, { type: 'task' }>
type Reply = TaskReply<OnnxResult>

interface Session {
  run(task: Task): Promise<Reply>
  dispose(): Promise<void>
}

/** Loads tokenizer and model from the models directory; nothing is ever fetched. */
async function openSession({ model, modelsDir }: OnnxWorkerSettings): Promise<Session> {
  env.allowRemoteModels = false
  env.localModelPath = modelsDir
  env.useFSCache = false
  env.logLevel = LogLevel.ERROR
  const tokenizer = await AutoTokenizer.from_pretrained(model.folder, { local_files_only: true })
  // One thread for each session: sessions with more spin, and several sessions then get in each other's way.
  const network = await AutoModel.from_pretrained(model.folder, {
    local_files_only: true,
    dtype: model.dtype,
    device: 'cpu',
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' },
  })
  const prefixes = [...new Set(Object.values(model.prefixes))]

  const countTokens = (text: string) =>
    Math.max(...prefixes.map((prefix) => tokenizer.encode(`${prefix}${text}`).length))

  /** Always one text: int8 models scale by batch, so a text's vector would depend on its neighbours. */
  async function embed(id: number, text: string): Promise<Reply> {
    const inputs = tokenizer(text, { truncation: false })
    const tokens = inputs.input_ids.dims[1] ?? 0
    if (tokens > model.maxTokens) {
      const message = `a text has ${tokens} tokens, ${model.id} takes at most ${model.maxTokens}`
      return { type: 'failed', id, code: 'text_too_long', message }
    }
    const { last_hidden_state: hidden } = await network(inputs)
    if (!(hidden?.data instanceof Float32Array) || hidden.data.length !== tokens * model.dimensions) {
      const message = `${model.id} did not yield ${model.dimensions} floats for each token`
      return { type: 'failed', id, code: 'embedding_failed', message }
    }
    const vector = normalise(poolTokens(hidden.data, model))
    if (vector === null) {
      return { type: 'failed', id, code: 'embedding_failed', message: `${model.id} yielded a vector without direction` }
    }
    return { type: 'done', id, result: vector }
  }

  return {
    run: async ({ id, kind, payload }) => {
      if (kind === 'count') return { type: 'done', id, result: payload.map(countTokens) }
      return embed(id, `${model.prefixes[kind]}${payload[0] ?? ''}`)
    },
    dispose: async () => {
      await network.dispose()
    },
  }
}

/** Works off the tasks one at a time, queries first, and ends the thread when asked to. */
function serve(port: MessagePort, session: Session): void {
  const waiting: Task[] = []
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

  function reply(message: Reply): void {
    const transfer = message.type === 'done' && message.result instanceof Float32Array ? [message.result.buffer] : []
    port.postMessage(message, transfer)
  }

  port.on('message', (request: WorkerRequest<OnnxPayload>) => {
    if (request.type === 'close') isClosing = true
    else waiting.push(request)
    if (!isWorking) void work()
  })
}

function failed(id: number, error: unknown): Reply {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'failed', id, code: 'embedding_failed', message }
}

const settings: OnnxWorkerSettings = workerData
if (parentPort === null) throw new Error('onnx-worker.js runs as a worker thread only')
serve(parentPort, await openSession(settings))
const ready: WorkerReply<OnnxResult> = { type: 'ready' }
parentPort.postMessage(ready)
