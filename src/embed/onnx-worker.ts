import { parentPort, workerData } from 'node:worker_threads'
import { AutoModel, AutoTokenizer } from '@xenova/transformers'
import type { EmbeddingModel } from './models.js'
import { normalise, poolTokens } from './pooling.js'
import { loadingOptions, readModelsFrom } from './runtime.js'
import { type Session, serveTasks } from './serve-tasks.js'
import type { TaskReply } from './worker-protocol.js'

export interface OnnxWorkerSettings {
  model: EmbeddingModel
  modelsDir: string
}

/** One text to embed, or several to count. */
export type OnnxPayload = readonly string[]

/** A vector for a text, or the number of tokens of each text. */
export type OnnxResult = Float32Array<ArrayBuffer> | number[]

type Reply = TaskReply<OnnxResult>

async function openSession({ model, modelsDir }: OnnxWorkerSettings): Promise<Session<OnnxPayload, OnnxResult>> {
  readModelsFrom(modelsDir)
  const tokenizer = await AutoTokenizer.from_pretrained(model.folder, { local_files_only: true })
  const network = await AutoModel.from_pretrained(model.folder, loadingOptions(model))
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

const settings: OnnxWorkerSettings = workerData
if (parentPort === null) throw new Error('onnx-worker.js runs as a worker thread only')
serveTasks(parentPort, await openSession(settings))
