import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Catalogue } from './core/catalogue.js'
import type { ChunkStore } from './core/chunk-store.js'
import type { Embedder } from './core/ports.js'
import type { JudgedQuestion, LearnedTrust } from './core/tuning.js'
import type { Embedding, Hit, KnowledgeBase } from './core/types.js'
import { fileNamesById, requireExpected } from './eval/expected-documents.js'
import { fewestQuestions, learnTrust, type TrustOutcome, trustValues } from './eval/learn-trust.js'
import { foundPlaces, isAnswerable, rankingOf } from './eval/places.js'
import { fold } from './retrieve/fold.js'
import { fuse } from './retrieve/fuse.js'
import { retrieve } from './retrieve/retrieve.js'

/** Hits that count, and those that are looked through for them: the same text twice is one hit. */
const depth = 10
const foldedDepth = 4 * depth

/**
 * How far the vectors are trusted in a search of several knowledge bases, whose lists are fused as one: as they all say,
 * and by the question's language (null) when they do not say the same.
 */
export function sharedTrust(knowledgeBases: readonly Pick<KnowledgeBase, 'denseTrust'>[]): number | null {
  const [first = null, ...others] = new Set(knowledgeBases.map(({ denseTrust }) => denseTrust))
  return others.length === 0 ? first : null
}

/** Each is compared with the whole table. */
const mostQueries = 200

/** What asking the questions brought. */
interface Lesson {
  trust: LearnedTrust
  /** Vectors of the questions, to measure the index with; undefined when they are too few for that. */
  queries: Embedding[] | undefined
}

/**
 * Asks a knowledge base each question once and fuses what was found anew for every value that is tried, without the
 * reranking model: it is the fused order that is learned. A hit counts by document and page, nDCG@10.
 * @throws InkstoneError `not_found` when an expected document is not there; as `retrieve` does
 */
export async function* learnDenseTrust(
  questions: readonly JudgedQuestion[],
  {
    knowledgeBase,
    store,
    embedder,
    catalogue,
    signal,
  }: {
    knowledgeBase: Pick<KnowledgeBase, 'id' | 'slug'>
    store: ChunkStore
    embedder: Embedder
    catalogue: Pick<Catalogue, 'getDocuments' | 'selectDocuments' | 'listSources'>
    signal?: AbortSignal
  },
): AsyncGenerator<{ stage: 'asking'; done: number; total: number }, Lesson> {
  const fileNames = fileNamesById(await catalogue.listSources(knowledgeBase.id))
  requireExpected(questions, { fileNames, knowledgeBase: knowledgeBase.slug })
  const outcomes: TrustOutcome[] = []
  const vectors: Embedding[] = []
  for (const [index, question] of questions.entries()) {
    signal?.throwIfAborted()
    const asked = { text: question.question, history: [...question.history], topK: depth, filter: {} }
    const parts = { stores: [store], embedder, catalogue, ...(signal ? { signal } : {}) }
    const { candidates, lists, vector } = await retrieve(asked, parts)
    if (vector !== null) vectors.push(vector)
    if (isAnswerable(question)) {
      const ndcg = (hits: readonly Hit[]) =>
        rankingOf(
          question,
          foundPlaces(hits.slice(0, depth), (id) => fileNames.get(id) ?? id),
          'page',
        ).ndcgAt(depth)
      const tried: number[] = []
      for (const denseTrust of trustValues) {
        tried.push(ndcg(fold(fuse(lists, { denseTrust, limit: foldedDepth }))))
        // A server answers others meanwhile.
        await nextTurn()
      }
      outcomes.push({ id: question.id, usual: ndcg(candidates), tried })
    }
    yield { stage: 'asking', done: index + 1, total: questions.length }
  }
  const queries = vectors.length < fewestQuestions ? undefined : vectors.slice(0, mostQueries)
  return { trust: learnTrust(outcomes), queries }
}
