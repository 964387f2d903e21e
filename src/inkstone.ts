import { createReadStream } from 'node:fs'
import { type AnswerLog, answerLog } from './answer-log.js'
import { learnToRefuse, ownAnswerability } from './answerability.js'
import { askedWith, recordedAnswer, searchParts, usualWriting } from './asking.js'
import type { Config } from './config/settings.js'
import { belongingOf, conversations, inConversation } from './conversations.js'
import { InkstoneError } from './core/errors.js'
import type { AnswerRequest, InkstoneService, SearchRequest, SubmitRequest } from './core/service.js'
import type { JudgedQuestion, TuneEvent } from './core/tuning.js'
import type { KnowledgeBase, KnowledgeBaseChange, MetadataChange } from './core/types.js'
import { currentChunks } from './current-chunks.js'
import { learnDenseTrust } from './dense-trust.js'
import { extractiveModelId } from './generate/answer.js'
import { type Home, type HomeOptions, openHome } from './home.js'
import { search } from './knowledge-base.js'
import { storedAnswers } from './stored-answers.js'
import { version } from './version.js'

/** The service of the process that owns the home. */
export interface Inkstone extends InkstoneService {
  /** Tells other processes where this one can be reached. */
  setUrl(url: string): Promise<void>
  /** @throws InkstoneError what keeps the embedding model from being used, such as `model_missing` */
  requireModel(): void
}

/** Opens the home of a configuration. @throws InkstoneError as `openHome` does */
export async function openInkstone(config: Config, options: HomeOptions): Promise<Inkstone> {
  const home = await openHome(config, options)
  try {
    if ((await home.catalogue.listKnowledgeBases()).length === 0) {
      await home.catalogue.createKnowledgeBase({ slug: 'default', name: 'Default' })
    }
  } catch (error) {
    // Left open, its threads would keep the process alive.
    await home.close().catch(() => undefined)
    throw error
  }
  const answers = answerLog({ ...home, log: options.log, version })
  return {
    ...knowledgeBases(home),
    ...documents(home),
    ...jobs(home),
    ...questions(home, answers),
    ...storedAnswers(home, answers),
    ...conversations(home),
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
  const { catalogue, stores, embedder, originals, runner, config } = home
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
    async updateKnowledgeBase(knowledgeBase: string, change: KnowledgeBaseChange) {
      const found = await catalogue.getKnowledgeBase(knowledgeBase)
      checkChunkSettings({ ...found, ...change }, home)
      return catalogue.updateKnowledgeBase(found.id, change)
    },
    async deleteKnowledgeBase(knowledgeBase: string) {
      const { id } = await catalogue.getKnowledgeBase(knowledgeBase)
      const { orphanedHashes } = await catalogue.deleteKnowledgeBase(id)
      await runner.interrupt((job) => job.knowledgeBaseId === id)
      await stores.drop(id)
      await catalogue.removalDone('table', [id])
      await originals.release(orphanedHashes)
    },
    async getIndexState(knowledgeBase: string) {
      return (await stores.open((await catalogue.getKnowledgeBase(knowledgeBase)).id)).stats()
    },
    async *tuneKnowledgeBase(
      idOrSlug: string,
      { questions, signal }: { questions?: readonly JudgedQuestion[]; signal?: AbortSignal } = {},
    ): AsyncGenerator<TuneEvent> {
      const knowledgeBase = await catalogue.getKnowledgeBase(idOrSlug)
      const store = await stores.open(knowledgeBase.id)
      // What an ingest has left outside of the indexes slows searches down, and would be measured with them.
      await store.maintain({ force: true })
      if (questions === undefined) return yield* store.tune({ signal })
      const parts = { knowledgeBase, store, embedder, catalogue, ...(signal ? { signal } : {}) }
      const { trust, queries } = yield* learnDenseTrust(questions, parts)
      const trusting = await catalogue.updateKnowledgeBase(knowledgeBase.id, { denseTrust: trust.denseTrust })
      yield { stage: 'learned', trust }
      const asAnswered = { topK: config.topK, current: trusting.answerability }
      const answerability = yield* learnToRefuse(questions, {
        ...(await searchParts(home, [trusting], signal)),
        ...asAnswered,
      })
      if (answerability.outcome !== 'few_questions') {
        await catalogue.updateKnowledgeBase(trusting.id, { answerability: ownAnswerability(answerability, embedder) })
      }
      yield { stage: 'calibrated', answerability }
      yield* store.tune({ queries, signal })
    },
    async reindexKnowledgeBase(knowledgeBase: string) {
      requireModel(home)
      return { jobs: await home.reindex((await catalogue.getKnowledgeBase(knowledgeBase)).id) }
    },
  } satisfies Partial<InkstoneService>
}

/** @throws InkstoneError `invalid_request` */
function checkChunkSettings(
  { chunkTokens, chunkOverlapTokens }: Pick<KnowledgeBase, 'chunkTokens' | 'chunkOverlapTokens'>,
  { config, embedder }: Pick<Home, 'config' | 'embedder'>,
): void {
  const tokens = chunkTokens ?? config.chunkTokens
  const overlap = chunkOverlapTokens ?? config.chunkOverlapTokens
  if (chunkTokens !== null && chunkTokens > embedder.maxTokens) {
    throw new InkstoneError(
      'invalid_request',
      `chunks of ${chunkTokens} tokens are longer than the ${embedder.maxTokens} that the embedding model reads`,
      { remedy: 'choose smaller chunks, or a model that reads more' },
    )
  }
  if (overlap * 2 <= tokens) return
  throw new InkstoneError('invalid_request', `an overlap of ${overlap} is more than half of ${tokens} tokens`, {
    remedy: 'choose a smaller overlap or larger chunks',
  })
}

function documents({ catalogue, stores, blobs, runner, intake }: Home) {
  return {
    async submit(knowledgeBase: string, file: SubmitRequest, options: { signal?: AbortSignal } = {}) {
      return intake.submit((await catalogue.getKnowledgeBase(knowledgeBase)).id, file, options)
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
      await intake.removeSource((await catalogue.getKnowledgeBase(knowledgeBase)).id, sourceUri)
    },
    getDocument: (documentId: string) => catalogue.getDocument(documentId),
    updateDocument: (documentId: string, change: { metadata: MetadataChange }) =>
      catalogue.updateDocument(documentId, change),
    deleteDocument: (documentId: string) => intake.deleteDocument(documentId),
    listMembers: (documentId: string) => catalogue.listMembers(documentId),
    async openContent(documentId: string) {
      const document = await catalogue.getDocument(documentId)
      return { document, bytes: fileBytes(await blobs.path(document.contentHash)) }
    },
    getPage: (documentId: string, page: number) => catalogue.getPage(documentId, page),
    listChunks: (documentId: string) => currentChunks(documentId, { catalogue, stores }),
  } satisfies Partial<InkstoneService>
}

function jobs({ catalogue, runner }: Home) {
  return {
    getJob: async (jobId: string) => runner.withEta(await catalogue.getJob(jobId)),
    async listJobs({ knowledgeBase, limit = 50, ...options } = {}) {
      const knowledgeBaseId = knowledgeBase && (await catalogue.getKnowledgeBase(knowledgeBase)).id
      const page = await catalogue.listJobs({ limit, ...options, ...(knowledgeBaseId ? { knowledgeBaseId } : {}) })
      return { ...page, items: await Promise.all(page.items.map((job) => runner.withEta(job))) }
    },
    watchJob: (jobId: string, options?: { signal?: AbortSignal }) => runner.watch(jobId, options),
    cancelJob: (jobId: string) => runner.cancel(jobId),
  } satisfies Partial<InkstoneService>
}

function questions(home: Home, answers: AnswerLog) {
  const { config, catalogue } = home
  async function basesOf(knowledgeBases: readonly string[] | undefined): Promise<KnowledgeBase[]> {
    if (knowledgeBases === undefined) return catalogue.listKnowledgeBases()
    const found = await Promise.all(knowledgeBases.map((idOrSlug) => catalogue.getKnowledgeBase(idOrSlug)))
    return [...new Map(found.map((each) => [each.id, each])).values()]
  }
  return {
    async search({ query, knowledgeBaseIds, ...request }: SearchRequest, { signal } = {}) {
      const question = { topK: config.topK, filter: {}, ...request, text: questionText(query), history: [] }
      const parts = await searchParts(home, await basesOf(knowledgeBaseIds), signal)
      const { hits, missingPhrases } = await search(question, parts)
      return { hits, ...(missingPhrases.length > 0 ? { missingPhrases } : {}) }
    },
    async *answer(request: AnswerRequest, { signal } = {}) {
      const { question, keep = true, knowledgeBaseIds: _, history: __, conversationId: ___, ...scope } = request
      const text = questionText(question)
      const belonging = await belongingOf(request, home)
      const knowledgeBases = await basesOf(belonging.knowledgeBaseIds)
      const asked = { topK: config.topK, filter: {}, ...scope, text, ...belonging.said }
      const scoped = { knowledgeBases, writing: usualWriting(home) }
      yield* answers.run({
        asked: () => askedWith(asked, home, scoped),
        conversationId: belonging.conversationId,
        keep,
        signal,
        open: (recording, stop) =>
          inConversation(recordedAnswer(asked, home, { ...scoped, recording, signal: stop }), belonging),
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
