import { compiledUrl } from '../core/compiled.js'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { Reranker } from '../core/ports.js'
import type { CrossEncoderSettings, Pair } from './cross-encoder-worker.js'
import { isModelInstalled } from './installed.js'
import { isPinned, type LocalModel } from './models.js'
import { openWorkerPool, type WorkerPool } from './worker-pool.js'

/**
 * Reranks on this machine's CPU with an ONNX cross-encoder in worker threads. It is loaded when it is needed first. A
 * passage that is longer than the model reads is cut at its end, a question at half of that length. A text always gets
 * the same score, whatever it is read together with.
 * @param options.threads worker threads, each with its own copy of the model
 */
export function crossEncoder({
  model,
  modelsDir,
  threads,
}: {
  model: LocalModel
  modelsDir: string
  threads: number
}): Reranker {
  let pool: Promise<WorkerPool<Pair, number>> | null = null
  const settings: CrossEncoderSettings = { model, modelsDir }

  async function open(): Promise<WorkerPool<Pair, number>> {
    if (!(await isModelInstalled(model, modelsDir))) throw missingError(model, modelsDir)
    const workerUrl = compiledUrl('cross-encoder-worker.js', import.meta.url)
    return openWorkerPool<Pair, number>({ workerUrl, workerData: settings, threads })
  }
  const opened = () => {
    pool ??= open().catch((error) => {
      // A later question finds the model when it has been installed meanwhile.
      pool = null
      throw readable(error, model)
    })
    return pool
  }

  return {
    modelId: model.id,
    prepare: async () => {
      await opened()
    },
    rerank: async (question, texts, { signal } = {}) => {
      const pairs = texts.map((text): Pair => [question, text])
      return (await opened()).run('document', pairs, { signal }).catch((error) => {
        throw readable(error, model)
      })
    },
    close: async () => {
      const open = await pool?.catch(() => null)
      await open?.close()
    },
  }
}

/** The threads speak of embedding, whatever they do. */
function readable(error: unknown, model: LocalModel): InkstoneError {
  const { code, message, remedy } = toInkstoneError(error, 'rerank_failed')
  if (code === 'cancelled') return new InkstoneError('cancelled', 'the reranking was stopped', { cause: error })
  if (code !== 'embedding_failed')
    return new InkstoneError(code, message, { ...(remedy ? { remedy } : {}), cause: error })
  return new InkstoneError('rerank_failed', message, {
    remedy: `run "inkstone models verify ${model.id}" to see whether the model's files are intact`,
    cause: error,
  })
}

function missingError(model: LocalModel, modelsDir: string): InkstoneError {
  return new InkstoneError('model_missing', `the reranking model ${model.id} is not in ${modelsDir}`, {
    remedy: `run "inkstone models pull ${isPinned(model) ? '' : '--pin '}${model.id}"`,
  })
}
