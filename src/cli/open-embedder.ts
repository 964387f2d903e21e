import type { Config } from '../config/settings.js'
import type { Embedder } from '../core/ports.js'
import { httpEmbedder } from '../embed/http.js'
import { findModel } from '../embed/models.js'
import { onnxEmbedder } from '../embed/onnx.js'

/** The configured embedding model, without a home. @throws InkstoneError `model_missing`, `embedding_failed` */
export async function openEmbedder(config: Config, { threads }: { threads: number }): Promise<Embedder> {
  if (config.embedBaseUrl === undefined) {
    return onnxEmbedder({ model: findModel(config.embedModel), modelsDir: config.modelsDir, threads })
  }
  return httpEmbedder({
    baseUrl: config.embedBaseUrl,
    apiKey: config.embedApiKey,
    modelId: config.embedModel,
    maxTokens: config.embedMaxTokens,
  })
}
