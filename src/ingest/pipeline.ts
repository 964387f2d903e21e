import { basename } from 'node:path'
import type { Catalogue, FinishedIngest } from '../core/catalogue.js'
import type { ChunkStore } from '../core/chunk-store.js'
import { InkstoneError } from '../core/errors.js'
import { newId } from '../core/ids.js'
import type { Job, JobStage } from '../core/job.js'
import type { BlobStore, Embedder, FileParser, TextRecogniser } from '../core/ports.js'
import type { Block, Chunk, EarlyBlocks } from '../core/types.js'
import { chunkBatches } from './chunk/chunk.js'
import { documentText } from './chunk/document-text.js'
import type { DocumentWriter } from './document-writer.js'
import { embedAhead } from './embed-ahead.js'
import { embedChunks } from './embed-chunks.js'
import type { Intake } from './intake.js'
import { acceptMembers } from './members.js'
import { type RecognisedFile, recognisePictures } from './recognise.js'
import type { Scratch } from './scratch.js'

export interface PipelineParts {
  blobs: BlobStore
  parser: FileParser
  /** Null when text recognition is turned off. */
  recogniser: TextRecogniser | null
  embedder: Embedder
  chunks: ChunkStore
  writer: Pick<DocumentWriter, 'write'>
  catalogue: Catalogue
  /** Takes what is found inside a file. */
  intake: Pick<Intake, 'submit' | 'removeSource'>
  scratch: Scratch
  chunkTokens: number
  chunkOverlapTokens: number
}

export interface IngestProgress {
  stage: JobStage
  /** Share of the stage that is done, 0 to 1. */
  progress: number
  pages?: Job['pages']
}

export interface IngestOptions {
  signal: AbortSignal
  onProgress(change: IngestProgress): void
  /** Called when the document only waits to be stored together with others. */
  onHandedOver(): void
}

/**
 * One stored file becomes searchable: parse ─ recognise ─ chunk ─ embed ─ store; what is found inside it becomes
 * documents of its own. When the promise resolves text and chunks of the revision are on disk; they are seen once the
 * catalogue finishes the job. Running it again replaces what is there.
 * @throws InkstoneError of the parser, the embedder or the stores; `no_text`; `cancelled` when the signal fires
 */
export async function ingestDocument(job: Job, parts: PipelineParts, options: IngestOptions): Promise<FinishedIngest> {
  const { embedder } = parts
  const ahead = embedAhead({
    ...chunkingOf(parts),
    embedder,
    fallbackTitle: basename(job.sourceUri),
    signal: options.signal,
  })
  try {
    return await readAndStore(
      job,
      { ...parts, embedder: { ...embedder, embed: ahead.embed } },
      { ...options, onEarly: ahead.take },
    )
  } finally {
    ahead.close()
  }
}

function chunkingOf({ embedder, chunkTokens, chunkOverlapTokens }: PipelineParts) {
  return {
    countTokens: (texts: readonly string[]) => embedder.countTokens(texts),
    maxTokens: Math.min(chunkTokens, embedder.maxTokens),
    limitTokens: embedder.maxTokens,
    overlapTokens: chunkOverlapTokens,
  }
}

interface ReadOptions extends IngestOptions {
  /** Takes what is likely to be in the file before it is read whole. */
  onEarly(early: EarlyBlocks): void
}

async function readAndStore(
  job: Job,
  parts: PipelineParts,
  { signal, onProgress, onHandedOver, onEarly }: ReadOptions,
): Promise<FinishedIngest> {
  const { embedder, chunks, writer, catalogue } = parts
  const file = await readFile(job, parts, { signal, onProgress, onEarly })
  const total = file.pageCount
  const pages = total === null ? null : { done: total, total }

  onProgress({ stage: 'chunking', progress: 0, pages })
  const text = await documentText(file.blocks, { signal })
  const title = file.title?.trim() || basename(job.sourceUri)
  const batches = chunkBatches(text, { ...chunkingOf(parts), title, signal })
  const { chunks: pieces, embeddings } = await embedChunks(batches, {
    embedder,
    signal,
    onEmbedded: ({ draft }) => onProgress({ stage: 'embedding', progress: draft.span.end / text.text.length, pages }),
  })

  onProgress({ stage: 'indexing', progress: 0, pages })
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
  await writer.write(
    { documentId: job.documentId, chunks: made, embeddings },
    { store: chunks, isUrgent: isUrgent(job), signal, onHandedOver },
  )
  const { mediaType, pageCount, ocrCount, losses, metadata, warnings } = file
  const counts = { pageCount, chunkCount: made.length, tableCount: countTables(file.blocks), ocrCount }
  return { revision: job.revision, title, mediaType, ...counts, losses, metadata, warnings }
}

/**
 * Whether a document is not to wait for others: a person waits for it, or a run before this one broke off. A program that
 * is killed every few seconds would otherwise never store a thing.
 */
function isUrgent({ priority, attempts }: Job): boolean {
  return priority === 'interactive' || attempts > 1
}

/** Everything the file holds as text; what is inside it is handed in. */
async function readFile(
  job: Job,
  { blobs, parser, recogniser, catalogue, intake, scratch }: PipelineParts,
  { signal, onProgress, onEarly }: Pick<ReadOptions, 'signal' | 'onProgress' | 'onEarly'>,
): Promise<RecognisedFile> {
  onProgress({ stage: 'parsing', progress: 0 })
  return scratch.use(async (scratchDir) => {
    const path = await blobs.path(job.contentHash)
    const passwords = await catalogue.getPasswords(job.documentId)
    const fileName = basename(job.sourceUri)
    const onPages = (pages: { done: number; total: number }) =>
      onProgress({ stage: 'parsing', progress: pages.done / pages.total, pages })
    const parsed = await parser.parse(path, {
      fileName,
      scratchDir,
      passwords,
      signal,
      follower: { onPages, onEarly },
    })
    const notTaken = await acceptMembers(job, parsed.members, { intake, catalogue, signal })
    const recognised = await recognisePictures(parsed, {
      path,
      recogniser,
      passwords,
      signal,
      onProgress: (pages) => onProgress({ stage: 'recognising', progress: pages.done / pages.total, pages }),
    })
    if (!recognised.blocks.some((block) => block.text.trim() !== '')) throw noText(fileName, recognised, recogniser)
    return { ...recognised, losses: [...recognised.losses, ...notTaken] }
  })
}

function noText(fileName: string, { losses }: RecognisedFile, recogniser: TextRecogniser | null): InkstoneError {
  const reasons = [...new Set(losses.map(({ reason }) => reason))].join('; ')
  return new InkstoneError('no_text', `"${fileName}" holds no text that can be read${reasons ? `: ${reasons}` : ''}`, {
    remedy:
      recogniser === null
        ? 'turn on text recognition (INKSTONE_OCR=auto) and retry the document, or add a version with text'
        : 'add a sharper scan, or a version with text',
  })
}

/** A long table is several blocks, each with the same header row. */
function countTables(blocks: readonly Block[]): number {
  const headerOf = (block: Block | undefined) =>
    block?.kind === 'table' ? (block.text.split('\n', 1)[0] ?? '') : undefined
  return blocks.filter((block, index) => {
    const header = headerOf(block)
    return header !== undefined && header !== headerOf(blocks[index - 1])
  }).length
}
