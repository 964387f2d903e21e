import { parentPort, workerData } from 'node:worker_threads'
import { AutoModelForSequenceClassification, AutoTokenizer, Tensor } from '@xenova/transformers'
import type { LocalModel } from './models.js'
import { loadingOptions, readModelsFrom } from './runtime.js'
import { type Session, serveTasks } from './serve-tasks.js'

export interface CrossEncoderSettings {
  model: LocalModel
  modelsDir: string
}

/** A question and a text. */
export type Pair = readonly [question: string, text: string]

async function openSession({ model, modelsDir }: CrossEncoderSettings): Promise<Session<Pair, number>> {
  readModelsFrom(modelsDir)
  const tokenizer = await AutoTokenizer.from_pretrained(model.folder, { local_files_only: true })
  const network = await AutoModelForSequenceClassification.from_pretrained(model.folder, loadingOptions(model))

  /** A question never takes more than half of what the model reads, so that some of each text is read. */
  function clipped(question: string): string {
    const most = model.maxTokens / 2
    let text = question
    for (let tokens = tokenizer.encode(text).length; tokens > most; tokens = tokenizer.encode(text).length) {
      text = text.slice(0, Math.floor((text.length * most * 0.95) / tokens))
    }
    return text
  }

  /** Always one pair: int8 models scale by batch, so a score would depend on what is read beside it. */
  async function score([question, text]: Pair): Promise<number> {
    const inputs: Record<string, Tensor> = tokenizer(clipped(question), { text_pair: text, truncation: false })
    const shortened = Object.entries(inputs).map(([name, tensor]) => [name, withoutTail(tensor, model.maxTokens)])
    const { logits } = await network(Object.fromEntries(shortened))
    const [logit] = logits instanceof Tensor && logits.data.length === 1 ? logits.data : []
    if (typeof logit !== 'number' || !Number.isFinite(logit)) {
      throw new Error(`${model.id} did not yield one number for a pair of texts: it is no cross-encoder for ranking`)
    }
    return 1 / (1 + Math.exp(-logit))
  }

  return {
    run: async ({ id, payload }) => ({ type: 'done', id, result: await score(payload) }),
    dispose: async () => {
      await network.dispose()
    },
  }
}

/** Cuts tokens of the text, which stands before the one special token at the end. */
function withoutTail(tensor: Tensor, maxTokens: number): Tensor {
  const { data, dims } = tensor
  const tokens = dims[1] ?? 0
  if (tokens <= maxTokens || !(data instanceof BigInt64Array)) return tensor
  const kept = new BigInt64Array(maxTokens)
  kept.set(data.subarray(0, maxTokens - 1))
  kept.set(data.subarray(tokens - 1), maxTokens - 1)
  return new Tensor('int64', kept, [1, maxTokens])
}

const settings: CrossEncoderSettings = workerData
if (parentPort === null) throw new Error('cross-encoder-worker.js runs as a worker thread only')
serveTasks(parentPort, await openSession(settings))
