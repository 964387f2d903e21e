import type { Problem } from './job.js'
import type { Hit, SearchFilter, Span } from './types.js'

export interface Citation {
  /** The number in square brackets in the answer's text. */
  marker: number
  documentId: string
  documentTitle: string
  chunkId: string
  page: number | null
  headingPath: string[]
  /** Verbatim text of the source. */
  quote: string
  /** Where the quote stands in the document's text. */
  sourceSpan: Span
  /** Which part of the answer's text the quote supports. */
  answerSpan: Span
  /**
   * Whether the quote was found at `sourceSpan` of the stored text and supports the statement: its words, numbers,
   * units, dates, part numbers and negations.
   */
  verified: boolean
}

/**
 * `no_match`: nothing was found. `out_of_scope`: nothing there is of what the question is about. `low_confidence`: what
 * was found does not carry an answer. `still_indexing`: documents that may hold it are not searchable yet.
 */
export type RefusalReason = 'no_match' | 'out_of_scope' | 'low_confidence' | 'still_indexing'

/** Documents that are still being read; the names are those of the first ones. */
export interface PendingDocuments {
  count: number
  names: readonly string[]
}

/** What tells whether the passages hold an answer: see generate/evidence.ts. */
export interface AnswerEvidence {
  /** Of the question and the nearest sentence or table row. */
  cosine: number
  /** Share of the question's words, the rare ones counting more, that stand together in one passage. 0 to 1. */
  coverage: number
  /** How much nearer the question would be without the one word that the passages know nothing of; a cosine, from 0. */
  foreign: number
  /**
   * Where the question asks for a number, a date or an address: how likely the sentence that answers it best is one that
   * holds one of the kind, and that it is one that does not. Both are 0 where it asks for something else.
   */
  kindOffered: number
  kindMissing: number
  /** 1: a part number, or a numbered part such as 第二期, of the question is named by none of the passages. Else 0. */
  nameMissing: number
}

/** A logistic model of how likely the passages hold an answer, and the least likelihood with which one is given. */
export interface AnswerabilityModel {
  bias: number
  weights: Record<keyof AnswerEvidence, number>
  /** 0 to 1. */
  least: number
}

/** A model that a knowledge base has learned. */
export interface OwnAnswerability extends AnswerabilityModel {
  /** Names what gathered the evidence, the embedding model above all: with any other, the built-in model holds. */
  fingerprint: string
}

export interface Usage {
  inputTokens: number
  outputTokens: number
}

export interface Timings {
  embedMs: number
  retrieveMs: number
  generateMs: number
  /** Of all steps of a deep answer; left out of a quick one. */
  deepMs?: number
  totalMs: number
}

interface AnswerBase {
  id: string
  question: string
  /** What was searched for, when a follow-up question was completed from the ones before it. */
  searchedFor: string
  /** Left out when the question was asked by itself. */
  conversationId?: string
  hits: Hit[]
  usage: Usage
  timings: Timings
  /** How a deep answer was looked for, in order; left out of a quick one. */
  steps?: Step[]
}

/** `quick`: from one search. `deep`: a language model asks sub-questions, reads what they find and decides when it is enough. */
export type AnswerMode = 'quick' | 'deep'

/** What a document holds, or may hold, towards a sub-question. */
export interface StepPlace {
  documentId: string
  documentTitle: string
  page: number | null
}

/** What a passage says towards a sub-question, in the words of the language model: for following it, never cited. */
export interface StepNote extends StepPlace {
  text: string
}

interface StepTaken {
  ms: number
  /** As the language model counts, else estimated. */
  usage: Usage
}

interface PlanStep extends StepTaken {
  kind: 'plan'
  subQuestions: string[]
  /** Whether the reply of the language model could be used. */
  understood: boolean
}

interface SearchStep extends StepTaken {
  kind: 'search'
  subQuestion: string
  /** Best first. */
  found: StepPlace[]
}

interface ReadStep extends StepTaken {
  kind: 'read'
  subQuestion: string
  notes: StepNote[]
  understood: boolean
}

interface DecideStep extends StepTaken {
  kind: 'decide'
  /** Whether the language model says that enough is known. */
  enough: boolean
  /** Those looked into next. */
  subQuestions: string[]
  understood: boolean
}

/** One step on the way to a deep answer. */
export type Step = PlanStep | SearchStep | ReadStep | DecideStep

/** Why a text ends where it does: it is whole, it is as long as answers may be, or the language model broke off. */
export type FinishReason = 'complete' | 'length' | 'cut_off'

/**
 * What a reader must know of an answer. `model_failed`: these are quotes, since the language model wrote nothing.
 * `cut_off`, `length`: the text is not whole (see FinishReason). `uncited`: it names no source. `not_reranked`: the
 * passages are in the order of the search, since the reranking model failed. `phrases_missing`: no passage holds all the
 * quoted phrases of the question, so they were searched for as words. `deep_unavailable`: a deep answer needs a language
 * model, so this is a quick one. `deep_steps`, `deep_tokens`, `deep_time`, `deep_broke_off`: the steps of a deep answer
 * reached a limit, or something failed on the way, so it rests on what was found until then. `unsure`: it would have been
 * a refusal, had it not been asked for all the same.
 */
export type NoticeCode =
  | 'model_failed'
  | 'cut_off'
  | 'length'
  | 'uncited'
  | 'not_reranked'
  | 'phrases_missing'
  | 'deep_unavailable'
  | 'deep_steps'
  | 'deep_tokens'
  | 'deep_time'
  | 'deep_broke_off'
  | 'unsure'

export interface Answered extends AnswerBase {
  status: 'answered'
  text: string
  modelId: string
  citations: Citation[]
  finishReason: FinishReason
  /** Set when the text is not what was asked for, such as when the language model could not be reached. */
  notice: string | null
  /** What the language model failed by; null when it did not. */
  problem: Problem | null
  /** Markers of the language model that named no passage and were left out of the text. */
  inventedMarkers: number
}

export interface Abstained extends AnswerBase {
  status: 'abstained'
  reason: RefusalReason
  message: string
  /** Names of the first documents that are still being read; only with `still_indexing`. */
  pendingDocuments?: string[]
}

export type Answer = Answered | Abstained

export type AnswerEvent =
  | { type: 'answer.started'; id: string; question: string; conversationId?: string }
  | { type: 'step'; step: Step }
  | { type: 'retrieval'; searchedFor: string; hits: Hit[] }
  | { type: 'delta'; text: string }
  | { type: 'citation'; citation: Citation }
  | { type: 'refusal'; reason: RefusalReason; message: string }
  | { type: 'notice'; code: NoticeCode; message: string; problem: Problem | null }
  | { type: 'usage'; usage: Usage }
  | { type: 'done'; answer: Answer }

export interface Question {
  text: string
  /** The user's earlier questions of this conversation, oldest first. */
  history: string[]
  /** What was answered to each question of `history`; null where nothing was, or it is not known. */
  replies?: readonly (string | null)[]
  /** The question as one that stands by itself, where a language model has completed it. */
  standalone?: string
  /** Default `quick`. */
  mode?: AnswerMode
  topK: number
  /** At most so many hits of one document; any number when left out. */
  maxPerDocument?: number
  filter: SearchFilter
  /** Answer from the nearest passages rather than refuse. */
  evenIfUnsure?: boolean
}
