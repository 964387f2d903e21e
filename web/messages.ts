import type { Step } from '../src/core/answer.js'
import type { JobStage } from '../src/core/job.js'
import type { Loss } from '../src/core/types.js'
import { en } from './messages-en.js'
import { zh } from './messages-zh.js'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

export const messages: Record<Language, Messages> = { zh, en }

/** The language that was chosen before, else the first one of the browser's that we speak, else English. */
export function pickLanguage(remembered: string | null, preferred: readonly string[]): Language {
  const wanted = [remembered ?? '', ...preferred].map((tag) => tag.slice(0, 2).toLowerCase())
  return wanted.map((tag) => languages.find((language) => language === tag)).find((it) => it !== undefined) ?? 'en'
}

/** Problems that the page explains in its own words; for any other it shows the server's. */
export type ExplainedProblem =
  | 'unreachable'
  | 'connection_lost'
  | 'folder_dropped'
  | 'unauthorized'
  | 'forbidden'
  | 'payload_too_large'
  | 'storage_full'
  | 'unsupported_format'
  | 'file_empty'
  | 'no_text'
  | 'password_required'
  | 'file_corrupt'
  | 'archive_bomb'
  | 'parse_timeout'
  | 'parse_memory'
  | 'text_too_long'
  | 'document_not_found'
  | 'conversation_not_found'
  | 'page_not_found'
  | 'answer_not_found'
  | 'model_missing'
  | 'embedding_mismatch'
  | 'store_corrupt'

/** Everything the page says. */
export interface Messages {
  product: string
  tagline: string
  languageName: string
  switchLanguage: string
  knowledgeBase: string
  everyKnowledgeBase: string
  noKnowledgeBases: string
  newConversation: string
  conversations: string
  documents: string
  close: string
  cancel: string
  retry: string
  loading: string
  skipToQuestion: string

  emptyTitle: string
  emptyHint: string
  emptyLibrary: string
  examples: string
  questionLabel: string
  questionPlaceholder: string
  send: string
  stop: string
  composerHint: string
  deep: string
  deepHint: string

  conversation: string
  question: string
  answer: string
  searching: string
  writing: string
  /** While the steps of a deep answer are taken. */
  lookingInto: string
  steps: (count: number) => string
  stepKind: Record<Step['kind'], string>
  enoughKnown: string
  nothingMore: string
  nothingFound: string
  nothingUseful: string
  notUnderstood: string
  took: (tookMs: number, tokens: number) => string
  answerReady: string
  stopped: string
  failed: string
  askAgain: string
  searchedFor: (query: string) => string
  sources: (count: number) => string
  nearestPassages: string
  noPassages: string
  showAll: (count: number) => string
  showFewer: string
  page: (page: number) => string
  pageOf: (page: number, pages: number) => string
  /** Titles of the other documents that hold the same text. */
  alsoIn: (titles: string) => string
  signals: string
  signalRerank: string
  signalFused: string
  signalDense: string
  signalLexical: string
  signalAbsent: string
  citations: string
  openSource: (marker: number, title: string) => string
  openPassage: (title: string) => string
  verified: string
  verifiedHint: string
  unverified: string
  unverifiedHint: string
  refusalTitle: Record<'no_match' | 'out_of_scope' | 'low_confidence' | 'still_indexing', string>
  answerAnyway: string
  answerAnywayHint: string
  notice: string
  unfinished: Record<'cut_off' | 'length', string>
  answeredBy: (modelId: string, tookMs: number) => string
  extractive: string
  leavesPage: string
  feedback: string
  helpful: string
  unhelpful: string
  feedbackReason: string
  correctedAnswer: string
  feedbackSend: string
  feedbackKept: string

  reader: string
  pageText: string
  previousPage: string
  nextPage: string
  originalFile: string
  quoteMissing: string
  emptyPage: string

  documentsTitle: (knowledgeBase: string) => string
  addFiles: string
  dropHint: string
  dropHere: (knowledgeBase: string) => string
  uploads: string
  clearFinished: string
  uploadWaiting: string
  uploading: (percent: number) => string
  stage: Record<JobStage, string>
  stagePages: (stage: string, pages: string) => string
  eta: (seconds: number) => string
  triedAgain: (time: string) => string
  stagePercent: (stage: string, percent: number) => string
  unchanged: string
  duplicateOf: (title: string) => string
  warnings: string
  remedy: (remedy: string) => string
  status: Record<'processing' | 'ready' | 'failed', string>
  olderVersion: string
  pages: (count: number) => string
  chunks: (count: number) => string
  tables: (count: number) => string
  recognised: (count: number) => string
  partlyRead: string
  notRead: (count: number) => string
  lossKinds: Record<Loss['kind'], (count: number) => string>
  onPages: (pages: string) => string
  size: (bytes: number) => string
  refresh: string
  loadMore: string
  noDocuments: string
  remove: string
  removeNamed: (title: string) => string
  retryNamed: (title: string) => string
  readNamed: (title: string) => string
  removeTitle: string
  removeQuestion: (title: string) => string

  untitled: string
  noConversations: string
  askedAt: (iso: string) => string
  questions: (count: number) => string
  rename: string
  renameNamed: (title: string) => string
  renameTitle: string
  renameLabel: string
  save: string
  exportMarkdown: string
  exportJson: string
  exportNamed: (title: string, format: string) => string
  forgetTitle: string
  forgetQuestion: (title: string) => string

  keyTitle: string
  keyHint: string
  keyRefused: string
  keyLabel: string
  keySave: string

  problems: Record<ExplainedProblem, { message: string; remedy: string }>
}
