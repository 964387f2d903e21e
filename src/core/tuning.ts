import type { AnswerabilityModel } from './answer.js'
import type { Embedding } from './types.js'

/** How a vector index is searched. */
export interface VectorSettings {
  /** Partitions that are looked into. */
  partitions: number
  /** Candidates whose distance is computed in full. */
  candidates: number
}

/** What was measured of a vector index, and is searched with. */
export interface VectorTuning extends VectorSettings {
  /** Share of the ten nearest by exact search that are found, 0 to 1. */
  recall: number
  target: number
  /** How many vectors were asked with, and which. A table's own vectors lie closer to it than questions do. */
  queries: number
  measuredWith: 'own vectors' | 'queries'
  measuredAt: string
}

export interface VectorIndexState {
  /** Such as `IVF_RQ`. */
  kind: string
  /** Rows outside the index: every search compares them one by one. */
  unindexedRows: number
  /** Rows that there were when it was trained. */
  trainedRows: number
  /** Null when nothing was measured since then. */
  tuning: VectorTuning | null
}

export interface TuneOptions {
  /** Vectors of questions; a sample of the table's own vectors when left out. */
  queries?: readonly Embedding[] | undefined
  /** Recall to reach, 0 to 1; .98 when left out. */
  target?: number | undefined
  signal?: AbortSignal | undefined
  /** From 0 to below 1: chooses the sample. */
  random?: () => number
}

/** Settings that were tried. */
export interface TuneStep extends VectorSettings {
  recall: number
  p50Ms: number
}

/**
 * With questions, these are asked first and `learned` tells how far the vectors are trusted; then they are judged and
 * `calibrated` tells when an answer is refused. Then vectors are compared exactly, then settings are tried from cheap to
 * dear. `done` is the last; its `tuned` is null when there is no index.
 */
export type TuneEvent =
  | { stage: 'asking'; done: number; total: number }
  | { stage: 'learned'; trust: LearnedTrust }
  | { stage: 'judging'; done: number; total: number }
  | { stage: 'calibrated'; answerability: LearnedAnswerability }
  | { stage: 'comparing'; done: number; total: number }
  | { stage: 'measured'; step: TuneStep }
  | { stage: 'done'; tuned: Tuned | null }

/** A place that answers a question; as in a golden set. */
export interface JudgedPlace {
  /** File name of the document. */
  document: string
  /** Counts from 1; null where the format has no pages, or any will do. */
  page: number | null
  /** Text that stands there. */
  quote: string
}

/** A question with the places that it is to find. None at all: nothing answers it. */
export interface JudgedQuestion {
  id: string
  question: string
  history: readonly string[]
  /** All of these are needed. */
  expected: readonly JudgedPlace[]
  /** Each of these would do in place of the expected ones. */
  alternatives: readonly JudgedPlace[]
}

/** How far the vectors of a knowledge base are to be trusted, learned from questions. Figures are mean nDCG@10, 0 to 1. */
export interface LearnedTrust {
  /** `kept`: the best value is better for sure. Otherwise the default stays: too few questions, or no sure gain. */
  outcome: 'kept' | 'few_questions' | 'no_gain'
  /** What the knowledge base has from now on; null: the default. */
  denseTrust: number | null
  /** The best value over all questions. */
  best: number
  /** Questions that something answers: the ones that count. */
  questions: number
  /** With the default. */
  usual: number
  /** Each question with the value that was best for those of the other folds: what a learned value is worth. */
  crossValidated: number
  /** `crossValidated` less `usual` with its 95 % interval, and how likely so large a difference is by chance. */
  gain: { difference: number; low: number; high: number; p: number }
  /** Over all questions, for each value that was tried. */
  tried: { denseTrust: number; ndcg: number }[]
}

/** Shares of the answerable questions that were refused, and of the others, 0 to 1. */
export interface RefusalRates {
  falseRefusals: number
  rightRefusals: number
}

interface JudgedQuestions {
  /** What the knowledge base has from now on; null: the built-in one. */
  model: AnswerabilityModel | null
  answerable: number
  unanswerable: number
}

/** Too few of either kind to learn from: what held before holds on. */
interface TooFewJudged extends JudgedQuestions {
  outcome: 'few_questions'
}

export interface MeasuredAnswerability extends JudgedQuestions {
  /** `kept`: what was learned decides better than the built-in model for sure. `no_gain`: it does not, and that holds. */
  outcome: 'kept' | 'no_gain'
  /** With the built-in model. */
  usual: RefusalRates
  /** Each question with what was learned from those of the other folds: what learning is worth. */
  crossValidated: RefusalRates
  /** In right decisions, both kinds of question weighing the same, with its 95 % interval. */
  gain: { difference: number; low: number; high: number; p: number }
}

/** When a knowledge base refuses to answer, learned from questions of both kinds. */
export type LearnedAnswerability = TooFewJudged | MeasuredAnswerability

export interface Tuned {
  /** The cheapest that reached the target, or the best of all when none did. */
  chosen: TuneStep
  steps: TuneStep[]
  target: number
  queries: number
  measuredWith: VectorTuning['measuredWith']
  measuredAt: string
}
