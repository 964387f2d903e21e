import type { Config } from '../config/settings.js'
import type { Logger, Reranker } from '../core/ports.js'
import { crossEncoder } from '../embed/cross-encoder.js'
import { findRerankModel } from '../embed/rerank-models.js'
import type { Reranking } from '../retrieve/rerank.js'
import { httpReranker } from '../retrieve/rerankers/http.js'

/** Each thread holds a copy of the model. */
const mostThreads = 4

/** The configured reranking model, without a home; null when there is none. @throws InkstoneError `model_not_found` */
export function openReranking(config: Config, { log }: { log: Pick<Logger, 'warn'> }): Reranking | null {
  const reranker = openReranker(config)
  return reranker && { reranker, candidates: config.rerankCandidates, timeoutMs: config.rerankTimeoutMs, log }
}

function openReranker({ rerankBaseUrl, rerankApiKey, rerankModel, embedThreads, modelsDir }: Config): Reranker | null {
  if (rerankBaseUrl !== undefined) {
    return httpReranker({ baseUrl: rerankBaseUrl, apiKey: rerankApiKey, model: rerankModel })
  }
  if (rerankModel === undefined) return null
  return crossEncoder({ model: findRerankModel(rerankModel), modelsDir, threads: Math.min(embedThreads, mostThreads) })
}
