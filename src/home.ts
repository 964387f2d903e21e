import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { processEnvironment } from './config/environment.js'
import type { Config } from './config/settings.js'
import type { Catalogue } from './core/catalogue.js'
import type { ChunkStores } from './core/chunk-store.js'
import { InkstoneError } from './core/errors.js'
import type { BlobStore, ChatModel, Embedder, FileParser, Logger, Reranker, TextRecogniser } from './core/ports.js'
import { termsVersion } from './core/terms.js'
import { absentEmbedder } from './embed/absent.js'
import { crossEncoder } from './embed/cross-encoder.js'
import { httpEmbedder } from './embed/http.js'
import { findModel } from './embed/models.js'
import { onnxEmbedder } from './embed/onnx.js'
import { findRerankModel } from './embed/rerank-models.js'
import { guardedModel } from './generate/models/guarded.js'
import { llamaModel } from './generate/models/llama.js'
import { openAiModel } from './generate/models/openai.js'
import { replicateModel } from './generate/models/replicate.js'
import { readTemplates } from './generate/read-templates.js'
import type { Templates } from './generate/templates.js'
import { chunkerVersion } from './ingest/chunk/chunk.js'
import { documentWriter } from './ingest/document-writer.js'
import { type Intake, intake } from './ingest/intake.js'
import { type JobRunner, jobRunner } from './ingest/jobs/jobs.js'
import { ingestAgain, type Reindexing, reindexing } from './ingest/jobs/reindex.js'
import { spentMemory } from './ingest/jobs/spent-memory.js'
import { sandboxedRecogniser } from './ingest/ocr/recogniser.js'
import { type Originals, originals } from './ingest/originals.js'
import { sandboxedParser } from './ingest/parse/parse.js'
import { finishRemovals } from './ingest/removals.js'
import { type Scratch, scratchFolders } from './ingest/scratch.js'
import { type StaleChunks, staleChunks } from './ingest/stale-chunks.js'
import { ingest } from './knowledge-base.js'
import type { Reranking } from './retrieve/rerank.js'
import { httpReranker } from './retrieve/rerankers/http.js'
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
  /** Why there is no embedding model. Jobs then wait, and what needs vectors throws it. */
  modelProblem: InkstoneError | null
  runner: JobRunner
  intake: Intake
  /** Starts to make the table of a knowledge base anew, with the model of now. Returns how many documents that takes. */
  reindex(knowledgeBaseId: string): Promise<number>
  /** Names the embedding model, its files and how texts are cut: an index of another one is of no use. */
  fingerprint: string
  /** Null when none is configured. */
  reranking: Reranking | null
  /** Null when none is configured. */
  chatModel: ChatModel | null
  /** The instructions that it gets. */
  templates: Templates
  close(): Promise<void>
}

export interface HomeOptions {
  log: Logger
  /** Opens the embedding model; another one than the configured is for measuring. */
  openEmbedder?(config: Config): Promise<Embedder>
}

/** Jobs at a time: while one embeds, the next is parsed and the one before is written. */
const jobsAtATime = 3

/**
 * Opens the drivers behind the ports, as the configuration asks, and takes up the jobs that were left unfinished.
 * @throws InkstoneError `home_locked` when another process has the home open, `home_unwritable`, `store_corrupt`,
 *   `invalid_configuration` when a prompt template cannot be used
 */
export async function openHome(config: Config, { log, openEmbedder = embedderOf }: HomeOptions): Promise<Home> {
  const templates = await readTemplates(config.promptsDir)
  const directory = join(config.home, 'kb')
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw unwritable(config.home, error)
  })
  const open: { close(): Promise<void> }[] = []
  const opened = <T extends { close(): Promise<void> }>(resource: T): T => {
    open.push(resource)
    return resource
  }
  // One that cannot be closed must not keep the others open, least of all the lock.
  const close = async () => {
    const failures: unknown[] = []
    for (const resource of open.splice(0).reverse()) {
      await resource.close().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
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
    const modelProblem = problemOf(loadedModel)
    const embedder = modelProblem
      ? absentEmbedder({ modelId: config.embedModel, problem: modelProblem })
      : unwrap(loadedModel)
    const blobs = await blobStore({ dir: join(directory, 'blobs') })
    const fingerprint = `${embedder.fingerprint} chunker:${chunkerVersion} terms:${termsVersion}`
    const tables = opened(
      await lanceStores({
        dir: join(directory, 'lance'),
        fingerprint,
        dimensions: embedder.dimensions,
        environment: processEnvironment(),
        onRecovered: (recovery) =>
          takeUpAfter(recovery).catch((error: unknown) => log.error({ error: String(error) }, 'recovery failed')),
      }),
    )
    const stores = modelProblem ? { ...tables, open: () => Promise.reject(modelProblem) } : tables
    const kept = originals({ blobs, catalogue })
    const stale = staleChunks({ catalogue, stores, log })
    const chatModel = openChatModel(config)
    opened({ close: async () => chatModel?.close?.() })
    const reranker = openReranker(config)
    const reranking = reranker && rerankingWith(opened(reranker), { config, log })
    const models = { embedder, modelProblem, fingerprint, reranking, chatModel, templates }
    const parts = { config, lock, catalogue, blobs, originals: kept, stores, ...models }
    const reindexes = reindexing()
    const reading = {
      parser: opened(openParser(config)),
      recogniser: config.ocr === 'off' ? null : opened(openRecogniser(config)),
      scratch: await scratchFolders(join(directory, 'scratch')),
    }
    const { runner, intake } = startRunner(parts, { ...reading, stale, log, settled: reindexes.settled })
    opened({ close: () => runner.stop() })
    const takeUpAfter = async ({ knowledgeBaseId, acknowledgedLost, quarantinedVersions }: Recovery) => {
      log.warn({ knowledgeBaseId, quarantinedVersions }, 'a damaged table went back to its last sound version')
      if (!acknowledgedLost) return
      await ingestAgain(knowledgeBaseId, catalogue)
      runner.wake()
    }
    const requeued = await catalogue.requeueInterruptedJobs()
    if (requeued > 0) log.info({ jobs: requeued }, 'interrupted jobs run again')
    // They open tables, and one may turn out to have lost something.
    await finishRemovals({ catalogue, stores, originals: kept }, { log })
    await stale.sweep()
    if (modelProblem === null) runner.wake()
    const reindex = (knowledgeBaseId: string) => reindexes.start(knowledgeBaseId, { catalogue, stores, runner })
    return { ...parts, runner, intake, reindex, close }
  } catch (error) {
    await close().catch(() => undefined)
    throw isRefusal(error) ? unwritable(config.home, error) : error
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
}

function unwritable(home: string, cause: unknown): InkstoneError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new InkstoneError('home_unwritable', `${home} cannot be written: ${reason}`, {
    remedy: 'give this user the right to write there, or choose another folder with --home or INKSTONE_HOME',
    cause,
  })
}

interface Reading {
  parser: FileParser
  recogniser: TextRecogniser | null
  scratch: Scratch
  stale: StaleChunks
  log: Logger
  settled: Reindexing['settled']
}

/** The runner's jobs hand in what they find inside files, and what goes in or out wakes or stops jobs. */
function startRunner(
  {
    config,
    catalogue,
    blobs,
    originals: kept,
    stores,
    embedder,
  }: Omit<Home, 'runner' | 'intake' | 'reindex' | 'close'>,
  { parser, recogniser, scratch, stale, log, settled }: Reading,
): { runner: JobRunner; intake: Intake } {
  const memory = spentMemory()
  const writer = documentWriter({ log })
  const runner = jobRunner({
    catalogue,
    concurrency: jobsAtATime,
    onQuiet() {
      writer.settle()
      void stale.sweep()
    },
    log,
    async run(job, options) {
      await settled(job.knowledgeBaseId, options.signal)
      const chunks = await stores.open(job.knowledgeBaseId)
      const knowledgeBase = await catalogue.getKnowledgeBase(job.knowledgeBaseId)
      const chunkTokens = knowledgeBase.chunkTokens ?? config.chunkTokens
      const chunkOverlapTokens = knowledgeBase.chunkOverlapTokens ?? config.chunkOverlapTokens
      const parts = { blobs, parser, recogniser, embedder, chunks, writer, catalogue, intake: taken, scratch }
      return ingest(job, { ...parts, chunkTokens, chunkOverlapTokens }, options)
    },
    async afterJob(job, orphanedHashes) {
      stale.jobEnded(job)
      await kept.release(orphanedHashes)
      memory.giveBack()
    },
  })
  const { maxUploadBytes } = config
  const taken = intake({ catalogue, stores, blobs, originals: kept, runner, maxUploadBytes })
  const stop = async () => {
    await runner.stop()
    await writer.close()
    await stale.settled()
  }
  // Whoever removes a knowledge base stops the work on it first.
  const interrupt: JobRunner['interrupt'] = async (isMeant) => {
    await runner.interrupt(isMeant)
    await stale.settled()
  }
  return { runner: { ...runner, stop, interrupt }, intake: taken }
}

function openParser({ parseTimeoutMs, parseCpuMs, parseMemoryBytes, parseProcesses, sofficePath }: Config): FileParser {
  return sandboxedParser({
    timeoutMs: parseTimeoutMs,
    cpuMs: parseCpuMs,
    memoryBytes: parseMemoryBytes,
    processes: parseProcesses,
    soffice: sofficePath ?? null,
  })
}

function openRecogniser({ ocrTimeoutMs, ocrMemoryBytes }: Config): TextRecogniser {
  return sandboxedRecogniser({ timeoutMs: ocrTimeoutMs, memoryBytes: ocrMemoryBytes })
}

async function embedderOf(config: Config): Promise<Embedder> {
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

/** Each thread of a reranking model holds a copy of it, and such a model is large. */
const mostRerankThreads = 4

/** @throws InkstoneError `model_not_found` */
function openReranker({ rerankBaseUrl, rerankApiKey, rerankModel, ...config }: Config): Reranker | null {
  if (rerankBaseUrl !== undefined) {
    return httpReranker({ baseUrl: rerankBaseUrl, apiKey: rerankApiKey, model: rerankModel })
  }
  if (rerankModel === undefined) return null
  const threads = Math.min(config.embedThreads, mostRerankThreads)
  return crossEncoder({ model: findRerankModel(rerankModel), modelsDir: config.modelsDir, threads })
}

function rerankingWith(reranker: Reranker, { config, log }: { config: Config; log: Logger }): Reranking {
  return { reranker, candidates: config.rerankCandidates, timeoutMs: config.rerankTimeoutMs, log }
}

/** Null: answers are quotes. A model in this process writes one answer at a time. */
function openChatModel(config: Config): ChatModel | null {
  const model = languageModelOf(config)
  const concurrency = config.llmModelPath === undefined ? config.llmConcurrency : 1
  return (
    model &&
    guardedModel(model, {
      queue: { concurrency, length: config.llmQueueLength, waitMs: config.llmQueueTimeoutMs },
      breaker: { failures: config.llmBreakerFailures, pauseMs: config.llmBreakerPauseMs },
      retry: { retries: config.llmRetries },
      totalMs: config.llmTotalTimeoutMs,
    })
  )
}

function languageModelOf(config: Config): ChatModel | null {
  const { llmBaseUrl, llmModelPath, llmTemperature: temperature } = config
  if (llmModelPath !== undefined) {
    const { home, llmContextTokens: contextTokens, llmThreads: threads } = config
    return llamaModel({ modelPath: llmModelPath, home, contextTokens, threads, temperature })
  }
  if (llmBaseUrl === undefined) return null
  const { llmModel: model, llmApiKey: apiKey } = config
  const patience = {
    connectMs: config.llmConnectTimeoutMs,
    firstTokenMs: config.llmFirstTokenTimeoutMs,
    idleMs: config.llmIdleTimeoutMs,
  }
  const server = { baseUrl: llmBaseUrl, apiKey, temperature, patience }
  if (config.llmProtocol === 'replicate' && model !== undefined) return replicateModel({ ...server, model })
  return openAiModel({ ...server, model })
}

/** What keeps the model from being used; what is not known to be that is thrown. */
function problemOf(settled: PromiseSettledResult<Embedder>): InkstoneError | null {
  return settled.status === 'rejected' && settled.reason instanceof InkstoneError ? settled.reason : null
}

function unwrap<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}
