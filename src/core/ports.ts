import type {
  AnswerRecord,
  AnswerSummary,
  AnswerTrace,
  FeedbackRequest,
  NewAnswerRecord,
  Rating,
} from './answer-record.js'
import type { Conversation } from './conversation.js'
import type {
  AnswerabilityModel,
  BoundingBox,
  Chunk,
  Document,
  EarlyBlocks,
  Embedding,
  FinishReason,
  Job,
  JobPriority,
  KnowledgeBase,
  KnowledgeBaseChange,
  Loss,
  Metadata,
  MetadataChange,
  PageText,
  ParsedFile,
  Problem,
  SearchFilter,
  Submission,
  Usage,
} from './types.js'

/** Reads one media type. Runs in a killable child process: it may be slow, greedy or crash. */
export interface Parser {
  mediaTypes: readonly string[]
  /** @throws InkstoneError `password_required`, `file_corrupt`, `archive_bomb`, `parse_failed` */
  parse(bytes: Uint8Array, context: ParseContext): Promise<ParsedFile>
}

export interface ParseContext {
  fileName: string
  /** Tried in order on an encrypted file. */
  passwords: readonly string[]
  /** Where pictures, members and intermediate files may be put. Whoever asked for the parse removes it. */
  scratchDir: string
  /** LibreOffice's program, for formats of old; null when there is none. */
  soffice: string | null
  /** Left out when nobody listens. */
  follower?: ParseFollower
}

/** Hears of a long file while it is read; a parser may as well tell nothing. */
export interface ParseFollower {
  onPages(pages: { done: number; total: number }): void
  /** The parser goes on when it resolves. */
  onEarly(early: EarlyBlocks): void | Promise<void>
}

/** Parses a stored file out of reach of this process. */
export interface FileParser {
  /**
   * A file without text, pictures and members is `no_text`.
   * @throws InkstoneError `unsupported_format`, `file_empty`, `no_text`, `parse_timeout`, `parse_memory` and the parsers' own
   */
  parse(path: string, options: ParseOptions): Promise<ParsedFile>
  close(): Promise<void>
}

export interface ParseOptions {
  fileName: string
  /** An empty folder for what the parser puts aside; it stays the caller's. */
  scratchDir: string
  passwords?: readonly string[]
  signal?: AbortSignal
  follower?: ParseFollower
}

/** Recognises the text of pictures and scanned pages, out of reach of this process. */
export interface TextRecogniser {
  /**
   * The text of one picture: a page of a PDF, or an image file. A picture without text has no blocks.
   * @throws InkstoneError `ocr_failed`, `parse_timeout`, `parse_memory`, `file_corrupt`, `cancelled`
   */
  recognise(
    picture: { path: string; page: number | null; passwords?: readonly string[] },
    options?: { signal?: AbortSignal },
  ): Promise<RecognisedText>
  close(): Promise<void>
}

export interface RecognisedText {
  /** In reading order. `confidence` is the least sure of the block's lines, weighed by their length. */
  blocks: { text: string; bbox: BoundingBox; confidence: number }[]
}

export interface Embedder {
  modelId: string
  /** Names model, files, pooling and prefixes: vectors of different fingerprints must never meet in one table. */
  fingerprint: string
  dimensions: number
  /** Longest input in tokens, special tokens included. */
  maxTokens: number
  /** ISO 639-1 codes of the languages the model was trained for. */
  languages: readonly string[]
  /**
   * One L2-normalised vector of `dimensions` floats for each text, in order.
   * @throws InkstoneError `text_too_long` when a text has more than `maxTokens` tokens: nothing is cut silently;
   *   `cancelled` when the signal fires; `embedding_failed`
   */
  embed(texts: readonly string[], options: { task: 'query' | 'document'; signal?: AbortSignal }): Promise<Embedding[]>
  /** Tokens of each text, special tokens and the task's prefix included, never fewer than `embed` will see. */
  countTokens(texts: readonly string[]): Promise<number[]>
  close(): Promise<void>
}

/** A chunk as found by one list; `score` is higher for better. */
export interface ScoredChunk {
  chunk: Chunk
  score: number
}

/** A chunk as found by its words, with its vector: how near it is to a question can be told without another search. */
export interface MatchedChunk extends ScoredChunk {
  embedding: Embedding
}

/** All chunks of a document; `embeddings[i]` belongs to `chunks[i]`. */
export interface DocumentChunks {
  documentId: string
  chunks: readonly Chunk[]
  embeddings: readonly Embedding[]
}

/** Documents of one knowledge base that a search may look at. */
export interface DocumentSelection {
  /** `only`: the listed ones; `except`: all but the listed ones. The shorter of the two lists is given. */
  mode: 'only' | 'except'
  documentIds: readonly string[]
  /** How many chunks that leaves. */
  chunkCount: number
}

/**
 * What a chunk must hold and must not, in its text, the header row of its table, its headings or its document's title.
 * Case, widths, and traditional and simplified characters make no difference; Latin words are whole words.
 */
export interface WordConditions {
  /** All of them must be there, each as it stands. */
  phrases: string[]
  /** None of them may be there. */
  excluded: string[]
  /** All of them must be in the document's title or in a heading above the chunk. */
  titles: string[]
}

export interface ChunkSearchOptions {
  limit: number
  /** All documents when null or left out. What is left out is not looked at, rather than dropped from what was found. */
  documents?: DocumentSelection | null | undefined
  /** As `documents`: a condition of the search. */
  words?: WordConditions | undefined
}

/** How much there is to store at the moment. */
export type ServicePace = 'busy' | 'quiet' | 'idle'

/** Chunks, vectors and full text of one knowledge base. */
export interface ChunkStore {
  knowledgeBaseId: string
  /**
   * Replaces all chunks of the given documents; it is on disk when the promise resolves. No chunks: deletes. Chunks of a
   * document are of one revision, a newer one than those it has. Many may become visible part by part, and older ones
   * go last: whoever searches looks at the revision.
   */
  replaceDocuments(documents: readonly DocumentChunks[]): Promise<void>
  deleteDocument(documentId: string): Promise<void>
  /** The `limit` chunks nearest by cosine, best first; `score` is the cosine. */
  searchDense(vector: Embedding, options: ChunkSearchOptions): Promise<ScoredChunk[]>
  /** The `limit` best chunks by BM25, best first. */
  searchLexical(text: string, options: ChunkSearchOptions): Promise<MatchedChunk[]>
  /** Chunks of a document in order: all of them, or those whose index is within the range, both ends included. */
  listChunks(documentId: string, range?: { first: number; last: number }): Promise<Chunk[]>
  countChunks(): Promise<number>
  /**
   * Folds small fragments and brings the indexes up to date when enough has changed to pay for it: it writes the whole
   * table anew. While the service is `busy` with documents of the table only when searches would suffer much until
   * those have come; when it is `quiet` (the default) as usual; when it has been `idle` for a while, for little.
   */
  maintain(options?: { force?: boolean; service?: ServicePace }): Promise<void>
  stats(): Promise<ChunkStoreStats>
  /**
   * Measures the vector index against exact search and keeps the cheapest settings that reach the target, also over a
   * restart, until the index is trained anew. Without an index it ends at once: every search is exact then.
   */
  tune(options?: TuneOptions): AsyncIterable<TuneEvent>
}

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

export interface ChunkStoreStats {
  chunks: number
  fragments: number
  versions: number
  /** Rows outside the full-text index; they are searched all the same. */
  unindexedRows: number
  sizeBytes: number
  /** Null when vectors are searched exactly. */
  vectorIndex: VectorIndexState | null
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

/** Judges how well passages answer a question by reading both together: a second opinion on what retrieval found. */
export interface Reranker {
  modelId: string
  /**
   * One score for each text, in order: 0 to 1, higher is better. Scores of one call can be compared.
   * @throws InkstoneError `rerank_failed`, `model_missing`; `cancelled` when the signal fires
   */
  rerank(question: string, texts: readonly string[], options?: { signal?: AbortSignal }): Promise<number[]>
  /** Loads what it needs, once; left out where there is nothing to load. @throws InkstoneError as `rerank` does */
  prepare?(): Promise<void>
  close(): Promise<void>
}

/** Opens the chunk stores of a home, one per knowledge base. */
export interface ChunkStores {
  /**
   * @throws InkstoneError `embedding_mismatch` when the table was built with another fingerprint,
   *   `store_corrupt` when the table cannot be opened
   */
  open(knowledgeBaseId: string): Promise<ChunkStore>
  drop(knowledgeBaseId: string): Promise<void>
  close(): Promise<void>
}

export interface BlobStore {
  /** Stores the bytes under their SHA-256 and has them on disk when the promise resolves. The same content costs nothing. */
  put(
    bytes: AsyncIterable<Uint8Array>,
    options: { maxBytes: number; signal?: AbortSignal },
  ): Promise<{ hash: string; sizeBytes: number }>
  /** The path of a stored blob, for reading only. @throws InkstoneError `not_found` */
  path(hash: string): Promise<string>
  delete(hash: string): Promise<void>
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

export interface NewDocument {
  knowledgeBaseId: string
  sourceUri: string
  mediaType: string
  title: string
  contentHash: string
  sizeBytes: number
  metadata: Metadata
  /** Kept with the document, for reading it again; never shown. */
  passwords?: readonly string[]
  /** The document that this file was found in, such as an archive: the source goes when that document goes. */
  containerId?: string
  priority?: JobPriority
}

/** Knowledge bases, documents, their text, jobs and answers: the journal of what was accepted. Every write is durable when it resolves. */
export interface Catalogue {
  /** @throws InkstoneError `conflict` when the slug is taken */
  createKnowledgeBase(options: { slug: string; name: string }): Promise<KnowledgeBase>
  listKnowledgeBases(): Promise<KnowledgeBase[]>
  /** By id or slug. @throws InkstoneError `knowledge_base_not_found` */
  getKnowledgeBase(idOrSlug: string): Promise<KnowledgeBase>
  updateKnowledgeBase(id: string, change: KnowledgeBaseChange): Promise<KnowledgeBase>
  /** Removes the knowledge base with its documents, text and jobs, and every answer that holds text of it. Returns the hashes that no document refers to any more. */
  deleteKnowledgeBase(id: string): Promise<{ orphanedHashes: string[] }>

  /**
   * Decides in one transaction what a handed-in file means (see Submission) and writes document, source and job.
   * A new content under a known source is a new revision of its document; the old one stays searchable until the
   * job of the new one ends. A job of the document that is still queued is cancelled: the new one replaces it.
   */
  submit(file: NewDocument): Promise<Submission & Released>
  /** Queues a document again. */
  resubmit(documentId: string, options?: { priority?: JobPriority }): Promise<Job>
  /** @throws InkstoneError `document_not_found` */
  getDocument(id: string): Promise<Document>
  /** Those of the ids that exist. */
  getDocuments(ids: readonly string[]): Promise<Map<string, Document>>
  listDocuments(
    knowledgeBaseId: string,
    options: { limit: number; cursor?: string; status?: Document['status']; filter?: SearchFilter },
  ): Promise<Page<Document>>
  /**
   * The documents that a filter lets pass, as their facts are now; null when it lets everything pass.
   * @throws InkstoneError `invalid_request` when the filter cannot be understood
   */
  selectDocuments(knowledgeBaseId: string, filter: SearchFilter): Promise<DocumentSelection | null>
  /**
   * Changes what was said of a document. It holds for searches at once and outlives later revisions.
   * @throws InkstoneError `document_not_found`
   */
  updateDocument(id: string, change: { metadata: MetadataChange }): Promise<Document>
  /** Every source of the knowledge base with the content it had when it was last handed in. */
  listSources(knowledgeBaseId: string): Promise<SourceEntry[]>
  /** Removes one source; the document goes with its last source, and with it what was found inside. */
  removeSource(knowledgeBaseId: string, sourceUri: string): Promise<Released>
  deleteDocument(id: string): Promise<Released>
  /** The sources that were found in a document. */
  listMembers(documentId: string): Promise<SourceEntry[]>
  /** How many sources begin with `prefix`, and the size of their documents together. */
  measureMembers(knowledgeBaseId: string, prefix: string): Promise<{ count: number; sizeBytes: number }>
  /** The passwords that a document was handed in with. */
  getPasswords(documentId: string): Promise<string[]>

  /** Those of the hashes that no document, and no job of one, refers to. */
  unreferencedHashes(hashes: readonly string[]): Promise<string[]>
  /** What was deleted here and is not known to have gone from the other stores, oldest first. */
  listRemovals(): Promise<Removal[]>
  /** It has gone. */
  removalDone(kind: Removal['kind'], ids: readonly string[]): Promise<void>

  /** Puts the text of a revision aside: it is not the document's text before `finishJob`. */
  saveText(documentId: string, revision: number, pages: readonly PageText[]): Promise<void>
  /** Pages of the current revision, in order. @throws InkstoneError `document_not_found` */
  getPages(documentId: string): Promise<PageText[]>
  /** @throws InkstoneError `page_not_found` */
  getPage(documentId: string, page: number): Promise<PageText>

  /**
   * One of the queued jobs whose time has come and whose document has no running job becomes running; null when there
   * is none. Those that a person waits for go first, then those with the fewest attempts, so that a job that was
   * interrupted by its own doing does not keep the others from running, then the oldest.
   */
  claimJob(options?: { onlyInteractive?: boolean }): Promise<Job | null>
  /** When the next of the postponed jobs may run; null when none waits for its time. */
  nextJobAt(): Promise<Date | null>
  /** Running jobs of a process that is gone become queued. Returns how many. */
  requeueInterruptedJobs(): Promise<number>
  /** As `requeueInterruptedJobs` for a process that ends in good order: the attempt does not count. */
  giveBackRunningJobs(): Promise<void>
  updateJob(id: string, change: JobProgress): Promise<Job>
  /** A running job waits for another attempt, not before the given time. */
  postponeJob(id: string, change: { notBefore: Date; problem: Problem }): Promise<Job>
  /** Ends a job and, in the same transaction, makes the new revision the document's; older content may be orphaned. */
  finishJob(id: string, result: FinishedIngest): Promise<{ job: Job; document: Document; orphanedHashes: string[] }>
  /** Ends a job and marks the document failed. A document that was ready before stays so, with the error noted on the job. */
  failJob(id: string, problem: Problem): Promise<{ job: Job; document: Document }>
  /** @throws InkstoneError `job_not_found`, `conflict` when the job has ended */
  cancelJob(id: string): Promise<Job>
  getJob(id: string): Promise<Job>
  listJobs(options: {
    knowledgeBaseId?: string
    status?: Job['status']
    limit: number
    cursor?: string
  }): Promise<Page<Job>>
  countPendingJobs(knowledgeBaseIds: readonly string[]): Promise<number>

  /**
   * Keeps an answer at the end of its conversation, if it has one. None is kept whose documents' knowledge base has been
   * deleted meanwhile: what was in it is to be gone.
   * @throws InkstoneError `knowledge_base_not_found`, `conversation_not_found`
   */
  saveAnswer(record: NewAnswerRecord): Promise<AnswerRecord>
  /** @throws InkstoneError `answer_not_found` */
  getAnswer(id: string): Promise<AnswerRecord>
  /** @throws InkstoneError `answer_not_found` */
  getAnswerTrace(id: string): Promise<AnswerTrace>
  /** Newest first. */
  listAnswers(options: AnswerListOptions & { limit: number }): Promise<Page<AnswerSummary>>
  /** @throws InkstoneError `answer_not_found` */
  deleteAnswer(id: string): Promise<void>
  /** Takes the place of what was said before. @throws InkstoneError `answer_not_found` */
  setFeedback(id: string, feedback: FeedbackRequest): Promise<AnswerRecord>
  /** Removes the answers asked before a time and all but the `keep` newest; a conversation goes with its last answer. */
  pruneAnswers(options: { before: Date; keep: number }): Promise<void>

  /** Under an id of its own when none is given. */
  createConversation(options: Pick<Conversation, 'title' | 'knowledgeBaseIds'> & { id?: string }): Promise<Conversation>
  /** @throws InkstoneError `conversation_not_found` */
  getConversation(id: string): Promise<Conversation>
  /** Those in which something was asked last come first. */
  listConversations(options: { limit: number; cursor?: string }): Promise<Page<Conversation>>
  /** @throws InkstoneError `conversation_not_found` */
  renameConversation(id: string, title: string): Promise<Conversation>
  /** Goes with all its answers. @throws InkstoneError `conversation_not_found` */
  deleteConversation(id: string): Promise<void>
  /** The newest answers of a conversation, oldest first. @throws InkstoneError `conversation_not_found` */
  listTurns(id: string, options: { limit: number }): Promise<AnswerRecord[]>
  close(): Promise<void>
}

/** Which answers a list shows: all that is given has to hold. */
export interface AnswerListOptions {
  conversationId?: string
  /** Those that searched it. */
  knowledgeBaseId?: string
  /** Those that have passages of it. */
  documentId?: string
  rating?: Rating
  limit?: number
  cursor?: string
}

export type JobProgress = Pick<Job, 'stage' | 'progress' | 'pages' | 'etaSeconds'>

/** What nothing refers to any more: the caller removes chunks and blobs. */
export interface Released {
  removed: Document[]
  orphanedHashes: string[]
}

/** Noted in the transaction that deletes, so that a crash leaves nothing behind: a table, a document's chunks or a file. */
export interface Removal {
  kind: 'table' | 'chunks' | 'file'
  /** Of the knowledge base, of the document, or the hash. */
  id: string
  knowledgeBaseId: string
}

export interface SourceEntry {
  sourceUri: string
  documentId: string
  contentHash: string
  sizeBytes: number
  status: Document['status']
  error: Problem | null
  /** The document that it was found in; null for what was handed in. */
  containerId: string | null
}

export interface FinishedIngest {
  /** The revision whose text was saved and whose chunks are in the chunk store. */
  revision: number
  title: string | null
  mediaType: string
  pageCount: number | null
  chunkCount: number
  tableCount: number
  ocrCount: number
  losses: Loss[]
  metadata: Metadata
  warnings: string[]
}

/** A passage for the model; `number` is its marker. */
export interface Passage {
  number: number
  title: string
  page: number | null
  /** Of its document; null when that is not known. */
  date: string | null
  headingPath: string[]
  text: string
}

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string }

export type ChatEvent =
  | { type: 'delta'; text: string }
  | { type: 'usage'; usage: Usage }
  /** The text is whole, or at its limit of tokens. A model that breaks off throws. */
  | { type: 'finish'; reason: Exclude<FinishReason, 'cut_off'> }

/** A language model that writes text. */
export interface ChatModel {
  modelId: string
  /**
   * Leaving the loop, or the signal, stops the model at once. A temperature takes the place of the configured one.
   * @throws InkstoneError `language_model_unreachable`, `language_model_failed`, `language_model_paused`,
   *   `language_model_busy`, `cancelled`
   */
  stream(
    messages: readonly ChatMessage[],
    options: { maxTokens: number; temperature?: number; signal?: AbortSignal },
  ): AsyncIterable<ChatEvent>
  /** Frees what a model in this process holds. */
  close?(): Promise<void>
}

/** Structured log lines: fields first, then a sentence. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
