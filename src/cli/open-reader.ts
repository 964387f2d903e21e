import type { Config } from '../config/settings.js'
import type { Embedder, FileParser, TextRecogniser } from '../core/ports.js'
import { sandboxedRecogniser } from '../ingest/ocr/recogniser.js'
import { sandboxedParser } from '../ingest/parse/parse.js'
import { openEmbedder } from './open-embedder.js'

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
  const embedder = await openEmbedder(config, { threads: 1 })
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
