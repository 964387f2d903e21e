import { createHash } from 'node:crypto'
import type { SourceEntry } from '../../src/core/catalogue.js'
import { InkstoneError } from '../../src/core/errors.js'
import { newId } from '../../src/core/ids.js'
import type { Job, Problem, Submission } from '../../src/core/job.js'
import type { InkstoneService, SubmitRequest } from '../../src/core/service.js'
import type { Document } from '../../src/core/types.js'
import { memoryService } from './memory-service.js'
import { emptyDocument, emptyJob } from './records.js'

export interface SyncServiceOptions {
  /** Why a content cannot be read; null when it can. */
  problemOf?: (text: string) => Problem | null
  /** What is found inside a content: texts by name. */
  membersOf?: (text: string) => Record<string, string>
  /** What a read document says of itself. */
  measures?: (text: string) => Partial<Document>
  /** How often the members of a document are listed before they are read. */
  looksUntilRead?: number
}

export interface SyncService extends InkstoneService {
  /** What was handed in, in order. */
  submitted: Omit<SubmitRequest, 'bytes'>[]
  /** Names of the calls that changed something, with the source they were about. */
  calls: string[]
  /** Contents that were read, in order. */
  read: string[]
}

interface Source {
  sourceUri: string
  documentId: string
  containerId: string | null
}

/** What folder sync needs of a service, with the catalogue's rules of what a handed-in file means. One knowledge base. */
export function syncService(options: SyncServiceOptions = {}): SyncService {
  const { problemOf = () => null, measures = () => ({}), looksUntilRead = 0 } = options
  const membersOf: NonNullable<SyncServiceOptions['membersOf']> = options.membersOf ?? (() => ({}))
  const documents = new Map<string, Document>()
  const texts = new Map<string, string>()
  const sources = new Map<string, Source>()
  const jobs = new Map<string, Job>()
  const looks = new Map<string, number>()
  const submitted: SyncService['submitted'] = []
  const calls: string[] = []
  const read: string[] = []

  const documentOf = (id: string): Document => documents.get(id) ?? missing('document_not_found')
  const sourcesOf = (documentId: string) => [...sources.values()].filter((source) => source.documentId === documentId)

  function remove(sourceUri: string): void {
    const source = sources.get(sourceUri)
    sources.delete(sourceUri)
    if (source === undefined || sourcesOf(source.documentId).length > 0) return
    documents.delete(source.documentId)
    removeMembers(source.documentId)
  }
  function removeMembers(documentId: string): void {
    for (const { sourceUri } of [...sources.values()].filter(({ containerId }) => containerId === documentId)) {
      remove(sourceUri)
    }
  }
  function queue(document: Document): Job {
    const job: Job = { ...emptyJob, id: newId('job'), documentId: document.id, sourceUri: document.sourceUri }
    jobs.set(job.id, job)
    documents.set(document.id, { ...document, status: 'processing', error: null })
    return job
  }
  function accept(sourceUri: string, text: string, containerId: string | null): Submission {
    const contentHash = createHash('sha256').update(text).digest('hex')
    const known = documents.get(sources.get(sourceUri)?.documentId ?? '')
    const twin = [...documents.values()].find((document) => document.contentHash === contentHash)
    const pendingOf = ({ id }: Document) =>
      [...jobs.values()].find((job) => job.documentId === id && job.status === 'queued') ?? null
    texts.set(contentHash, text)
    if (known?.contentHash === contentHash) return { outcome: 'unchanged', document: known, job: pendingOf(known) }
    const link = (documentId: string) => sources.set(sourceUri, { sourceUri, documentId, containerId })
    if (twin !== undefined) {
      remove(sourceUri)
      link(twin.id)
      return { outcome: 'duplicate', document: twin, job: pendingOf(twin) }
    }
    const isRevision = known !== undefined && sourcesOf(known.id).length === 1
    if (!isRevision) remove(sourceUri)
    const base: Document = isRevision ? known : { ...emptyDocument, id: newId('doc'), sourceUri, title: sourceUri }
    const document: Document = { ...base, contentHash, sizeBytes: text.length, status: 'processing', error: null }
    link(document.id)
    const job = queue(document)
    return { outcome: isRevision ? 'updated' : 'created', document: documentOf(document.id), job }
  }
  function run(job: Job): Job {
    const document = documentOf(job.documentId)
    const text = texts.get(document.contentHash) ?? ''
    const error = problemOf(text)
    read.push(text)
    const made = { ...measures(text), status: 'ready', revision: document.revision + 1, error: null } as const
    documents.set(document.id, { ...document, ...(error === null ? made : { status: 'failed', error }) })
    if (error === null) {
      removeMembers(document.id)
      const [sourceUri = document.sourceUri] = sourcesOf(document.id).map((source) => source.sourceUri)
      for (const [name, inner] of Object.entries(membersOf(text))) accept(`${sourceUri}!/${name}`, inner, document.id)
    }
    const status = error === null ? 'done' : 'failed'
    const ended: Job = { ...job, status, stage: status, progress: 1, error }
    jobs.set(job.id, ended)
    return ended
  }
  function runMembers(documentId: string): void {
    const inside = [...sources.values()].filter(({ containerId }) => containerId === documentId)
    for (const { documentId: id } of inside) {
      for (const job of [...jobs.values()].filter((queued) => queued.documentId === id && queued.status === 'queued')) {
        run(job)
      }
    }
  }
  const entryOf = ({ sourceUri, documentId, containerId }: Source): SourceEntry => {
    const { contentHash, sizeBytes, status, error } = documentOf(documentId)
    return { sourceUri, documentId, containerId, contentHash, sizeBytes, status, error }
  }

  return {
    ...memoryService(),
    submitted,
    calls,
    read,
    async submit(_knowledgeBase, { bytes, ...request }) {
      const parts: Uint8Array[] = []
      for await (const part of bytes) parts.push(part)
      submitted.push(request)
      calls.push(`submit ${request.sourceUri}`)
      return accept(request.sourceUri, Buffer.concat(parts).toString('utf8'), null)
    },
    async retry(documentId) {
      calls.push(`retry ${documentOf(documentId).sourceUri}`)
      return queue(documentOf(documentId))
    },
    async removeSource(_knowledgeBase, sourceUri) {
      calls.push(`removeSource ${sourceUri}`)
      remove(sourceUri)
    },
    listSources: async () => [...sources.values()].map(entryOf),
    listDocuments: async () => ({ items: [...documents.values()], nextCursor: null }),
    getDocument: async (id) => documentOf(id),
    async listMembers(documentId) {
      documentOf(documentId)
      looks.set(documentId, (looks.get(documentId) ?? 0) + 1)
      if ((looks.get(documentId) ?? 0) > looksUntilRead) runMembers(documentId)
      return [...sources.values()].filter(({ containerId }) => containerId === documentId).map(entryOf)
    },
    async *watchJob(id) {
      const job = jobs.get(id) ?? missing('job_not_found')
      yield job
      if (job.status !== 'queued') return
      await new Promise((resolve) => setImmediate(resolve))
      yield { ...job, status: 'running', stage: 'embedding', progress: 0.5 }
      // Another watcher may have seen it end.
      yield jobs.get(id)?.status === 'queued' ? run(job) : (jobs.get(id) ?? job)
    },
  }
}

function missing(code: 'document_not_found' | 'job_not_found'): never {
  throw new InkstoneError(code, 'it is not there')
}
