import type { AnswerEvent, AnswerMode } from './answer.js'
import type { AnswerRecord, AnswerSummary, AnswerTrace, FeedbackRequest } from './answer-record.js'
import type { AnswerReplay } from './answer-replay.js'
import type { AnswerListOptions, Page, SourceEntry } from './catalogue.js'
import type { ChunkStoreStats } from './chunk-store.js'
import type { Conversation, ConversationWithTurns } from './conversation.js'
import type { Job, JobPriority, JobStatus, Submission } from './job.js'
import type { JudgedQuestion, TuneEvent } from './tuning.js'
import type {
  Chunk,
  Document,
  Hit,
  KnowledgeBase,
  KnowledgeBaseChange,
  Metadata,
  MetadataChange,
  PageText,
  SearchFilter,
} from './types.js'

export interface SubmitRequest {
  /** The path or URL that the file is known by; the same one again replaces the document. */
  sourceUri: string
  bytes: AsyncIterable<Uint8Array>
  metadata?: Metadata
  /** Tried in order when the file is encrypted. Kept with the document for reading it again, never shown. */
  passwords?: readonly string[]
  /** Default `interactive`. */
  priority?: JobPriority
}

export interface SearchRequest {
  query: string
  /** Ids or slugs; all knowledge bases when left out. */
  knowledgeBaseIds?: readonly string[]
  topK?: number
  /** At most so many hits of one document; any number when left out. */
  maxPerDocument?: number
  filter?: SearchFilter
}

export interface SearchReply {
  /** Best first. */
  hits: Hit[]
  /** The quoted phrases, when no passage holds them all and they were searched for as words; else left out. */
  missingPhrases?: string[]
}

export interface AnswerRequest {
  question: string
  /** Default `quick`. */
  mode?: AnswerMode
  /** The user's earlier questions of this conversation, oldest first. */
  history?: readonly string[]
  /** The conversation it is asked in, whose answers are then its history; `new` begins one. Left out: none. */
  conversationId?: string
  knowledgeBaseIds?: readonly string[]
  topK?: number
  /** At most so many hits of one document; any number when left out. */
  maxPerDocument?: number
  filter?: SearchFilter
  /** False: the answer is not kept. */
  keep?: boolean
  /** Answer from the nearest passages rather than refuse; the answer says so. */
  evenIfUnsure?: boolean
}

export interface NewConversation {
  title?: string
  /** Ids or slugs; all knowledge bases when left out. */
  knowledgeBaseIds?: readonly string[]
}

export interface ServiceStatus {
  version: string
  embeddingModelId: string
  /** `extractive` when no language model is configured. */
  answerModelId: string
  pendingJobs: number
}

/**
 * Everything that people and programs can do with an Inkstone home. The process that owns the home implements it, and
 * so does the HTTP client that speaks to that process.
 *
 * `knowledgeBase` parameters take an id or a slug; an unknown one throws `knowledge_base_not_found`.
 */
export interface InkstoneService {
  status(): Promise<ServiceStatus>

  /** @throws InkstoneError `conflict` when the slug is taken, `invalid_request` when it is no slug */
  createKnowledgeBase(options: { slug: string; name?: string }): Promise<KnowledgeBase>
  listKnowledgeBases(): Promise<KnowledgeBase[]>
  getKnowledgeBase(knowledgeBase: string): Promise<KnowledgeBase>
  /** Other chunk settings hold for what is read from then on: `reindexKnowledgeBase` brings the rest. */
  updateKnowledgeBase(knowledgeBase: string, change: KnowledgeBaseChange): Promise<KnowledgeBase>
  deleteKnowledgeBase(knowledgeBase: string): Promise<void>
  /**
   * Makes the index anew from the stored files, with the embedding model of now. What is not done yet is not found.
   * @returns how many documents were queued
   * @throws InkstoneError `conflict` when it is under way already, `model_missing`
   */
  reindexKnowledgeBase(knowledgeBase: string): Promise<{ jobs: number }>

  /** How the index of a knowledge base is: fragments, versions, what is outside of it, recall when last measured. */
  getIndexState(knowledgeBase: string): Promise<ChunkStoreStats>
  /**
   * Measures the vector index of a knowledge base and keeps the cheapest settings that find enough (`ChunkStore.tune`).
   * With questions whose places are known, it first learns from them how far the vectors are to be trusted, keeps that
   * as the knowledge base's `denseTrust` (null when no other value is better for sure), then when to refuse an answer
   * (`answerability`, from questions of both kinds), and measures the index with them.
   * @throws InkstoneError `not_found` when a document that a question expects is not in the knowledge base
   */
  tuneKnowledgeBase(
    knowledgeBase: string,
    options?: { questions?: readonly JudgedQuestion[]; signal?: AbortSignal },
  ): AsyncIterable<TuneEvent>

  /**
   * Stores a file and queues its ingest; when the promise resolves, the file will be ingested even after a crash.
   * @throws InkstoneError `payload_too_large`, `storage_full`
   */
  submit(knowledgeBase: string, request: SubmitRequest, options?: { signal?: AbortSignal }): Promise<Submission>
  /** Queues a document again, for one that failed. */
  retry(documentId: string): Promise<Job>
  listDocuments(
    knowledgeBase: string,
    options?: { limit?: number; cursor?: string; status?: Document['status']; filter?: SearchFilter },
  ): Promise<Page<Document>>
  listSources(knowledgeBase: string): Promise<SourceEntry[]>
  removeSource(knowledgeBase: string, sourceUri: string): Promise<void>
  getDocument(documentId: string): Promise<Document>
  /** Changes what was said of a document; searches that filter by it see the change at once. */
  updateDocument(documentId: string, change: { metadata: MetadataChange }): Promise<Document>
  deleteDocument(documentId: string): Promise<void>
  /** The original bytes. */
  openContent(documentId: string): Promise<{ document: Document; bytes: AsyncIterable<Uint8Array> }>
  /** Text of one page; `page` counts from 1, and 1 is the whole text of a format without pages. */
  getPage(documentId: string, page: number): Promise<PageText>
  listChunks(documentId: string): Promise<Chunk[]>
  /** The documents that were found in this one: members of an archive, attachments of a mail. */
  listMembers(documentId: string): Promise<SourceEntry[]>

  getJob(jobId: string): Promise<Job>
  listJobs(options?: {
    knowledgeBase?: string
    status?: JobStatus
    limit?: number
    cursor?: string
  }): Promise<Page<Job>>
  /** The job now and after each change, until it has ended. */
  watchJob(jobId: string, options?: { signal?: AbortSignal }): AsyncIterable<Job>
  cancelJob(jobId: string): Promise<Job>

  search(request: SearchRequest, options?: { signal?: AbortSignal }): Promise<SearchReply>
  /** Sources first, then text and, as soon as their statement has ended, citations. What is expected, a refusal included, is an event; what is broken is thrown. */
  answer(request: AnswerRequest, options?: { signal?: AbortSignal }): AsyncIterable<AnswerEvent>

  /** The answers that were kept, newest first. */
  listAnswers(options?: AnswerListOptions): Promise<Page<AnswerSummary>>
  /** @throws InkstoneError `answer_not_found`, also while it is being written */
  getAnswer(answerId: string): Promise<AnswerRecord>
  /** Why an answer is what it is. */
  getAnswerTrace(answerId: string): Promise<AnswerTrace>
  /** Nothing of it is kept; one that is being written is stopped first. */
  deleteAnswer(answerId: string): Promise<void>
  /** What a reader says of an answer; the last word counts. */
  rateAnswer(answerId: string, feedback: FeedbackRequest): Promise<AnswerRecord>
  /**
   * Asks the question again, of what is there now and with the settings of then, and compares. Nothing of it is kept.
   * @throws InkstoneError `answer_not_found`, and what `answer` throws
   */
  replayAnswer(answerId: string, options?: { signal?: AbortSignal }): Promise<AnswerReplay>

  createConversation(conversation?: NewConversation): Promise<Conversation>
  /** Those in which something was asked last come first. */
  listConversations(options?: { limit?: number; cursor?: string }): Promise<Page<Conversation>>
  /** With its newest 200 answers. @throws InkstoneError `conversation_not_found` */
  getConversation(conversationId: string): Promise<ConversationWithTurns>
  renameConversation(conversationId: string, change: { title: string }): Promise<Conversation>
  /** Goes with all its answers. */
  deleteConversation(conversationId: string): Promise<void>
  /** The whole conversation as a file: Markdown for people, or JSON as `getConversation` gives it. */
  exportConversation(conversationId: string, format: 'md' | 'json'): Promise<string>
  close(): Promise<void>
}
