import type { Answer, Citation } from './answer.js'
import type { AnswerRecord, AnswerTrace } from './answer-record.js'
import type { Signals } from './types.js'

/** A stretch of one of two texts. Those that are not new make the text before, those that are not gone the text after. */
export interface TextChange {
  kind: 'same' | 'gone' | 'new'
  text: string
}

export type CitedPlace = Pick<
  Citation,
  'marker' | 'documentId' | 'documentTitle' | 'page' | 'headingPath' | 'quote' | 'verified'
>

/**
 * `moved`: the same quote on another page. `changed`: the quote, or whether it is verified, is another. A citation is
 * followed within its document.
 */
export interface CitationChange {
  kind: 'same' | 'moved' | 'changed' | 'gone' | 'new'
  before: CitedPlace | null
  after: CitedPlace | null
}

export interface HitPlace {
  rank: number
  documentId: string
  documentTitle: string
  page: number | null
  signals: Signals
  /** The beginning of its text. */
  snippet: string
}

/** `moved`: another rank. `textChanged` says whether it is the same passage with another text. */
export interface HitChange {
  kind: 'same' | 'moved' | 'entered' | 'left'
  textChanged: boolean
  before: HitPlace | null
  after: HitPlace | null
}

/** `changed`: another revision or content. `unused`: it is as it was, and was not found this time. */
export interface DocumentChange {
  kind: 'same' | 'changed' | 'gone' | 'unused' | 'new'
  documentId: string
  title: string
  before: { revision: number; contentHash: string } | null
  after: { revision: number; contentHash: string } | null
}

/** A setting that is not what it was, such as `modelId`. */
export interface SettingChange {
  name: string
  before: string
  after: string
}

/** What became of an answer when its question was asked again. */
export interface AnswerChanges {
  /** Nothing a reader would see is another: status, text, citations. */
  sameAnswer: boolean
  status: { before: AnswerRecord['status']; after: Answer['status'] }
  text: TextChange[]
  citations: CitationChange[]
  hits: HitChange[]
  documents: DocumentChange[]
  settings: SettingChange[]
  /** `instructions`: what the model was told beside passages and question is another, too. `none` without a model. */
  prompt: { kind: 'none' | 'same' | 'passages' | 'instructions'; before: string[]; after: string[] }
  /** Milliseconds by stage. */
  timings: { stage: string; beforeMs: number | null; afterMs: number | null }[]
}

export interface AnswerReplay {
  before: AnswerRecord
  after: Answer
  /** How the new answer came about; it is not kept. */
  trace: AnswerTrace
  changes: AnswerChanges
}
