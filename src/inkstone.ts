import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Config } from './config/settings.js'
import { InkstoneError } from './core/errors.js'
import type { ChunkStore, Logger } from './core/ports.js'
import type { AnswerRequest, InkstoneService, SearchRequest } from './core/service.js'
import type { Document, Question } from './core/types.js'
import { extractiveModelId } from './generate/answer.js'
import { type Home, openHome } from './home.js'
import { ask, search } from './knowledge-base.js'
import { version } from './version.js'

/** The service of the process that owns the home. */
export interface Inkstone extends InkstoneService {
  /** Tells other processes where this one can be reached. */
  setUrl(url: string): Promise<void>
  /** @throws InkstoneError what keeps the embedding model from being used, such as `model_missing` */
  requireModel(): void
}

/** Opens the home of a configuration. @throws InkstoneError as `openHome` does */
export async function openInkstone(config: Config, { log }: { log: Logger }): Promise<Inkstone> {
  const home = await openHome(config, { log })
  try {
    if ((await home.catalogue.listKnowledgeBases()).length === 0) {
      await home.catalogue.createKnowledgeBase({ slug: 'default', name: 'Default' })
    }
  } catch (error) {
    // Left open, its threads would keep the process alive.
    await home.close().catch(() => undefined)
    throw error
  }
  return {
    ...knowledgeBases(home),
    ...documents(home),
    ...jobs(home),
    ...questions(home),
    setUrl: (url) => home.lock.setUrl(url),
    requireModel: () => requireModel(home),
    close: () => home.close(),
    async status() {
      const ids = (await home.catalogue.listKnowledgeBases()).map(({ id }) => id)
      return {
        version,
        embeddingModelId: home.embedder.modelId,
        answerModelId: home.chatModel?.modelId ?? extractiveModelId,
        pendingJobs: await home.catalogue.countPendingJobs(ids),
      }
    },
  }
}

function requireModel({ modelProblem }: Home): void {
  if (modelProblem !== null) throw modelProblem
}

function knowledgeBases(home: Home) {
  const { catalogue, stores, originals, runner } = home
  return {
    async createKnowledgeBase({ slug, name = slug }: { slug: string; name?: string }) {
      if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)) {
        throw new InkstoneError('invalid_request', `"${slug}" cannot be the slug of a knowledge base`, {
          remedy: 'use up to 63 lower-case letters, digits and hyphens, starting with a letter or digit',
        })
      }
      return catalogue.createKnowledgeBase({ slug, name })
    },
    listKnowledgeBases: () => catalogue.listKnowledgeBases(),
    getKnowledgeBase: (knowledgeBase: string) => catalogue.getKnowledgeBase(knowledgeBase),
    async renameKnowledgeBase(knowledgeBase: string, name: string) {
      return catalogue.renameKnowledgeBase((await catalogue.getKnowledgeBase(knowledgeBase)).id, name)
    },
    async deleteKnowledgeBase(knowledgeBase: string) {
      const { id } = await catalogue.getKnowledgeBase(knowledgeBase)
      const { orphanedHashes } = await catalogue.deleteKnowledgeBase(id)
      await runner.interrupt((job) => job.knowledgeBaseId === id)
      await stores.drop(id)
      await catalogue.removalDone('table', [id])
      await originals.release(orphanedHashes)
    },
    async reindexKnowledgeBase(knowledgeBase: string) {
      requireModel(home)
      return { jobs: await home.reindex((await catalogue.getKnowledgeBase(knowledgeBase)).id) }
    },
  } satisfies Partial<InkstoneService>
}

/**
 * Whatever changes documents opens their table first: one that cannot be opened is an error before the catalogue says
 * something else than the table.
 */
function documents({ config, catalogue, stores, blobs, originals, runner }: Home) {
  /** What the catalogue gave up goes from the other stores too. Work on it stops first, so that nothing comes back. */
  async function forget({ id }: Document, left: { chunks: ChunkStore; hashes: readonly string[] }): Promise<void> {
    await runner.interrupt((job) => job.documentId === id)
    await left.chunks.deleteDocument(id)
    await catalogue.removalDone('chunks', [id])
    await originals.release(left.hashes)
  }
  return {
    async submit(
      knowledgeBase: string,
      { sourceUri, bytes, metadata = {} },
      { signal }: { signal?: AbortSignal } = {},
    ) {
      const { id: knowledgeBaseId } = await catalogue.getKnowledgeBase(knowledgeBase)
      if (sourceUri.trim() === '') throw new InkstoneError('invalid_request', 'a file needs a name or path (sourceUri)')
      const chunks = await stores.open(knowledgeBaseId)
      const { removed, orphanedHashes, ...submission } = await originals.add(async () => {
        const { hash, sizeBytes } = await blobs.put(bytes, {
          maxBytes: config.maxUploadBytes,
          ...(signal ? { signal } : {}),
        })
        const file = { sourceUri, title: basename(sourceUri), mediaType: 'application/octet-stream' }
        try {
          return await catalogue.submit({ knowledgeBaseId, ...file, contentHash: hash, sizeBytes, metadata })
        } catch (error) {
          await originals.release([hash])
          throw error
        }
      })
      runner.wake()
      if (removed) await forget(removed, { chunks, hashes: orphanedHashes })
      else if (submission.outcome === 'updated') await runner.announceEnded()
      return submission
    },
    async retry(documentId: string) {
      await stores.open((await catalogue.getDocument(documentId)).knowledgeBaseId)
      const job = await catalogue.resubmit(documentId)
      runner.wake()
      return job
    },
    async listDocuments(knowledgeBase: string, { limit = 50, ...options } = {}) {
      const { id } = await catalogue.getKnowledgeBase(knowledgeBase)
      return catalogue.listDocuments(id, { limit, ...options })
    },
    async listSources(knowledgeBase: string) {
      return catalogue.listSources((await catalogue.getKnowledgeBase(knowledgeBase)).id)
    },
    async removeSource(knowledgeBase: string, sourceUri: string) {
      const { id } = await catalogue.getKnowledgeBase(knowledgeBase)
      const chunks = await stores.open(id)
      const { removed, orphanedHashes } = await catalogue.removeSource(id, sourceUri)
      if (removed) await forget(removed, { chunks, hashes: orphanedHashes })
    },
    getDocument: (documentId: string) => catalogue.getDocument(documentId),
    async deleteDocument(documentId: string) {
      const document = await catalogue.getDocument(documentId)
      const chunks = await stores.open(document.knowledgeBaseId)
      const { orphanedHashes } = await catalogue.deleteDocument(documentId)
      await forget(document, { chunks, hashes: orphanedHashes })
    },
    async openContent(documentId: string) {
      const document = await catalogue.getDocument(documentId)
      return { document, bytes: fileBytes(await blobs.path(document.contentHash)) }
    },
    getPage: (documentId: string, page: number) => catalogue.getPage(documentId, page),
    async listChunks(documentId: string) {
      const { knowledgeBaseId, revision } = await catalogue.getDocument(documentId)
      const chunks = await (await stores.open(knowledgeBaseId)).listChunks(documentId)
      return chunks.filter((chunk) => chunk.revision === revision)
    },
  } satisfies Partial<InkstoneService>
}

function jobs({ catalogue, runner }: Home) {
  return {
    getJob: (jobId: string) => catalogue.getJob(jobId),
    async listJobs({ knowledgeBase, limit = 50, ...options } = {}) {
      const knowledgeBaseId = knowledgeBase && (await catalogue.getKnowledgeBase(knowledgeBase)).id
      return catalogue.listJobs({ limit, ...options, ...(knowledgeBaseId ? { knowledgeBaseId } : {}) })
    },
    watchJob: (jobId: string, options?: { signal?: AbortSignal }) => runner.watch(jobId, options),
    cancelJob: (jobId: string) => runner.cancel(jobId),
  } satisfies Partial<InkstoneService>
}

function questions({ config, catalogue, stores, embedder, chatModel }: Home) {
  async function idsOf(knowledgeBases: readonly string[] | undefined): Promise<string[]> {
    if (knowledgeBases === undefined) return (await catalogue.listKnowledgeBases()).map(({ id }) => id)
    const found = await Promise.all(knowledgeBases.map((idOrSlug) => catalogue.getKnowledgeBase(idOrSlug)))
    return [...new Set(found.map(({ id }) => id))]
  }
  async function searchParts(ids: readonly string[], signal: AbortSignal | undefined) {
    return {
      stores: await Promise.all(ids.map((id) => stores.open(id))),
      embedder,
      catalogue,
      ...(signal ? { signal } : {}),
    }
  }
  return {
    async search({ query, knowledgeBaseIds, topK = config.topK, filter = {} }: SearchRequest, { signal } = {}) {
      const question = { text: questionText(query), history: [], topK, filter }
      const { hits } = await search(question, await searchParts(await idsOf(knowledgeBaseIds), signal))
      return { hits }
    },
    async *answer(request: AnswerRequest, { signal } = {}) {
      const { knowledgeBaseIds, history = [], topK = config.topK, filter = {} } = request
      const ids = await idsOf(knowledgeBaseIds)
      const question: Question = { text: questionText(request.question), history: [...history], topK, filter }
      const { llmMaxTokens, llmContextTokens } = config
      const pendingDocuments = await catalogue.countPendingJobs(ids)
      yield* ask(question, {
        ...(await searchParts(ids, signal)),
        chatModel,
        pendingDocuments,
        llmMaxTokens,
        llmContextTokens,
      })
    },
  } satisfies Partial<InkstoneService>
}

/** Opens the file when the first bytes are asked for: whoever never asks leaves no open file behind. */
async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path)
}

function questionText(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new InkstoneError('invalid_request', 'the question is empty')
  return trimmed
}
