import type { Question } from '../core/answer.js'
import type { ChunkStore, ScoredChunk } from '../core/chunk-store.js'
import { clipToModel } from '../core/clip.js'
import type { Embedder } from '../core/ports.js'
import type { Hit } from '../core/types.js'
import type { JudgedQuery } from './beir.js'
import type { MeasuredQuestion } from './measured.js'
import { firstRank, hitAt, ndcgAt, recallAt, reciprocalRankAt } from './ranking.js'

/** The ways to search that are compared. `reranked` is what a user gets by default. */
export const modes = ['bm25', 'dense', 'fused', 'reranked'] as const
export type Mode = (typeof modes)[number]

/** What the product's own search gives: see `retrieve`. */
export interface SearchResult {
  hits: readonly Hit[]
  candidates: readonly Hit[]
}

export interface SearchPorts {
  store: Pick<ChunkStore, 'searchDense' | 'searchLexical'>
  embedder: Embedder
  /** The whole of the product's search. */
  search(question: Question): Promise<SearchResult>
  /** The same without the reranking model; null when there is none, as then it is the same. */
  fuse: ((question: Question) => Promise<SearchResult>) | null
  signal: AbortSignal
}

interface Ranking {
  /** Ids of passages, best first, each at the rank of its best chunk. */
  ranked: string[]
  ms: number
}

/** As many as the product's own search takes from each list. */
const listDepth = 60
/** As many hits as `inkstone search` shows when it is asked for ten. */
const shown = 10

/** The places of the recall curve. */
export const curveDepths = [1, 2, 3, 5, 10, 20, 50] as const

/**
 * Runs every query in every mode, one at a time, so that the times are those of a search that has the machine for
 * itself. A first query, not counted, warms everything up.
 */
export async function* runBeir(queries: readonly JudgedQuery[], ports: SearchPorts): AsyncGenerator<MeasuredQuestion> {
  const [first] = queries
  if (first !== undefined) await searchAll(first.text, ports)
  for (const query of queries) {
    ports.signal.throwIfAborted()
    yield measureQuery(query, await searchAll(query.text, ports))
  }
}

async function searchAll(
  text: string,
  { store, embedder, search, fuse, signal }: SearchPorts,
): Promise<Record<Mode, Ranking>> {
  const options = { limit: listDepth }
  const bm25 = await timed(() => store.searchLexical(text, options))
  const dense = await timed(async () => {
    const [vector] = await embedder.embed([await clipToModel(text, embedder)], { task: 'query', signal })
    return vector === undefined ? [] : store.searchDense(vector, options)
  })
  const question = { text, history: [], topK: shown, filter: {} }
  const fused = fuse && (await timed(() => fuse(question)))
  const whole = await timed(() => search(question))
  return {
    bm25: { ranked: passagesOf(bm25.found), ms: bm25.ms },
    dense: { ranked: passagesOf(dense.found), ms: dense.ms },
    fused: { ranked: passagesOf(byFusion(fused?.found ?? whole.found)), ms: (fused ?? whole).ms },
    reranked: { ranked: passagesOf(everyHit(whole.found)), ms: whole.ms },
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ found: T; ms: number }> {
  const started = performance.now()
  const found = await work()
  return { found, ms: performance.now() - started }
}

/** The hits, then what was considered and not shown. */
function everyHit({ hits, candidates }: SearchResult): Hit[] {
  const shownIds = new Set(hits.map(({ chunk }) => chunk.id))
  return [...hits, ...candidates.filter(({ chunk }) => !shownIds.has(chunk.id))]
}

function byFusion(found: SearchResult): Hit[] {
  return everyHit(found).sort((a, b) => b.signals.fused - a.signals.fused)
}

/** A hit also tells of the passages that hold the same text: they come right behind it. */
function passagesOf(found: readonly (ScoredChunk | Hit)[]): string[] {
  const ids = found.flatMap((each) => [
    each.chunk.documentId,
    ...('duplicates' in each ? (each.duplicates ?? []).map(({ documentId }) => documentId) : []),
  ])
  return [...new Set(ids)]
}

/** The figures of one query in every mode, each 0 to 1, under names such as `reranked.ndcg@10`. */
function measureQuery({ id, text, judgments }: JudgedQuery, found: Record<Mode, Ranking>): MeasuredQuestion {
  const values: Record<string, number> = {}
  const ranks: MeasuredQuestion['ranks'] = {}
  const ms: MeasuredQuestion['ms'] = {}
  for (const mode of modes) {
    const { ranked } = found[mode]
    values[`${mode}.ndcg@10`] = ndcgAt(10, ranked, judgments)
    values[`${mode}.hit@10`] = hitAt(10, ranked, judgments)
    values[`${mode}.mrr@10`] = reciprocalRankAt(10, ranked, judgments)
    for (const depth of curveDepths) values[`${mode}.recall@${depth}`] = recallAt(depth, ranked, judgments)
    ranks[mode] = firstRank(ranked, judgments)
    ms[mode] = found[mode].ms
  }
  return { id, question: text, kind: 'query', values, ranks, ms, nearest: null, said: null, verdict: 'searched' }
}
