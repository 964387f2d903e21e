import type { Config } from '../../config/settings.js'
import { isModelInstalled, modelPath, verifyModel } from '../../embed/installed.js'
import { findModel } from '../../embed/models.js'
import type { Check } from './check.js'
import { listModels } from './language-models.js'

const name = 'embedding model'

/** Whether the configured embedding model is there, with the files that it should have. */
export async function embeddingModelCheck(config: Config): Promise<Check> {
  if (config.embedBaseUrl !== undefined) return embeddingServerCheck(config.embedBaseUrl, config)
  const model = findModel(config.embedModel)
  const path = modelPath(model, config.modelsDir)
  const remedy = `run "inkstone models pull ${model.id}"`
  if (!(await isModelInstalled(model, config.modelsDir))) {
    return { name, status: 'warn', message: `${model.id} is not installed yet; "inkstone serve" fetches it`, remedy }
  }
  const files = await verifyModel(model, config.modelsDir)
  const bad = files.filter((file) => file.status !== 'ok').map((file) => `${file.path} is ${file.status}`)
  if (bad.length > 0) return { name, status: 'fail', message: `${model.id}: ${bad.join(', ')}`, remedy }
  return { name, status: 'ok', message: `${model.id}, every file verified, in ${path}` }
}

async function embeddingServerCheck(baseUrl: string, config: Config): Promise<Check> {
  const reply = await listModels(baseUrl, { apiKey: config.embedApiKey, timeoutMs: 3_000 })
  if (reply.reached) return { name, status: 'ok', message: `${config.embedModel} at ${baseUrl}` }
  return {
    name,
    status: 'fail',
    message: `the embedding server at ${baseUrl} cannot be used: ${reply.reason}`,
    remedy: 'start it, or mend INKSTONE_EMBED_BASE_URL and INKSTONE_EMBED_API_KEY',
  }
}
