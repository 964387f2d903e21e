import { basename } from 'node:path'
import { newId } from '../core/ids.js'
import type { BlobStore, Catalogue, ChunkStore, Embedder, FileParser, FinishedIngest } from '../core/ports.js'
import type { Chunk, Embedding, Job, JobStage } from '../core/types.js'
import { chunkDocument } from './chunk.js'
import { documentText } from './document-text.js'

export interface PipelineParts {
  blobs: BlobStore
  parser: FileParser
  embedder: Embedder
  chunks: ChunkStore
  catalogue: Catalogue
  chunkTokens: number
  chunkOverlapTokens: number
}

export interface IngestOptions {
  signal: AbortSignal
  onProgress(change: { stage: JobStage; progress: number }): void
}

/** Chunks handed to the embedder at a time: small enough to report progress, large enough to keep every worker busy. */
const chunksPerStep = 32

/**
 * One stored file becomes searchable: parse ─ chunk ─ embed ─ store. When the promise resolves text and chunks of the
 * revision are on disk; they are seen once the catalogue finishes the job. Running it again replaces what is there.
 * @throws InkstoneError of the parser, the embedder or the stores; `cancelled` when the signal fires
 */
export async function ingestDocument(
  job: Job,
  { blobs, parser, embedder, chunks, catalogue, chunkTokens, chunkOverlapTokens }: PipelineParts,
  { signal, onProgress }: IngestOptions,
): Promise<FinishedIngest> {
  onProgress({ stage: 'parsing', progress: 0 })
  const fileName = basename(job.sourceUri)
  const parsed = await parser.parse(await blobs.path(job.contentHash), { fileName, signal })

  onProgress({ stage: 'chunking', progress: 0 })
  const text = documentText(parsed.blocks)
  const title = parsed.title?.trim() || fileName
  const pieces = await chunkDocument(text, {
    title,
    countTokens: (texts) => embedder.countTokens(texts),
    maxTokens: Math.min(chunkTokens, embedder.maxTokens),
    limitTokens: embedder.maxTokens,
    overlapTokens: chunkOverlapTokens,
    signal,
  })

  const embeddings: Embedding[] = []
  for (let done = 0; done < pieces.length; done += chunksPerStep) {
    onProgress({ stage: 'embedding', progress: done / pieces.length })
    const step = pieces.slice(done, done + chunksPerStep).map(({ embedText }) => embedText)
    embeddings.push(...(await embedder.embed(step, { task: 'document', signal })))
  }

  onProgress({ stage: 'indexing', progress: 0 })
  const made = pieces.map(
    ({ draft, tokenCount }): Chunk => ({
      ...draft,
      id: newId('chk'),
      knowledgeBaseId: job.knowledgeBaseId,
      documentId: job.documentId,
      revision: job.revision,
      documentTitle: title,
      tokenCount,
    }),
  )
  await catalogue.saveText(job.documentId, job.revision, text.pages)
  signal.throwIfAborted()
  await chunks.replaceDocument(job.documentId, made, embeddings)
  return {
    revision: job.revision,
    title,
    mediaType: parsed.mediaType,
    pageCount: parsed.pageCount,
    chunkCount: made.length,
    metadata: parsed.metadata,
    warnings: parsed.warnings,
  }
}
