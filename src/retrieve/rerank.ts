import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { Logger, Reranker } from '../core/ports.js'
import type { Chunk, Hit } from '../core/types.js'

/** A reranking model, and what it may take. */
export interface Reranking {
  reranker: Reranker
  /** How many of the best hits it reads. */
  candidates: number
  /** Its time for one question. */
  timeoutMs: number
  log: Pick<Logger, 'warn'>
}

/**
 * Has a reranking model read the best hits with the question, and puts them into its order. When it fails or its time
 * runs out, the order stays as it was: a search never fails for its sake.
 * @param hits best first
 * @returns `failed` says that the order is not the model's; false when there is none
 * @throws InkstoneError `cancelled` when the signal fires
 */
export async function rerank(
  question: string,
  hits: Hit[],
  { reranking, signal }: { reranking: Reranking | null; signal?: AbortSignal | undefined },
): Promise<{ hits: Hit[]; failed: boolean }> {
  if (reranking === null || hits.length < 2) return { hits, failed: false }
  const texts = hits.slice(0, reranking.candidates).map(({ chunk }) => passageOf(chunk))
  try {
    return { hits: orderByScores(hits, await scoresInTime(question, texts, { ...reranking, signal })), failed: false }
  } catch (thrown) {
    if (signal?.aborted) throw new InkstoneError('cancelled', 'the search was stopped', { cause: thrown })
    const { code, message, remedy } = toInkstoneError(thrown, 'rerank_failed')
    const fields = { reranker: reranking.reranker.modelId, code, error: message, ...(remedy ? { remedy } : {}) }
    reranking.log.warn(fields, 'the passages could not be reranked: the fused order stands')
    return { hits, failed: true }
  }
}

/**
 * The hits that have a score by it, then the others in their order.
 * @param scores of the first hits, 0 to 1. The others' own scores are scaled below the lowest of these, so that no hit
 *   has a better score than one before it.
 */
export function orderByScores(hits: readonly Hit[], scores: readonly number[]): Hit[] {
  const read = hits
    .slice(0, scores.length)
    .map((hit, at) => ({ hit, score: scores[at] ?? 0 }))
    .sort((a, b) => b.score - a.score || a.hit.rank - b.hit.rank)
  const lowest = read.at(-1)?.score ?? 1
  const unread = hits.slice(scores.length).map((hit) => ({ ...hit, score: hit.score * lowest }))
  const ordered = read.map(({ hit, score }) => ({ ...hit, score, signals: { ...hit.signals, rerank: score } }))
  return [...ordered, ...unread].map((hit, index) => ({ ...hit, rank: index + 1 }))
}

/** Where a passage stands says what it is about: its own text often does not. */
function passageOf({ documentTitle, headingPath, tableHeader, text }: Chunk): string {
  const place = [documentTitle, ...headingPath].join(' > ')
  return [place, ...(tableHeader === null ? [] : [tableHeader]), text].join('\n')
}

/** What is loaded once does not count against a question's time, but no question waits longer than this for it. */
const longestPrepareMs = 15_000

async function scoresInTime(
  question: string,
  texts: readonly string[],
  { reranker, timeoutMs, signal }: Reranking & { signal: AbortSignal | undefined },
): Promise<number[]> {
  await withinTime(async () => reranker.prepare?.(), { timeoutMs: longestPrepareMs, signal })
  const scores = await withinTime((stop) => reranker.rerank(question, texts, { signal: stop }), { timeoutMs, signal })
  if (scores.length === texts.length && scores.every(Number.isFinite)) return scores
  throw new InkstoneError('rerank_failed', `${reranker.modelId} gave ${scores.length} scores for ${texts.length} texts`)
}

/** Ends when the time is up or the signal fires, whether what runs heeds its own signal or not. */
async function withinTime<Result>(
  run: (stop: AbortSignal) => Promise<Result>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<Result> {
  const stop = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true })
  })
  const cancel = () => stop.abort(new InkstoneError('cancelled', 'the search was stopped'))
  const timer = setTimeout(() => stop.abort(tooSlow(timeoutMs)), timeoutMs)
  signal?.addEventListener('abort', cancel, { once: true })
  if (signal?.aborted) cancel()
  try {
    return await Promise.race([stopped, run(stop.signal)])
  } catch (thrown) {
    // A driver that was stopped says so; why it was is what matters.
    throw stop.signal.aborted ? stop.signal.reason : thrown
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

function tooSlow(timeoutMs: number): InkstoneError {
  return new InkstoneError('rerank_failed', `it took longer than ${timeoutMs} ms`, {
    remedy: 'raise INKSTONE_RERANK_TIMEOUT_MS or lower INKSTONE_RERANK_CANDIDATES',
  })
}
