import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { InkstoneError } from '../core/errors.js'
import type { Chunk, Loss } from '../core/types.js'
import { chunkBatches, type PreparedChunk } from '../ingest/chunk/chunk.js'
import { documentText } from '../ingest/chunk/document-text.js'
import { type RecognisedFile, recognisePictures } from '../ingest/recognise.js'
import type { Reader } from './open-reader.js'

/** A chunk as it would be stored, with what is embedded for it. */
export type FileChunk = Pick<
  Chunk,
  'index' | 'page' | 'headingPath' | 'kind' | 'tableHeader' | 'tokenCount' | 'span' | 'text'
> & { embedText: string }

/** What a file becomes. */
export interface ChunkedFile {
  document: {
    title: string
    mediaType: string
    pageCount: number | null
    /** Pages and pictures whose text was recognised. */
    ocrCount: number
    /** Names of the files inside: each becomes a document of its own. */
    members: string[]
    losses: Loss[]
    warnings: string[]
  }
  chunks: FileChunk[]
}

export interface ChunkFileOptions extends Pick<Reader, 'parser' | 'recogniser' | 'embedder'> {
  chunkTokens: number
  chunkOverlapTokens: number
  passwords?: readonly string[]
  signal?: AbortSignal
  /** Pictures whose text is being recognised. */
  onRecognising?(pictures: { done: number; total: number }): void
}

/**
 * Reads one file and cuts it as an ingest would; nothing is stored.
 * @param path absolute
 * @throws InkstoneError `cancelled`, and those of the parser
 */
export async function chunkFile(path: string, options: ChunkFileOptions): Promise<ChunkedFile> {
  const scratchDir = await mkdtemp(join(tmpdir(), 'inkstone-chunk-'))
  try {
    const file = await readFile(path, { ...options, scratchDir })
    const title = file.title?.trim() || basename(path)
    const { mediaType, pageCount, ocrCount, losses, warnings } = file
    const members = file.members.map(({ name }) => name)
    const document = { title, mediaType, pageCount, ocrCount, members, losses, warnings }
    return { document, chunks: await chunksOf(file, { ...options, title }) }
  } finally {
    await rm(scratchDir, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** @throws InkstoneError `not_found`, `invalid_request` for a folder, `file_unreadable` */
export async function checkFile(path: string): Promise<void> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new InkstoneError('not_found', `there is no file "${path}"`, { remedy: 'check the path', cause })
  })
  if (stats.isDirectory()) {
    throw new InkstoneError('invalid_request', `"${path}" is a folder`, {
      remedy: 'name one file; folders go in with "inkstone ingest"',
    })
  }
  const readable = await access(path, constants.R_OK).then(
    () => stats.isFile(),
    () => false,
  )
  if (readable) return
  throw new InkstoneError('file_unreadable', `"${path}" cannot be read`, {
    remedy: 'check that it is a file and that this user may read it',
  })
}

async function readFile(
  path: string,
  { parser, recogniser, passwords = [], signal, onRecognising, scratchDir }: ChunkFileOptions & { scratchDir: string },
): Promise<RecognisedFile> {
  const stopping = signal === undefined ? {} : { signal }
  const parsed = await parser.parse(path, { fileName: basename(path), scratchDir, passwords, ...stopping })
  const progress = onRecognising === undefined ? {} : { onProgress: onRecognising }
  return recognisePictures(parsed, { path, recogniser, passwords, ...stopping, ...progress })
}

async function chunksOf(
  { blocks }: Pick<RecognisedFile, 'blocks'>,
  { title, embedder, chunkTokens, chunkOverlapTokens, signal }: ChunkFileOptions & { title: string },
): Promise<FileChunk[]> {
  const stopping = signal === undefined ? {} : { signal }
  const chunks: FileChunk[] = []
  const batches = chunkBatches(await documentText(blocks, stopping), {
    title,
    countTokens: (texts) => embedder.countTokens(texts),
    maxTokens: chunkTokens,
    limitTokens: embedder.maxTokens,
    overlapTokens: chunkOverlapTokens,
    ...stopping,
  })
  for await (const batch of batches) chunks.push(...batch.map(fileChunk))
  return chunks
}

function fileChunk({ draft, embedText, tokenCount }: PreparedChunk): FileChunk {
  const { index, page, headingPath, kind, tableHeader, span, text } = draft
  return { index, page, headingPath, kind, tableHeader, tokenCount, span, text, embedText }
}
