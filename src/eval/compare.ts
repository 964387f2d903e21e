import type { MeasuredQuestion } from './measured.js'
import type { SavedRun } from './saved-run.js'
import { type BootstrapResult, mean, pairedBootstrap } from './statistics.js'

export interface MetricChange extends BootstrapResult {
  metric: string
  /** Questions that the metric applies to in both runs. */
  questions: number
  before: number
  after: number
}

export interface QuestionChange {
  id: string
  question: string
  change: 'better' | 'worse'
  /** By how much, in the metrics that decide. */
  gain: number
  /** By mode or level, where it changed; null: not found. */
  ranks: Record<string, { before: number | null; after: number | null }>
  verdict: { before: MeasuredQuestion['verdict']; after: MeasuredQuestion['verdict'] } | null
}

export interface Comparison {
  metrics: MetricChange[]
  /** Those that got better or worse, the worst first. */
  questions: QuestionChange[]
}

/**
 * What changed from one run to another of the same questions.
 * @param compared metrics whose change is tested
 * @param deciding metrics: a question is better or worse by the sum of these values
 */
export function compareRuns(
  before: Pick<SavedRun, 'questions'>,
  after: Pick<SavedRun, 'questions'>,
  { compared, deciding }: { compared: readonly string[]; deciding: readonly string[] },
): Comparison {
  const earlier = new Map(before.questions.map((question) => [question.id, question]))
  const pairs = after.questions.flatMap((now) => {
    const then = earlier.get(now.id)
    return then === undefined ? [] : [{ then, now }]
  })
  const changes = pairs.flatMap(({ then, now }) => {
    const gain = deciding.reduce((sum, metric) => sum + (now.values[metric] ?? 0) - (then.values[metric] ?? 0), 0)
    return gain === 0 ? [] : [questionChange(then, now, gain)]
  })
  return {
    metrics: compared.flatMap((metric) => metricChange(metric, pairs) ?? []),
    questions: changes.sort((a, b) => a.gain - b.gain),
  }
}

interface Pair {
  then: MeasuredQuestion
  now: MeasuredQuestion
}

function metricChange(metric: string, pairs: readonly Pair[]): MetricChange | null {
  const values = pairs.flatMap(({ then, now }) => {
    const [earlier, later] = [then.values[metric], now.values[metric]]
    return earlier === undefined || later === undefined ? [] : [{ earlier, later }]
  })
  if (values.length === 0) return null
  const earlier = values.map((value) => value.earlier)
  const later = values.map((value) => value.later)
  const result = pairedBootstrap(earlier, later)
  return { metric, questions: values.length, before: mean(earlier), after: mean(later), ...result }
}

function questionChange(then: MeasuredQuestion, now: MeasuredQuestion, gain: number): QuestionChange {
  const ranks: QuestionChange['ranks'] = {}
  for (const [mode, after] of Object.entries(now.ranks)) {
    const before = then.ranks[mode] ?? null
    if (before !== after) ranks[mode] = { before, after }
  }
  return {
    id: now.id,
    question: now.question,
    change: gain > 0 ? 'better' : 'worse',
    gain,
    ranks,
    verdict: then.verdict === now.verdict ? null : { before: then.verdict, after: now.verdict },
  }
}
