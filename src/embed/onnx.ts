import { createHash } from 'node:crypto'
import { compiledUrl } from '../core/compiled.js'
import { type ErrorCode, InkstoneError } from '../core/errors.js'
import type { Embedder } from '../core/ports.js'
import { isModelInstalled, withPins } from './installed.js'
import type { EmbeddingModel } from './models.js'
import type { OnnxPayload, OnnxResult, OnnxWorkerSettings } from './onnx-worker.js'
import { inSimplifiedChinese } from './simplified-chinese.js'
import { openWorkerPool } from './worker-pool.js'

/** Tokenising takes about 0.3 ms for a text of a page's third: a batch is done before a query would notice. */
const textsPerCount = 32

/**
 * Embeds on this machine's CPU with ONNX Runtime in worker threads, so that the caller's event loop stays free. A text
 * always gets the bit-identical vector, whatever it is embedded together with. Resolves when the first thread has
 * loaded the model; start it early and do other things meanwhile.
 * @param options.threads worker threads, each with its own copy of the model: as many as cores is fastest
 * @throws InkstoneError `model_missing` when a file is not there, `embedding_failed` when the model cannot be loaded
 */
export async function onnxEmbedder({
  model,
  modelsDir,
  threads,
}: {
  model: EmbeddingModel
  modelsDir: string
  threads: number
}): Promise<Embedder> {
  if (!(await isModelInstalled(model, modelsDir))) throw missingError(model, modelsDir)
  const settings: OnnxWorkerSettings = { model, modelsDir }
  const [pool, pinned] = await Promise.all([
    openWorkerPool<OnnxPayload, OnnxResult>({
      workerUrl: compiledUrl('onnx-worker.js', import.meta.url),
      workerData: settings,
      threads,
    }).catch((error) => {
      throw withRemedy(error, model)
    }),
    withPins(model, modelsDir),
  ])
  return inSimplifiedChinese({
    modelId: model.id,
    fingerprint: fingerprintOf(pinned),
    dimensions: model.dimensions,
    maxTokens: model.maxTokens,
    languages: model.languages,
    embed: async (texts, { task, signal }) => {
      const payloads = texts.map((text) => [text])
      const results = await pool.run(task, payloads, { signal }).catch((error) => {
        throw withRemedy(error, model)
      })
      return results.map((result) => vectorOf(result, model))
    },
    countTokens: async (texts) => {
      const payloads: string[][] = []
      for (let start = 0; start < texts.length; start += textsPerCount) {
        payloads.push(texts.slice(start, start + textsPerCount))
      }
      const results = await pool.run('count', payloads).catch((error) => {
        throw withRemedy(error, model)
      })
      return results.flatMap((counts) => (Array.isArray(counts) ? counts : []))
    },
    close: pool.close,
  })
}

/**
 * Names everything that a vector depends on: the model, the contents of all of its files, dimensions, pooling, dtype
 * and prefixes.
 */
export function fingerprintOf(model: EmbeddingModel): string {
  const hash = createHash('sha256')
  for (const file of [...model.files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${file.path} ${file.sha256}\n`)
  }
  const { query, document } = model.prefixes
  const parts = [model.id, hash.digest('hex').slice(0, 16), model.dimensions, model.pooling, model.dtype]
  return [...parts, JSON.stringify(query), JSON.stringify(document)].join(':')
}

function vectorOf(result: OnnxResult, model: EmbeddingModel): Float32Array {
  if (result instanceof Float32Array) return result
  throw new InkstoneError('embedding_failed', `${model.id} yielded no vector`)
}

function withRemedy(error: unknown, model: EmbeddingModel): unknown {
  if (!(error instanceof InkstoneError)) return error
  const remedies: Partial<Record<ErrorCode, string>> = {
    text_too_long: 'cut the text into smaller pieces',
    embedding_failed: `run "inkstone models verify ${model.id}" to see whether the model's files are intact`,
  }
  const remedy = remedies[error.code]
  return remedy === undefined ? error : new InkstoneError(error.code, error.message, { remedy, cause: error })
}

function missingError(model: EmbeddingModel, modelsDir: string): InkstoneError {
  const pin = model.files.some((file) => file.sha256 === null) ? '--pin ' : ''
  return new InkstoneError('model_missing', `the embedding model ${model.id} is not in ${modelsDir}`, {
    remedy: `run "inkstone models pull ${pin}${model.id}"`,
  })
}
