import type {
  AnswerRecord,
  AnswerSummary,
  AnswerTrace,
  FeedbackRequest,
  NewAnswerRecord,
  Rating,
} from './answer-record.js'
import type { DocumentSelection, StaleRevisions } from './chunk-store.js'
import type { Conversation } from './conversation.js'
import type { Job, JobPriority, Problem, Submission } from './job.js'
import type {
  Document,
  KnowledgeBase,
  KnowledgeBaseChange,
  Loss,
  Metadata,
  MetadataChange,
  PageText,
  SearchFilter,
} from './types.js'

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

  /**
   * Documents of which the chunk store may hold revisions that nobody is shown: those before the current one, and those
   * that never became it. Noted before the first chunk of such a one is stored (`saveText`).
   */
  listStaleRevisions(): Promise<(StaleRevisions & { knowledgeBaseId: string })[]>
  /** They have gone. A document that was handed in again since stays noted. */
  staleRevisionsDropped(stale: readonly StaleRevisions[]): Promise<void>

  /** Puts the text of a revision aside: it is not the document's text before `finishJob`. Its chunks may be stored then. */
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
