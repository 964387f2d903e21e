import type { Abstained, Answer, AnswerMode, NoticeCode, Usage } from './answer.js'
import type { Problem } from './job.js'
import type { ChatMessage } from './ports.js'
import type { SearchFilter, Signals } from './types.js'

/** `stopped`: whoever asked went away or stopped it. `failed`: something broke that is no part of an answer. */
export type AnswerRecordStatus = Answer['status'] | 'stopped' | 'failed'

/** An answer that did not come to its end, with what there was of it. */
export interface UnfinishedAnswer extends Omit<Abstained, 'status' | 'reason' | 'message'> {
  status: 'stopped' | 'failed'
  /** What had been written; its markers were not checked. */
  text: string
  /** What it failed by; null when it was stopped. */
  problem: Problem | null
}

export type Rating = 'up' | 'down'

/** What a reader says of an answer. */
export interface FeedbackRequest {
  rating: Rating
  reason?: string
  correctedAnswer?: string
}

export interface Feedback {
  rating: Rating
  reason: string | null
  /** What the answer should have been, in the reader's words. */
  correctedAnswer: string | null
  at: string
}

/** What a list of answers shows of each. */
export interface AnswerSummary {
  id: string
  question: string
  /** Ids of the knowledge bases that were searched. */
  knowledgeBaseIds: string[]
  /** Null when the question was asked by itself. */
  conversationId: string | null
  /** Place in its conversation, counts from 1; null without one. */
  position: number | null
  askedAt: string
  status: AnswerRecordStatus
  /** `extractive` when it is quotes. */
  modelId: string
  feedback: Feedback | null
}

/** An answer as it was given. */
export interface AnswerRecord extends AnswerSummary {
  answer: Answer | UnfinishedAnswer
}

/** What is kept of an answer beside what is worked out when it is saved. */
export interface NewAnswerRecord extends Omit<AnswerRecord, 'position' | 'feedback'> {
  trace: AnswerTrace
}

/** A passage that a search considered. Its text is in the index, not here. */
export interface TracedCandidate {
  /** Counts from 1. */
  rank: number
  score: number
  signals: Signals
  chunkId: string
  documentId: string
  revision: number
  /** Position in the document, counts from 0. */
  index: number
  page: number | null
}

/** One search for an answer. */
export interface TracedSearch {
  searchedFor: string
  filter: SearchFilter
  topK: number
  /** The best, best first; `considered` says how many there were. */
  candidates: TracedCandidate[]
  considered: number
  embedMs: number
  retrieveMs: number
}

/** One call of the language model. */
export interface TracedPrompt {
  messages: ChatMessage[]
  /** SHA-256 of the messages as JSON, hex: two prompts are the same when it is. */
  sha256: string
  maxTokens: number
  usage: Usage
  /** Until its first word; null when none came. */
  firstTokenMs: number | null
  totalMs: number
}

/** A document whose passages were before the answer, as it was then. */
export interface TracedDocument {
  documentId: string
  knowledgeBaseId: string
  title: string
  revision: number
  /** SHA-256 of its newest accepted bytes, hex. */
  contentHash: string
}

/** What was asked and with which settings: enough to ask it again. */
export interface AskedWith {
  knowledgeBaseIds: string[]
  history: string[]
  /** Left out for a quick answer. */
  mode?: AnswerMode
  /** Left out where a refusal would have been taken. */
  evenIfUnsure?: boolean
  topK: number
  maxPerDocument: number | null
  filter: SearchFilter
  /** Null: answers are quotes. */
  model: { modelId: string; temperature: number; maxTokens: number; contextTokens: number } | null
  rerankModelId: string | null
  /** Names the embedding model, its files and the way texts were cut. */
  embeddingFingerprint: string
}

/** Why an answer is what it is. */
export interface AnswerTrace {
  /** Version of the program that answered. */
  version: string
  asked: AskedWith
  searches: TracedSearch[]
  prompts: TracedPrompt[]
  documents: TracedDocument[]
  notices: { code: NoticeCode; message: string; problem: Problem | null }[]
  problem: Problem | null
  usage: Usage
  /** Milliseconds by stage, such as `embedMs`. */
  timings: Record<string, number>
}
