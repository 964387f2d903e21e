import type { IndexedCorpus } from './index-corpus.js'
import type { MeasuredQuestion } from './measured.js'
import { curveDepths, type Mode, modes } from './run-beir.js'
import { mean, percentile } from './statistics.js'

export const modeMetrics = ['ndcg@10', 'recall@10', 'hit@10', 'mrr@10'] as const
export type ModeMetric = (typeof modeMetrics)[number]

export type ModeFigures = Record<ModeMetric, number> & {
  p50Ms: number
  p95Ms: number
  /** Mean recall by depth. */
  'recall@k': Record<string, number>
}

export interface BeirReport {
  set: string
  passages: number
  /** Passages that are the same as one before, and count as that one. */
  twins: number
  queries: number
  modes: Record<Mode, ModeFigures>
  embeddingModelId: string
  chunks: number
  indexBytes: number
  /** 0 when every vector was in the cache. */
  embedSeconds: number
  indexSeconds: number
}

/** Sums up the queries of a run. Shares are 0 to 1. */
export function summariseBeir(
  measured: readonly MeasuredQuestion[],
  about: Pick<BeirReport, 'set' | 'passages' | 'twins' | 'embeddingModelId' | 'indexBytes'> &
    Pick<IndexedCorpus, 'chunks' | 'embedSeconds' | 'indexSeconds'>,
): BeirReport {
  const { set, passages, twins, embeddingModelId, chunks, indexBytes, embedSeconds, indexSeconds } = about
  const of = (mode: Mode) => modeFigures(measured, mode)
  return {
    set,
    passages,
    twins,
    queries: measured.length,
    modes: { bm25: of('bm25'), dense: of('dense'), fused: of('fused'), reranked: of('reranked') },
    embeddingModelId,
    chunks,
    indexBytes,
    embedSeconds,
    indexSeconds,
  }
}

function modeFigures(measured: readonly MeasuredQuestion[], mode: Mode): ModeFigures {
  const average = (metric: string) => mean(measured.map(({ values }) => values[`${mode}.${metric}`] ?? 0))
  const times = measured.map(({ ms }) => ms[mode] ?? 0)
  return {
    'ndcg@10': average('ndcg@10'),
    'recall@10': average('recall@10'),
    'hit@10': average('hit@10'),
    'mrr@10': average('mrr@10'),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    'recall@k': Object.fromEntries(curveDepths.map((depth) => [depth, average(`recall@${depth}`)])),
  }
}

/** The figures of a report by the names that `--min` and `--max` know: without a mode, those of `reranked`. */
export function beirFigures(report: BeirReport): Record<string, number> {
  const figures: Record<string, number> = {}
  for (const metric of modeMetrics) figures[metric] = report.modes.reranked[metric]
  for (const mode of modes) {
    for (const metric of modeMetrics) figures[`${mode}.${metric}`] = report.modes[mode][metric]
  }
  return figures
}
