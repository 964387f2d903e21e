import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/settings.js'
import type { Catalogue } from '../core/catalogue.js'
import type { ChunkStore } from '../core/chunk-store.js'
import type { Embedder } from '../core/ports.js'
import type { Document } from '../core/types.js'
import type { Passage } from '../eval/beir.js'
import { type CutPiece, corpusRevision } from '../eval/index-corpus.js'
import { openPassageCache, type PassageCache } from '../eval/passage-cache.js'
import type { SearchPorts } from '../eval/run-beir.js'
import { chunkerVersion } from '../ingest/chunk/chunk.js'
import { search } from '../knowledge-base.js'
import { lanceStores } from '../store/lance.js'
import { cutPassages } from './cut-passages.js'
import { openEmbedder } from './open-embedder.js'
import { openReranking } from './open-reranking.js'

/** The product's own parts over a table that lives as long as one evaluation. */
export interface Evaluation {
  embedder: Embedder
  store: ChunkStore
  cache: PassageCache
  cut(passages: readonly Passage[]): Promise<CutPiece[][]>
  search: SearchPorts['search']
  fuse: SearchPorts['fuse']
  close(): Promise<void>
}

/**
 * The table is made anew each time: how chunks become rows may have changed. What takes long, the vectors, is cached.
 * @param folder holds the cached vectors and, while the evaluation is open, the table
 * @throws InkstoneError `model_missing`, `embedding_failed`
 */
export async function openEvaluation(
  config: Config,
  { folder, signal, onWarning }: { folder: string; signal: AbortSignal; onWarning(sentence: string): void },
): Promise<Evaluation> {
  const { chunkTokens, chunkOverlapTokens } = config
  await removeLeftovers(join(folder, 'tables'))
  const dir = join(folder, 'tables', `${process.pid}-${randomUUID()}`)
  const reranking = openReranking(config, { log: { warn: (_fields, sentence) => onWarning(sentence) } })
  const embedder = await openEmbedder(config, { threads: config.embedThreads })
  const fingerprint = `${embedder.fingerprint} chunker:${chunkerVersion} ${chunkTokens}/${chunkOverlapTokens}`
  const { dimensions } = embedder
  const cache = await openPassageCache(join(folder, 'vectors'), { fingerprint, dimensions })
  const stores = await lanceStores({ dir, fingerprint, dimensions })
  const store = await stores.open('eval')
  const catalogue = { getDocuments: everyDocument, selectDocuments: async () => null }
  const parts = { stores: [store], embedder, catalogue, signal }
  return {
    embedder,
    store,
    cache,
    cut: (passages) => cutPassages(passages, { embedder, chunkTokens, chunkOverlapTokens, signal }),
    search: (question) => search(question, { ...parts, reranking }),
    fuse: reranking === null ? null : (question) => search(question, { ...parts, reranking: null }),
    async close() {
      await Promise.all([stores.close(), cache.close(), embedder.close(), reranking?.reranker.close()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Tables of evaluations that were killed. */
async function removeLeftovers(tables: string): Promise<void> {
  await mkdir(tables, { recursive: true })
  for (const name of await readdir(tables)) {
    if (!isRunning(Number.parseInt(name, 10))) await rm(join(tables, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Every passage of the set is a document that can be found. */
const everyDocument: Catalogue['getDocuments'] = async (ids) => new Map(ids.map((id) => [id, documentOf(id)]))

function documentOf(id: string): Document {
  return {
    id,
    knowledgeBaseId: 'eval',
    sourceUri: id,
    title: '',
    mediaType: 'text/plain',
    contentHash: '',
    sizeBytes: 0,
    revision: corpusRevision,
    status: 'ready',
    pageCount: null,
    chunkCount: 1,
    tableCount: 0,
    ocrCount: 0,
    losses: [],
    metadata: {},
    error: null,
    createdAt: '',
    updatedAt: '',
  }
}
