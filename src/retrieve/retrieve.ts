import type { Question } from '../core/answer.js'
import type { Catalogue } from '../core/catalogue.js'
import type { ChunkStore, ScoredChunk } from '../core/chunk-store.js'
import { clipToModel } from '../core/clip.js'
import { withSynonyms } from '../core/glossary.js'
import { languageOf } from '../core/language.js'
import type { Embedder } from '../core/ports.js'
import type { Embedding, Hit, KnowledgeBase } from '../core/types.js'
import { withCosines } from './cosines.js'
import { fold, limitPerDocument } from './fold.js'
import { fuse, type Lists } from './fuse.js'
import { parseQuery, type Query } from './query.js'
import { type Reranking, rerank } from './rerank.js'
import { completeQuestion } from './rewrite.js'
import { searchVisible } from './visible.js'

export interface Retrieval {
  /** What was searched for: the question without its operators, completed from the conversation when it is a follow-up. */
  searchedFor: string
  /** The `topK` best, best first. */
  hits: Hit[]
  /** Half as many, the next best by the same rules: quotes are looked for in these, too. */
  runnersUp: Hit[]
  /** All that was considered, best first; `hits` are its first ones. */
  candidates: Hit[]
  /** What was fused, so that it can be fused otherwise; and the question's vector. */
  lists: Lists
  vector: Embedding | null
  /** The reranking model that is configured could not be used: the order is the fused one. */
  rerankFailed: boolean
  /** Phrases of the question that no passage held together: these were found without them. Mostly empty. */
  missingPhrases: string[]
  timings: { embedMs: number; retrieveMs: number }
}

/** Candidates taken from each list: enough for a chunk that is good in both lists but best in none. */
const candidatesPerList = 60

/** How far the vectors are trusted in the fusion, by whether the embedding model knows the question's language. */
const usualTrust = { knownLanguage: 1, otherLanguage: 0.25 }

interface RetrievalParts {
  stores: readonly ChunkStore[]
  embedder: Embedder
  catalogue: Pick<Catalogue, 'getDocuments' | 'selectDocuments'>
  /** Null when no reranking model is configured. */
  reranking?: Reranking | null
  /** How far the vectors are trusted; null: by the question's language. */
  denseTrust?: number | null
  /** Knowledge bases whose synonyms are searched for as well, as words. */
  guidance?: readonly Pick<KnowledgeBase, 'id' | 'glossary'>[]
  signal?: AbortSignal
}

/**
 * question ─ rewrite ─ embed ─ dense + lexical ─ fuse ─ rerank. Only chunks of ready documents in their current revision
 * are found. When no passage holds all phrases of the question, it is searched for without them, as words.
 * @throws InkstoneError `invalid_request` when the question cannot be understood (`parseQuery`)
 */
export async function retrieve(question: Question, parts: RetrievalParts): Promise<Retrieval> {
  const query = parseQuery(question.standalone ?? completeQuestion(question.text, question.history))
  const { phrases } = query.words
  const found = await findPassages(query, question, parts)
  if (found.candidates.length > 0 || phrases.length === 0) return found
  const freer = await findPassages({ ...query, words: { ...query.words, phrases: [] } }, question, parts)
  return { ...freer, missingPhrases: freer.candidates.length > 0 ? phrases : [] }
}

/**
 * As `retrieve`, for a question that a program asks on the way to the answer of another: it is words and nothing else,
 * and what the other one's operators and filter leave out is left out here, too.
 */
export async function retrieveTowards(
  question: Question,
  { subQuestion, ...parts }: RetrievalParts & { subQuestion: string },
): Promise<Retrieval> {
  const { words } = parseQuery(question.standalone ?? completeQuestion(question.text, question.history))
  return findPassages({ text: subQuestion, words: { ...words, phrases: [] } }, question, parts)
}

async function findPassages(
  { text: searchedFor, words }: Query,
  question: Question,
  { stores, embedder, catalogue, reranking = null, denseTrust = null, guidance = [], signal }: RetrievalParts,
): Promise<Retrieval> {
  const started = performance.now()
  const selections = Promise.all(
    stores.map(async (store) => ({
      store,
      options: { words, documents: await catalogue.selectDocuments(store.knowledgeBaseId, question.filter) },
    })),
  )
  const embedded = clipToModel(searchedFor, embedder)
    .then((text) => embedder.embed([text], { task: 'query', ...(signal ? { signal } : {}) }))
    .then(([vector]) => ({ vector: vector ?? null, embedMs: performance.now() - started }))
  const found = await searchVisible(Math.max(candidatesPerList, question.topK * 3), catalogue, async (limit) => {
    const lexicalSearch = selections.then((selected) =>
      Promise.all(
        selected.map(({ store, options }) => {
          const glossary = guidance.find(({ id }) => id === store.knowledgeBaseId)?.glossary ?? []
          return store.searchLexical(withSynonyms(searchedFor, glossary), { ...options, limit })
        }),
      ),
    )
    const denseSearch = embedded.then(async ({ vector }) =>
      Promise.all(
        (await selections).map(({ store, options }) =>
          vector === null ? [] : store.searchDense(vector, { ...options, limit }),
        ),
      ),
    )
    const [lexical, dense] = await Promise.all([lexicalSearch, denseSearch])
    return { lexical: best(lexical.flat()), dense: best(dense.flat()) }
  })
  const { vector, embedMs } = await embedded
  const language = languageOf(searchedFor)
  const lists = { ...found, dense: vector ? withCosines(found.dense, found.lexical, vector) : found.dense }
  const usual = embedder.languages.includes(language) ? usualTrust.knownLanguage : usualTrust.otherLanguage
  const fused = fold(fuse(lists, { denseTrust: denseTrust ?? usual }))
  const { hits: candidates, failed: rerankFailed } = await rerank(searchedFor, fused, { reranking, signal })
  const { topK, maxPerDocument = Number.POSITIVE_INFINITY } = question
  const allowed = limitPerDocument(candidates, maxPerDocument)
  return {
    searchedFor,
    hits: allowed.slice(0, topK),
    runnersUp: allowed.slice(topK, topK + Math.ceil(topK / 2)),
    candidates,
    lists,
    vector,
    rerankFailed,
    missingPhrases: [],
    timings: { embedMs, retrieveMs: performance.now() - started - embedMs },
  }
}

/** Lists of several knowledge bases become one. */
function best<Found extends ScoredChunk>(found: Found[]): Found[] {
  return found.sort((a, b) => b.score - a.score)
}
