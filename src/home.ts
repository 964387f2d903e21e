import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config/settings.js'
import type { BlobStore, Catalogue, ChatModel, ChunkStores, Embedder, FileParser, Logger } from './core/ports.js'
import { httpEmbedder } from './embed/http.js'
import { findModel } from './embed/models.js'
import { onnxEmbedder } from './embed/onnx.js'
import { openAiModel } from './generate/models/openai.js'
import { chunkerVersion } from './ingest/chunk.js'
import { type JobRunner, jobRunner } from './ingest/jobs.js'
import { type Originals, originals } from './ingest/originals.js'
import { sandboxedParser } from './ingest/parse.js'
import { ingest } from './knowledge-base.js'
import { blobStore } from './store/blobs.js'
import { sqliteCatalogue } from './store/catalogue.js'
import { type HomeLock, lockHome } from './store/home-lock.js'
import { lanceStores, type Recovery } from './store/lance.js'

/** The open parts of a home folder. This process is the only one that writes to it. */
export interface Home {
  config: Config
  lock: HomeLock
  catalogue: Catalogue
  blobs: BlobStore
  originals: Originals
  stores: ChunkStores
  embedder: Embedder
  runner: JobRunner
  /** Null when none is configured. */
  chatModel: ChatModel | null
  close(): Promise<void>
}

/** Jobs at a time: while one embeds, the next is parsed and the one before is written. */
const jobsAtATime = 3

/**
 * Opens the drivers behind the ports, as the configuration asks, and takes up the jobs that were left unfinished.
 * @throws InkstoneError `home_locked` when another process has the home open, `model_missing` when the embedding model
 *   is not there, `store_corrupt`
 */
export async function openHome(config: Config, { log }: { log: Logger }): Promise<Home> {
  const directory = join(config.home, 'kb')
  await mkdir(directory, { recursive: true })
  const open: { close(): Promise<void> }[] = []
  const opened = <T extends { close(): Promise<void> }>(resource: T): T => {
    open.push(resource)
    return resource
  }
  const close = async () => {
    for (const resource of open.splice(0).reverse()) await resource.close()
  }
  try {
    const lock = await lockHome(directory)
    opened({ close: () => lock.release() })
    // Both are waited for even when one fails, so that whatever did open is closed again.
    const [openedCatalogue, loadedModel] = await Promise.allSettled([
      sqliteCatalogue({ path: join(directory, 'catalogue.sqlite') }).then(opened),
      openEmbedder(config).then(opened),
    ])
    const catalogue = unwrap(openedCatalogue)
    const embedder = unwrap(loadedModel)
    const blobs = await blobStore({ dir: join(directory, 'blobs') })
    const stores = opened(
      await lanceStores({
        dir: join(directory, 'lance'),
        fingerprint: `${embedder.fingerprint} chunker:${chunkerVersion}`,
        dimensions: embedder.dimensions,
        onRecovered: (recovery) =>
          takeUpAfter(recovery).catch((error: unknown) => log.error({ error: String(error) }, 'recovery failed')),
      }),
    )
    const kept = originals({ blobs, catalogue })
    const chatModel = openChatModel(config)
    const parts = { config, lock, catalogue, blobs, originals: kept, stores, embedder, chatModel }
    const runner = startRunner(parts, { parser: opened(openParser(config)), log })
    opened({ close: () => runner.stop() })
    const takeUpAfter = async ({ knowledgeBaseId, acknowledgedLost, quarantinedVersions }: Recovery) => {
      log.warn({ knowledgeBaseId, quarantinedVersions }, 'a damaged table went back to its last sound version')
      if (!acknowledgedLost) return
      await ingestAgain(knowledgeBaseId, catalogue)
      runner.wake()
    }
    const requeued = await catalogue.requeueInterruptedJobs()
    if (requeued > 0) log.info({ jobs: requeued }, 'interrupted jobs run again')
    runner.wake()
    return { ...parts, runner, close }
  } catch (error) {
    await close()
    throw error
  }
}

function startRunner(
  { config, catalogue, blobs, originals: kept, stores, embedder }: Omit<Home, 'runner' | 'close'>,
  { parser, log }: { parser: FileParser; log: Logger },
): JobRunner {
  const { chunkTokens, chunkOverlapTokens } = config
  return jobRunner({
    catalogue,
    concurrency: jobsAtATime,
    log,
    async run(job, options) {
      const chunks = await stores.open(job.knowledgeBaseId)
      return ingest(job, { blobs, parser, embedder, chunks, catalogue, chunkTokens, chunkOverlapTokens }, options)
    },
    async afterJob(job, orphanedHashes) {
      await kept.release(orphanedHashes)
      await (await stores.open(job.knowledgeBaseId)).maintain()
    },
  })
}

/** Chunks that were lost are made again from the originals. */
async function ingestAgain(knowledgeBaseId: string, catalogue: Catalogue): Promise<void> {
  let cursor: string | null = null
  do {
    const options: { limit: number; cursor?: string } = { limit: 500, ...(cursor === null ? {} : { cursor }) }
    const page = await catalogue.listDocuments(knowledgeBaseId, options)
    for (const { id } of page.items) await catalogue.resubmit(id)
    cursor = page.nextCursor
  } while (cursor !== null)
}

function openParser({ parseTimeoutMs, parseMemoryBytes, parseProcesses }: Config): FileParser {
  return sandboxedParser({ timeoutMs: parseTimeoutMs, memoryBytes: parseMemoryBytes, processes: parseProcesses })
}

function openEmbedder(config: Config): Promise<Embedder> {
  if (config.embedBaseUrl === undefined) {
    return onnxEmbedder({
      model: findModel(config.embedModel),
      modelsDir: config.modelsDir,
      threads: config.embedThreads,
    })
  }
  return httpEmbedder({
    baseUrl: config.embedBaseUrl,
    apiKey: config.embedApiKey,
    modelId: config.embedModel,
    maxTokens: config.embedMaxTokens,
  })
}

function openChatModel(config: Config): ChatModel | null {
  if (config.llmBaseUrl === undefined) return null
  return openAiModel({
    baseUrl: config.llmBaseUrl,
    apiKey: config.llmApiKey,
    model: config.llmModel,
    connectTimeoutMs: config.llmConnectTimeoutMs,
    idleTimeoutMs: config.llmIdleTimeoutMs,
    totalTimeoutMs: config.llmTotalTimeoutMs,
  })
}

function unwrap<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}
