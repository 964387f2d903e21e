import type { JudgedQuery } from './beir.js'
import { type BeirReport, beirFigures, modeMetrics } from './beir-report.js'
import type { GoldenQuestion } from './golden.js'
import { type GoldenReport, goldenFigures, levelMetrics, measure, type Outcome } from './golden-report.js'
import { levels } from './places.js'
import { modes } from './run-beir.js'
import { hashQuestions, type SavedRun } from './saved-run.js'

/** What all kinds of evaluation share: how their figures are named, compared and told better from worse. */
interface MetricNames {
  /** What `--min` and `--max` know. */
  figures: string[]
  /** Whose change is tested against a saved run. */
  compared: string[]
  /** A question got better or worse by these. */
  deciding: string[]
}

const beirNames: MetricNames = {
  figures: [...modeMetrics, ...modes.flatMap((mode) => modeMetrics.map((metric) => `${mode}.${metric}`))],
  compared: modes.flatMap((mode) => modeMetrics.map((metric) => `${mode}.${metric}`)),
  deciding: ['reranked.ndcg@10'],
}

const answerMetrics = [
  ...['contained', 'exact', 'f1', 'citationPrecision', 'citationRecall'],
  ...['falseRefusals', 'rightRefusals', 'falseAnswers'],
]
const kinds: readonly GoldenQuestion['kind'][] = ['single', 'multi', 'follow_up', 'unanswerable']

const goldenNames: MetricNames = {
  figures: [
    ...['hit@1', 'hit@5', 'verifiedQuotes', ...answerMetrics],
    ...levels.flatMap((level) => levelMetrics.map((metric) => `${level}.${metric}`)),
    ...kinds.flatMap((kind) => ['hit@1', 'hit@5', 'contained', 'refused'].map((metric) => `${kind}.${metric}`)),
  ],
  compared: [
    ...['hit@1', 'hit@5', 'page.mrr@10', 'page.ndcg@10', 'passage.ndcg@10', 'document.ndcg@10'],
    ...answerMetrics,
  ],
  deciding: ['page.ndcg@10', 'contained', 'rightRefusals'],
}

export const namesOf: Record<SavedRun['kind'], MetricNames> = { golden: goldenNames, beir: beirNames }

/** The figures of a run, as `--json` prints them. */
export type EvaluationSummary = { kind: 'golden'; report: GoldenReport } | { kind: 'beir'; report: BeirReport }

type RunLabels = Pick<SavedRun, 'set' | 'startedAt' | 'version' | 'embeddingModelId'>

export function goldenRun(
  questions: readonly GoldenQuestion[],
  { outcomes, report }: { outcomes: readonly Outcome[]; report: GoldenReport },
  labels: RunLabels,
): SavedRun {
  const measured = outcomes.map(measure)
  const common = { format: 1, kind: 'golden', questionsHash: goldenHash(questions), ...labels } as const
  return { ...common, figures: goldenFigures(report), questions: measured }
}

export function goldenHash(questions: readonly GoldenQuestion[]): string {
  return hashQuestions(questions.map(({ id, ...right }) => ({ id, right })))
}

export function beirRun(
  queries: readonly JudgedQuery[],
  { measured, report }: { measured: SavedRun['questions']; report: BeirReport },
  labels: RunLabels,
): SavedRun {
  const common = { format: 1, kind: 'beir', questionsHash: beirHash(queries), ...labels } as const
  return { ...common, figures: beirFigures(report), questions: measured }
}

export function beirHash(queries: readonly JudgedQuery[]): string {
  return hashQuestions(queries.map(({ id, text, judgments }) => ({ id, right: [text, [...judgments].sort()] })))
}
