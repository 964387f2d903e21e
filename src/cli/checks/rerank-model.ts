import type { Config } from '../../config/settings.js'
import { isModelInstalled, modelPath } from '../../embed/installed.js'
import { isPinned } from '../../embed/models.js'
import { findRerankModel } from '../../embed/rerank-models.js'
import { httpReranker } from '../../retrieve/rerankers/http.js'
import type { Check } from './check.js'

const name = 'reranking model'

/** Whether the configured reranking model can be used; nothing when none is. */
export async function rerankModelChecks(config: Config): Promise<Check[]> {
  if (config.rerankBaseUrl !== undefined) return [await rerankServerCheck(config.rerankBaseUrl, config)]
  if (config.rerankModel === undefined) return []
  const model = findRerankModel(config.rerankModel)
  if (await isModelInstalled(model, config.modelsDir)) {
    return [{ name, status: 'ok', message: `${model.id}, in ${modelPath(model, config.modelsDir)}` }]
  }
  const remedy = `run "inkstone models pull ${isPinned(model) ? '' : '--pin '}${model.id}"`
  return [{ name, status: 'warn', message: `${model.id} is not installed: the fused order stands`, remedy }]
}

async function rerankServerCheck(baseUrl: string, { rerankApiKey, rerankModel }: Config): Promise<Check> {
  const reranker = httpReranker({ baseUrl, apiKey: rerankApiKey, model: rerankModel, timeoutMs: 3_000 })
  // Thrown errors become a failed check with their remedy.
  await reranker.rerank('inkstone', ['inkstone']).finally(() => reranker.close())
  return { name, status: 'ok', message: `${reranker.modelId} at ${baseUrl}` }
}
