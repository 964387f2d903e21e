import type { Config } from '../config/settings.js'
import type { Embedder, FileParser, TextRecogniser } from '../core/ports.js'
import { httpEmbedder } from '../embed/http.js'
import { findModel } from '../embed/models.js'
import { onnxEmbedder } from '../embed/onnx.js'
import { sandboxedRecogniser } from '../ingest/ocr/recogniser.js'
import { sandboxedParser } from '../ingest/parse/parse.js'

/** What reads a file and counts its tokens, without a home. */
export interface Reader {
  parser: FileParser
  /** Null when text recognition is turned off. */
  recogniser: TextRecogniser | null
  embedder: Pick<Embedder, 'countTokens' | 'maxTokens'>
  close(): Promise<void>
}

/** @throws InkstoneError `model_missing`, `embedding_failed` */
export async function openReader(config: Config): Promise<Reader> {
  const embedder = await openEmbedder(config)
  const parser = sandboxedParser({
    timeoutMs: config.parseTimeoutMs,
    cpuMs: config.parseCpuMs,
    memoryBytes: config.parseMemoryBytes,
    processes: 1,
    soffice: config.sofficePath ?? null,
  })
  const recogniser =
    config.ocr === 'off'
      ? null
      : sandboxedRecogniser({ timeoutMs: config.ocrTimeoutMs, memoryBytes: config.ocrMemoryBytes })
  return {
    parser,
    recogniser,
    embedder,
    async close() {
      await Promise.all([parser.close(), recogniser?.close(), embedder.close()])
    },
  }
}

async function openEmbedder(config: Config): Promise<Embedder> {
  if (config.embedBaseUrl === undefined) {
    return onnxEmbedder({ model: findModel(config.embedModel), modelsDir: config.modelsDir, threads: 1 })
  }
  return httpEmbedder({
    baseUrl: config.embedBaseUrl,
    apiKey: config.embedApiKey,
    modelId: config.embedModel,
    maxTokens: config.embedMaxTokens,
  })
}
