/** A half-open range of UTF-16 offsets into a document's text: `text.slice(start, end)`. */
export interface Span {
  start: number
  end: number
}

export interface KnowledgeBase {
  id: string
  /** Unique name for URLs and the command line: lower-case letters, digits and hyphens. */
  slug: string
  name: string
  createdAt: string
  documentCount: number
  /** Tokens aimed at for one chunk, and tokens that neighbours share; null: as the configuration says. */
  chunkTokens: number | null
  chunkOverlapTokens: number | null
  /**
   * How far the vectors are trusted when both lists are fused, 0 to 2: what the dense list's share is multiplied by, for
   * questions in every language. Null: 1 where the embedding model knows the question's language, less elsewhere.
   */
  denseTrust: number | null
  /** When it refuses to answer, as learned from golden questions; null: as the built-in model says. */
  answerability: OwnAnswerability | null
  /** What its owner tells the language model about the domain, before any passage; null: nothing. */
  preamble: string | null
  /** The words of the domain. */
  glossary: GlossaryEntry[]
}

/** A word of a domain. What it means and its other names are told to the language model where any of them occurs. */
export interface GlossaryEntry {
  term: string
  /** Empty when only the other names matter. */
  meaning: string
  synonyms: string[]
}

/** The settings of its own that a knowledge base may be given. */
export type KnowledgeBaseChange = Partial<
  Pick<
    KnowledgeBase,
    'name' | 'chunkTokens' | 'chunkOverlapTokens' | 'denseTrust' | 'answerability' | 'preamble' | 'glossary'
  >
>

/** `processing` until a job of the document ends; only a `ready` document is ever found by a search. */
export type DocumentStatus = 'processing' | 'ready' | 'failed'

export interface Document {
  id: string
  knowledgeBaseId: string
  /** The path or URL under which the document was handed in first. */
  sourceUri: string
  title: string
  mediaType: string
  /** SHA-256 of the newest accepted bytes, hex. */
  contentHash: string
  sizeBytes: number
  /** The revision that searches see; 0 until the first one is ready. */
  revision: number
  status: DocumentStatus
  /** Number of pages; null where the format has none. */
  pageCount: number | null
  chunkCount: number
  tableCount: number
  /** Pages and pictures whose text was recognised (OCR). */
  ocrCount: number
  /** What the searchable revision holds and could not be read. */
  losses: Loss[]
  metadata: Metadata
  /** Why the newest content could not be read. With `status: ready` an older revision is still there. */
  error: Problem | null
  createdAt: string
  updatedAt: string
}

/** A list is several values of one name, such as tags. */
export type MetadataValue = string | number | boolean | string[]

/** Facts about a document by name. */
export type Metadata = Record<string, MetadataValue>

/** Null takes a name away; what is not named stays. */
export type MetadataChange = Record<string, MetadataValue | null>

/** What a document holds that could not be read: nothing is left out without a word. */
export interface Loss {
  kind: 'page' | 'image' | 'formula' | 'object' | 'text' | 'member'
  count: number
  /** Where, in order, at most `lossPlaces` of them; empty where the format has no pages. */
  pages: number[]
  /** Why, in plain words. */
  reason: string
}

export type BlockKind = 'heading' | 'paragraph' | 'table' | 'list' | 'code' | 'caption' | 'footnote' | 'ocr'

/** A place on a page: points (1/72 inch; pixels in a picture) from the upper left corner of the page as it is read. */
export interface BoundingBox {
  x: number
  y: number
  width: number
  height: number
}

/** What a parser yields. A table's text has one line a row, its cells joined by ` | `, the header row first. */
export interface Block {
  kind: BlockKind
  text: string
  /** Counts from 1; null where the format has no pages. */
  page: number | null
  /** The headings above this block, outermost first; a heading's own text is not in its path. */
  headingPath: string[]
  /** Depth of a heading, 1 to 6; undefined for every other kind. */
  level?: number
  /** Where the format has places. */
  bbox?: BoundingBox
  /** How sure the text recognition is, 0 to 1; only of `ocr`. */
  confidence?: number
}

/** A picture that may hold text: a page without a usable text layer, or an image that stands in the document. */
export interface Picture {
  /** A page of the file itself (counts from 1), or an image file that the parser put into the scratch folder. */
  source: { kind: 'page'; page: number } | { kind: 'file'; path: string }
  /** The page on which its text counts as standing; null where the format has no pages. */
  page: number | null
  headingPath: string[]
  /** Its text stands before `blocks[at]`, and in place of the unusable ones from there on. */
  at: number
  replaces: number
}

/** A file inside a file, such as an attachment: it becomes a document of its own. */
export interface Member {
  /** Its path inside, with forward slashes; never empty, no `..`. */
  name: string
  /** Where the parser put its bytes, in the scratch folder. */
  path: string
}

export interface ParsedFile {
  title: string | null
  mediaType: string
  /** Number of pages; null where the format has none. */
  pageCount: number | null
  blocks: Block[]
  /** In the order of `at`. */
  pictures: Picture[]
  members: Member[]
  losses: Loss[]
  /** What people should know of how it was read, other than losses, in plain words. */
  warnings: string[]
  /** What the file says of itself, such as author or front matter. */
  metadata: Metadata
}

/**
 * Blocks of a file that is still being read, in reading order: most will come again as they are, some will not, for what
 * is a heading or a running head is only known when all is read. None of them counts.
 */
export interface EarlyBlocks {
  title: string | null
  /** In order, each once; where many come, a page may be parted. */
  blocks: Block[]
}

/** A page's share of the document's text. A format without pages has one, with `page: null`. */
export interface PageText {
  page: number | null
  span: Span
  text: string
}

/** A block with its place in the document's text. */
export interface PlacedBlock extends Block {
  span: Span
}

/** A document's text: the blocks joined by one blank line, so `text.slice(block.span)` is `block.text`. */
export interface DocumentText {
  text: string
  blocks: PlacedBlock[]
  pages: PageText[]
}

export interface Chunk {
  id: string
  knowledgeBaseId: string
  documentId: string
  /** The document's revision that this chunk was cut from. */
  revision: number
  documentTitle: string
  /** Position in the document, counts from 0. */
  index: number
  text: string
  span: Span
  /** The page on which the chunk starts; null where the format has no pages. */
  page: number | null
  headingPath: string[]
  kind: BlockKind
  /** The header row of the table in which the chunk starts; null when it starts elsewhere, or with that row. */
  tableHeader: string | null
  /** Tokens of what is embedded (context line and text), by the embedding model's own tokenizer. */
  tokenCount: number
}

/** An L2-normalised vector. */
export type Embedding = Float32Array

/** A fact about a document; `tags` is short for `metadata.tags`, `path` is each path under which it was handed in. */
export type FilterField =
  | 'documentId'
  | 'path'
  | 'title'
  | 'mediaType'
  | 'createdAt'
  | 'updatedAt'
  | 'tags'
  | `metadata.${string}`

export type FilterValue = string | number | boolean

/**
 * Which documents may be found. All that is given has to hold; a filter without anything lets every document pass.
 *
 * A comparison (`field` with one or more of the operators) looks at the values of a document's fact. Several values,
 * such as tags, satisfy an operator when any one of them does. A fact that a document does not have satisfies `ne` and
 * `exists: false` alone; `not` turns around whatever is in it.
 *
 * `lt lte gt gte` compare numbers with numbers, dates (ISO 8601) with dates, and other texts by their code points.
 * Everything else compares as written, letter case included.
 */
export interface SearchFilter {
  documentIds?: string[]
  and?: SearchFilter[]
  or?: SearchFilter[]
  not?: SearchFilter
  field?: FilterField
  eq?: FilterValue
  /** None of the values is this one. */
  ne?: FilterValue
  in?: FilterValue[]
  lt?: string | number
  lte?: string | number
  gt?: string | number
  gte?: string | number
  /** Begins with this text. */
  prefix?: string
  exists?: boolean
}

/** Where a hit's score comes from. Every signal: higher is better, null when that list did not hold the chunk. */
export interface Signals {
  /** Cosine of question and chunk. */
  dense: number | null
  /** BM25 score. */
  lexical: number | null
  /** What the two became together, 0 to 1. */
  fused: number
  /** What a reranking model says, 0 to 1; null when none has read the chunk. */
  rerank: number | null
}

export interface Hit {
  /** Counts from 1. */
  rank: number
  score: number
  signals: Signals
  chunk: Chunk
  /** Other documents in which the same text stands; left out when there are none. */
  duplicates?: Duplicate[]
}

/** A hit with the text around it, for a reader: `chunk` spans all of `parts`. */
export interface WideHit extends Hit {
  /** In order, without a gap but white space. */
  parts: Chunk[]
  /** The date of its document, such as `2025-03-01` or `2025`. */
  date?: string
}

export interface Duplicate {
  documentId: string
  documentTitle: string
  page: number | null
}

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

export type JobStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
export type JobStage =
  | 'queued'
  | 'parsing'
  | 'recognising'
  | 'chunking'
  | 'embedding'
  | 'indexing'
  | 'done'
  | 'failed'
  | 'cancelled'
/** What a person waits for goes before what a folder sync brings. */
export type JobPriority = 'interactive' | 'background'

/** The ingest of one document. It survives the process: what was queued or running is run again at the next start. */
export interface Job {
  id: string
  knowledgeBaseId: string
  documentId: string
  /** The revision of the document that this job makes, and the content it is made from. */
  revision: number
  contentHash: string
  sourceUri: string
  status: JobStatus
  stage: JobStage
  priority: JobPriority
  /** Share of the stage that is done, 0 to 1. */
  progress: number
  /** Pages read or recognised so far, of all; null while unknown and where the format has none. */
  pages: { done: number; total: number } | null
  /** Estimate until it is searchable, the jobs before it included; null while there is nothing to go by. */
  etaSeconds: number | null
  /** A queued job that failed by something that passes is not run again before this time. */
  notBefore: string | null
  documents: { total: number; done: number; failed: number }
  warnings: string[]
  error: Problem | null
  attempts: number
  createdAt: string
  updatedAt: string
}

/** An error as a value: a code for programs, a sentence for people and, where there is one, a remedy. */
export interface Problem {
  code: string
  message: string
  remedy?: string
}

/**
 * What became of a file that was handed in. `unchanged`: its content is already stored under its name (whether that
 * was readable is the document's status). `duplicate`: another document of the knowledge base has the same content.
 */
export type Submission =
  | { outcome: 'created' | 'updated'; document: Document; job: Job }
  | { outcome: 'unchanged' | 'duplicate'; document: Document; job: Job | null }
