import { contains, isExact, tokenF1 } from './answer-text.js'
import type { GoldenQuestion } from './golden.js'
import type { MeasuredQuestion } from './measured.js'
import { type FoundPlace, isAt, type Level, levels, newlyMet, rankingOf } from './places.js'
import { mean, percentile } from './statistics.js'

/** How one golden question went. */
export interface Outcome {
  question: GoldenQuestion
  /** Best first. */
  found: FoundPlace[]
  /** How near the nearest passage is: its cosine. Null when nothing was found by meaning. */
  nearest: number | null
  refused: boolean
  /** The answer's text; null when refused. */
  text: string | null
  citations: (FoundPlace & { verified: boolean })[]
  latencyMs: number
}

/** The places of the recall curve. An answer is made from no more passages than that by default. */
export const goldenDepths = [1, 2, 3, 5, 8, 10] as const

export const levelMetrics = ['hit@1', 'hit@5', 'recall@5', 'recall@10', 'mrr@10', 'ndcg@10'] as const
export type LevelMetric = (typeof levelMetrics)[number]

export interface GoldenReport {
  questions: number
  /** Of the questions that one place answers, by page. */
  retrieval: { 'hit@1': number; 'hit@5': number }
  answers: {
    /** Of the questions that one place answers: the answer holds the expected one, is it, shares its words. */
    contained: number
    exact: number
    f1: number
    /** Of the answered ones that can be answered: cited pages that are right, and right pages that are cited. */
    citationPrecision: number
    citationRecall: number
    verifiedQuotes: number
    falseRefusals: number
    rightRefusals: number
    falseAnswers: number
  }
  latencyMs: { p50: number; p95: number }
  /** Of all questions that can be answered. */
  levels: Record<Level, Record<LevelMetric, number>>
  /** The same by kind of question. */
  kinds: Record<string, { questions: number; 'hit@1': number; 'hit@5': number; contained: number; refused: number }>
}

/** The figures of one question, each 0 to 1, under the names of the report; those that do not apply are left out. */
export function measure(outcome: Outcome): MeasuredQuestion {
  const { question, found, nearest, refused, text, latencyMs } = outcome
  const ranks: MeasuredQuestion['ranks'] = {}
  const values: Record<string, number> = {}
  if (question.kind === 'unanswerable') {
    Object.assign(values, { rightRefusals: Number(refused), falseAnswers: Number(!refused) })
  } else {
    for (const level of levels) {
      const ranking = rankingOf(question, found, level)
      ranks[level] = ranking.firstRank
      values[`${level}.hit@1`] = ranking.hitAt(1)
      values[`${level}.hit@5`] = ranking.hitAt(5)
      for (const depth of goldenDepths) values[`${level}.recall@${depth}`] = ranking.recallAt(depth)
      values[`${level}.mrr@10`] = ranking.firstRank === null || ranking.firstRank > 10 ? 0 : 1 / ranking.firstRank
      values[`${level}.ndcg@10`] = ranking.ndcgAt(10)
    }
    values.falseRefusals = Number(refused)
    Object.assign(values, question.kind === 'single' ? ofSingle(outcome, values) : {}, citationShares(outcome))
  }
  return {
    id: question.id,
    question: question.question,
    kind: question.kind,
    values,
    ranks,
    ms: { answer: latencyMs },
    nearest,
    said: text,
    verdict: verdictOf(outcome),
  }
}

function ofSingle({ question, text }: Outcome, values: Record<string, number>): Record<string, number> {
  const answer = question.answer
  const judged = (judge: (text: string, answer: string) => number | boolean) =>
    text === null || answer === null ? 0 : Number(judge(text, answer))
  return {
    'hit@1': values['page.hit@1'] ?? 0,
    'hit@5': values['page.hit@5'] ?? 0,
    contained: judged(contains),
    exact: judged(isExact),
    f1: judged(tokenF1),
  }
}

/** Citation precision and recall after Gao et al. ("ALCE", EMNLP 2023), with golden pages in place of an entailment model. */
function citationShares({ question, citations, refused }: Outcome): Record<string, number> {
  if (refused) return {}
  const places = [...question.expected, ...question.alternatives]
  const right = citations.filter((citation) => places.some((place) => isAt(place, citation, 'page')))
  const { needed, met } = newlyMet(question, citations, 'page')
  return {
    ...(citations.length === 0 ? {} : { citationPrecision: right.length / citations.length }),
    citationRecall: met.reduce((total, count) => total + count, 0) / needed,
  }
}

function verdictOf({ question, refused, text }: Outcome): MeasuredQuestion['verdict'] {
  if (question.kind === 'unanswerable') return refused ? 'right' : 'wrong'
  if (refused) return 'refused'
  // The expected answer of the other kinds is a summary for people.
  if (question.kind === 'multi' || question.answer === null || text === null) return 'answered'
  return contains(text, question.answer) ? 'right' : 'wrong'
}

/** Sums up the outcomes. Shares are 0 to 1; a share of nothing is 0. */
export function summarise(outcomes: readonly Outcome[]): GoldenReport {
  const measured = outcomes.map(measure)
  const average = (metric: string, of = measured) => mean(of.flatMap(({ values }) => values[metric] ?? []))
  const citations = outcomes.flatMap((outcome) => outcome.citations)
  const times = outcomes.map(({ latencyMs }) => latencyMs)
  const kinds = [...new Set(measured.map(({ kind }) => kind))]
  return {
    questions: outcomes.length,
    retrieval: { 'hit@1': average('hit@1'), 'hit@5': average('hit@5') },
    answers: {
      contained: average('contained'),
      exact: average('exact'),
      f1: average('f1'),
      citationPrecision: average('citationPrecision'),
      citationRecall: average('citationRecall'),
      verifiedQuotes: mean(citations.map(({ verified }) => Number(verified))),
      falseRefusals: average('falseRefusals'),
      rightRefusals: average('rightRefusals'),
      falseAnswers: average('falseAnswers'),
    },
    latencyMs: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    levels: {
      document: levelFigures('document', average),
      page: levelFigures('page', average),
      passage: levelFigures('passage', average),
    },
    kinds: Object.fromEntries(kinds.map((kind) => [kind, kindFigures(outcomes, kind, average)])),
  }
}

function levelFigures(level: Level, average: (metric: string) => number): Record<LevelMetric, number> {
  const of = (metric: LevelMetric) => average(`${level}.${metric}`)
  return {
    'hit@1': of('hit@1'),
    'hit@5': of('hit@5'),
    'recall@5': of('recall@5'),
    'recall@10': of('recall@10'),
    'mrr@10': of('mrr@10'),
    'ndcg@10': of('ndcg@10'),
  }
}

function kindFigures(
  outcomes: readonly Outcome[],
  kind: string,
  average: (metric: string, of: MeasuredQuestion[]) => number,
): GoldenReport['kinds'][string] {
  const ofKind = outcomes.filter(({ question }) => question.kind === kind)
  const measured = ofKind.map(measure)
  const holds = ({ question: { answer }, text }: Outcome) => text !== null && answer !== null && contains(text, answer)
  return {
    questions: ofKind.length,
    'hit@1': average('page.hit@1', measured),
    'hit@5': average('page.hit@5', measured),
    contained: mean(ofKind.map((outcome) => Number(holds(outcome)))),
    refused: mean(ofKind.map(({ refused }) => Number(refused))),
  }
}

/** The figures of a report by the names that `--min` and `--max` know, times left out. */
export function goldenFigures({ retrieval, answers, levels: byLevel, kinds }: GoldenReport): Record<string, number> {
  const figures: Record<string, number> = { ...retrieval, ...answers }
  for (const level of levels) {
    for (const metric of levelMetrics) figures[`${level}.${metric}`] = byLevel[level][metric]
  }
  for (const [kind, { questions: _count, ...shares }] of Object.entries(kinds)) {
    for (const [metric, value] of Object.entries(shares)) figures[`${kind}.${metric}`] = value
  }
  return figures
}
