import { beforeEach, describe, expect, test } from 'vitest'
import type { Catalogue, FinishedIngest, NewDocument } from '../../src/core/catalogue.js'
import type { PageText } from '../../src/core/types.js'

const problem = { code: 'file_corrupt', message: 'it is broken', remedy: 'mend it' }

/** What every Catalogue does. `open` gives an empty one. */
export function catalogueContract(open: () => Promise<Catalogue>): void {
  let catalogue: Catalogue
  let kb: string
  beforeEach(async () => {
    catalogue = await open()
    kb = (await catalogue.createKnowledgeBase({ slug: 'default', name: 'Default' })).id
  })

  const file = (sourceUri: string, contentHash: string, rest: Partial<NewDocument> = {}): NewDocument => {
    const common = { knowledgeBaseId: kb, mediaType: 'text/plain', sizeBytes: 5, metadata: {} }
    return { ...common, sourceUri, contentHash, title: sourceUri, ...rest }
  }
  const page = (text: string, number: number | null = null): PageText => {
    return { page: number, text, span: { start: 0, end: text.length } }
  }
  const finished = (revision: number, rest: Partial<FinishedIngest> = {}): FinishedIngest => {
    const counts = { pageCount: null, chunkCount: 2, tableCount: 1, ocrCount: 0 }
    return {
      revision,
      title: null,
      mediaType: 'text/plain',
      ...counts,
      losses: [],
      metadata: {},
      warnings: [],
      ...rest,
    }
  }
  /** Hands a file in and runs its job to the end. */
  async function ingest(given: NewDocument) {
    const submitted = await catalogue.submit(given)
    const job = await catalogue.claimJob()
    if (!job) throw new Error('no job waits')
    await catalogue.saveText(job.documentId, job.revision, [page(`text of ${given.contentHash}`)])
    return { submitted, ...(await catalogue.finishJob(job.id, finished(job.revision))) }
  }

  describe('knowledge bases', () => {
    test('are found by id and by slug, and counted with their documents', async () => {
      await catalogue.submit(file('a.txt', 'h1'))
      const bySlug = await catalogue.getKnowledgeBase('default')
      expect(bySlug).toMatchObject({ id: kb, slug: 'default', name: 'Default', documentCount: 1 })
      expect(await catalogue.getKnowledgeBase(kb)).toEqual(bySlug)
      expect(await catalogue.listKnowledgeBases()).toEqual([bySlug])
      expect(await catalogue.updateKnowledgeBase(kb, { name: '泵' })).toEqual({ ...bySlug, name: '泵' })
      await expect(catalogue.getKnowledgeBase('none')).rejects.toMatchObject({ code: 'knowledge_base_not_found' })
      await expect(catalogue.submit(file('a', 'h', { knowledgeBaseId: 'none' }))).rejects.toMatchObject({
        code: 'knowledge_base_not_found',
      })
    })

    test('keep chunk settings of their own until they are given back', async () => {
      const change = { chunkTokens: 300, chunkOverlapTokens: 0 }
      expect(await catalogue.updateKnowledgeBase(kb, change)).toMatchObject({ name: 'Default', ...change })
      await catalogue.updateKnowledgeBase(kb, { chunkTokens: null })
      expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ chunkTokens: null, chunkOverlapTokens: 0 })
    })

    test('keep what their owner tells the language model, until it is taken away', async () => {
      expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ preamble: null, glossary: [] })
      const glossary = [{ term: 'MTBF', meaning: '平均无故障时间', synonyms: ['mean "time"'] }]
      await catalogue.updateKnowledgeBase(kb, { preamble: "pumps' manuals", glossary })
      await catalogue.updateKnowledgeBase(kb, { name: 'Default' })
      expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ preamble: "pumps' manuals", glossary })
      await catalogue.updateKnowledgeBase(kb, { preamble: null, glossary: [] })
      expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ preamble: null, glossary: [] })
    })

    test('keep how far their vectors are trusted, as exactly as it was set', async () => {
      expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ denseTrust: null })
      for (const denseTrust of [0, 0.375, 1.5, null]) {
        await catalogue.updateKnowledgeBase(kb, { denseTrust })
        expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ denseTrust })
      }
    })

    test('keep when they refuse to answer, as exactly as it was learned', async () => {
      expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ answerability: null })
      const weights = { cosine: 9.616, coverage: 1 / 3, foreign: -27, kindOffered: 0, kindMissing: -1, nameMissing: -3 }
      const answerability = { bias: -6.1, weights, least: 0.39, fingerprint: 'words-256 evidence:1' }
      await catalogue.updateKnowledgeBase(kb, { answerability })
      await catalogue.updateKnowledgeBase(kb, { name: 'Default' })
      expect(await catalogue.getKnowledgeBase(kb)).toMatchObject({ answerability })
      expect(await catalogue.updateKnowledgeBase(kb, { answerability: null })).toMatchObject({ answerability: null })
    })

    test('have slugs of their own', async () => {
      const again = catalogue.createKnowledgeBase({ slug: 'default', name: 'x' })
      await expect(again).rejects.toMatchObject({ code: 'conflict' })
    })

    test('go with everything in them, and name the contents that nothing needs any more', async () => {
      const other = await catalogue.createKnowledgeBase({ slug: 'other', name: 'Other' })
      const { document, job } = await ingest(file('a.txt', 'h1'))
      await ingest(file('b.txt', 'shared'))
      await ingest(file('b.txt', 'shared', { knowledgeBaseId: other.id }))
      expect(await catalogue.deleteKnowledgeBase(kb)).toEqual({ orphanedHashes: ['h1'] })
      await expect(catalogue.getDocument(document.id)).rejects.toMatchObject({ code: 'document_not_found' })
      await expect(catalogue.getJob(job.id)).rejects.toMatchObject({ code: 'job_not_found' })
      expect((await catalogue.listDocuments(other.id, { limit: 9 })).items).toHaveLength(1)
    })
  })

  describe('submit', () => {
    test('creates a document with a job', async () => {
      const { outcome, document, job, removed } = await catalogue.submit(file('a.txt', 'h1', { metadata: { year: 1 } }))
      expect({ outcome, removed }).toEqual({ outcome: 'created', removed: [] })
      expect(document).toMatchObject({ status: 'processing', revision: 0, contentHash: 'h1', metadata: { year: 1 } })
      expect(job).toMatchObject({ status: 'queued', revision: 1, documentId: document.id, contentHash: 'h1' })
      expect(await catalogue.getDocument(document.id)).toEqual(document)
      expect(await catalogue.listSources(kb)).toMatchObject([{ sourceUri: 'a.txt', contentHash: 'h1' }])
    })

    test('leaves the same content under the same name alone, also when it could not be read', async () => {
      const first = await catalogue.submit(file('a.txt', 'h1'))
      const again = await catalogue.submit(file('a.txt', 'h1'))
      expect(again).toMatchObject({ outcome: 'unchanged', document: first.document, job: { id: first.job?.id } })
      const job = await catalogue.claimJob()
      await catalogue.failJob(job?.id ?? '', problem)
      const failed = await catalogue.submit(file('a.txt', 'h1'))
      expect(failed).toMatchObject({ outcome: 'unchanged', document: { status: 'failed', error: problem }, job: null })
    })

    test('makes a new revision of new content, and keeps the old one visible until then', async () => {
      const { document } = await ingest(file('a.txt', 'h1'))
      const update = await catalogue.submit(file('a.txt', 'h2', { sizeBytes: 7 }))
      expect(update).toMatchObject({ outcome: 'updated', job: { revision: 2, contentHash: 'h2' } })
      expect(update.document).toMatchObject({ id: document.id, status: 'ready', revision: 1, contentHash: 'h2' })
      expect((await catalogue.getPages(document.id))[0]?.text).toBe('text of h1')
      const job = await catalogue.claimJob()
      await catalogue.saveText(document.id, 2, [page('text of h2')])
      expect((await catalogue.getPage(document.id, 1)).text).toBe('text of h1')
      const done = await catalogue.finishJob(job?.id ?? '', finished(2, { title: 'New' }))
      expect(done.document).toMatchObject({ revision: 2, title: 'New', sizeBytes: 7, chunkCount: 2 })
      expect(done.orphanedHashes).toEqual(['h1'])
      expect((await catalogue.getPages(document.id)).map(({ text }) => text)).toEqual(['text of h2'])
    })

    test('replaces a job that still waits by the newer one', async () => {
      const first = await catalogue.submit(file('a.txt', 'h1'))
      await catalogue.submit(file('a.txt', 'h2'))
      expect((await catalogue.getJob(first.job?.id ?? '')).status).toBe('cancelled')
      expect(await catalogue.claimJob()).toMatchObject({ contentHash: 'h2', revision: 2 })
      expect(await catalogue.claimJob()).toBeNull()
    })

    test('links a second name of the same content to the one document', async () => {
      const { document } = await ingest(file('a.txt', 'h1'))
      const copy = await catalogue.submit(file('b.txt', 'h1'))
      expect(copy).toMatchObject({ outcome: 'duplicate', document: { id: document.id }, job: null })
      expect(await catalogue.removeSource(kb, 'a.txt')).toEqual({ removed: [], orphanedHashes: [] })
      expect((await catalogue.getDocument(document.id)).sourceUri).toBe('b.txt')
      const last = await catalogue.removeSource(kb, 'b.txt')
      expect(last).toMatchObject({ removed: [{ id: document.id }], orphanedHashes: ['h1'] })
      await expect(catalogue.removeSource(kb, 'b.txt')).rejects.toMatchObject({ code: 'not_found' })
    })

    test('removes a document whose last source became a copy of another', async () => {
      const kept = await ingest(file('a.txt', 'h1'))
      const lost = await ingest(file('b.txt', 'h2'))
      const copy = await catalogue.submit(file('b.txt', 'h1'))
      expect(copy).toMatchObject({ outcome: 'duplicate', document: { id: kept.document.id }, orphanedHashes: ['h2'] })
      expect(copy.removed.map(({ id }) => id)).toEqual([lost.document.id])
      expect((await catalogue.listDocuments(kb, { limit: 9 })).items).toHaveLength(1)
    })

    test('gives a source that leaves a shared document one of its own', async () => {
      const { document } = await ingest(file('a.txt', 'h1'))
      await catalogue.submit(file('b.txt', 'h1'))
      const own = await catalogue.submit(file('a.txt', 'h2'))
      expect(own).toMatchObject({ outcome: 'created', removed: [] })
      expect(own.document.id).not.toBe(document.id)
      expect(await catalogue.getDocument(document.id)).toMatchObject({ contentHash: 'h1', sourceUri: 'b.txt' })
    })

    test('decides fifty submissions at once as if they came one by one', async () => {
      const names = Array.from({ length: 50 }, (_, at) => file(`${at % 10}.txt`, `h${at % 5}`))
      const outcomes = (await Promise.all(names.map((each) => catalogue.submit(each)))).map(({ outcome }) => outcome)
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(5)
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(5)
      expect(outcomes.filter((outcome) => outcome === 'unchanged')).toHaveLength(40)
      expect(await catalogue.countPendingJobs([kb])).toBe(5)
      expect(await catalogue.listSources(kb)).toHaveLength(10)
    })
  })

  describe('documents', () => {
    test('are listed newest first in pages that later ones do not shift', async () => {
      for (let at = 0; at < 5; at += 1) await catalogue.submit(file(`${at}.txt`, `h${at}`))
      const first = await catalogue.listDocuments(kb, { limit: 2 })
      await catalogue.submit(file('late.txt', 'late'))
      const titles = first.items.map(({ title }) => title)
      for (let cursor = first.nextCursor; cursor !== null; ) {
        const next = await catalogue.listDocuments(kb, { limit: 2, cursor })
        titles.push(...next.items.map(({ title }) => title))
        cursor = next.nextCursor
      }
      expect(titles).toEqual(['4.txt', '3.txt', '2.txt', '1.txt', '0.txt'])
      expect((await catalogue.listDocuments(kb, { limit: 9, status: 'ready' })).items).toEqual([])
      await expect(catalogue.listDocuments(kb, { limit: 2, cursor: 'x' })).rejects.toMatchObject({
        code: 'invalid_request',
      })
    })

    test('are given by id, those that there are', async () => {
      const { document } = await catalogue.submit(file('a.txt', 'h1'))
      const hostile = ["'", '"', '\u0000', 'doc_none']
      expect(await catalogue.getDocuments([document.id, ...hostile])).toEqual(new Map([[document.id, document]]))
      expect(await catalogue.getDocuments([])).toEqual(new Map())
    })

    test('are listed by what a filter says of them', async () => {
      await catalogue.submit(file('specs/a.txt', 'h1', { metadata: { tags: ['泵', '阀门'] } }))
      await catalogue.submit(file('b.txt', 'h2', { metadata: { tags: '泵' } }))
      await catalogue.submit(file('c.txt', 'h3'))
      const options = { limit: 1, filter: { field: 'tags', eq: '泵' } } as const
      const first = await catalogue.listDocuments(kb, options)
      const rest = await catalogue.listDocuments(kb, { ...options, cursor: first.nextCursor ?? '' })
      expect([...first.items, ...rest.items].map(({ sourceUri }) => sourceUri)).toEqual(['b.txt', 'specs/a.txt'])
      expect(rest.nextCursor).toBeNull()
      expect((await catalogue.listDocuments(kb, { ...options, status: 'ready' })).items).toEqual([])
    })

    test('are selected by their facts of now, also after an ingest and a change', async () => {
      const chosen = async (year: number) =>
        (await catalogue.selectDocuments(kb, { field: 'metadata.year', eq: year }))?.chunkCount
      const { document } = await ingest(file('a.txt', 'h1', { metadata: { year: 2020 } }))
      expect([await chosen(2020), await chosen(2021)]).toEqual([2, 0])
      const changed = await catalogue.updateDocument(document.id, { metadata: { year: 2021, tags: ['泵'] } })
      expect(changed.metadata).toEqual({ year: 2021, tags: ['泵'] })
      expect(changed.updatedAt >= document.updatedAt).toBe(true)
      expect([await chosen(2020), await chosen(2021)]).toEqual([0, 2])
      const { document: revised } = await ingest(file('a.txt', 'h2', { metadata: { place: '三号泵房' } }))
      expect(revised.metadata).toEqual({ year: 2021, tags: ['泵'], place: '三号泵房' })
      await catalogue.updateDocument(document.id, { metadata: { year: null } })
      expect(await chosen(2021)).toBe(0)
      expect(await catalogue.selectDocuments(kb, {})).toBeNull()
      await expect(catalogue.updateDocument('doc_none', { metadata: {} })).rejects.toMatchObject({
        code: 'document_not_found',
      })
      await catalogue.deleteDocument(document.id)
      const every = await catalogue.selectDocuments(kb, { field: 'metadata.place', exists: false })
      expect(every).toMatchObject({ documentIds: [], chunkCount: 0 })
    })

    test('take their text and waiting jobs with them', async () => {
      const { document } = await ingest(file('a.txt', 'h1'))
      const { job } = await catalogue.submit(file('a.txt', 'h2'))
      expect((await catalogue.deleteDocument(document.id)).orphanedHashes.sort()).toEqual(['h1', 'h2'])
      expect((await catalogue.getJob(job?.id ?? '')).status).toBe('cancelled')
      expect(await catalogue.claimJob()).toBeNull()
      expect(await catalogue.listSources(kb)).toEqual([])
      await expect(catalogue.getPages(document.id)).rejects.toMatchObject({ code: 'document_not_found' })
      await expect(catalogue.saveText(document.id, 1, [])).rejects.toMatchObject({ code: 'document_not_found' })
    })

    test('keep what the user said of them over what the file says', async () => {
      await catalogue.submit(file('a.txt', 'h1', { metadata: { author: 'user' } }))
      const job = await catalogue.claimJob()
      const metadata = { author: 'file', pages: 3 }
      const { document } = await catalogue.finishJob(job?.id ?? '', finished(1, { metadata }))
      expect(document.metadata).toEqual({ author: 'user', pages: 3 })
    })

    test('say what they hold and what could not be read', async () => {
      await catalogue.submit(file('a.pdf', 'h1'))
      const { id = '' } = (await catalogue.claimJob()) ?? {}
      const losses = [{ kind: 'image' as const, count: 2, pages: [1, 3], reason: 'no text was recognised in it' }]
      const { document } = await catalogue.finishJob(id, finished(1, { tableCount: 4, ocrCount: 2, losses }))
      expect(document).toMatchObject({ tableCount: 4, ocrCount: 2, losses })
    })

    test('keep their passwords to themselves', async () => {
      const { document } = await ingest(file('a.pdf', 'h1', { passwords: ['one', '二'] }))
      expect(await catalogue.getPasswords(document.id)).toEqual(['one', '二'])
      expect(JSON.stringify(document)).not.toContain('二')
      expect(await catalogue.getPasswords('doc_none')).toEqual([])
    })

    test('that wanted a password are read again when one comes', async () => {
      const { document } = await catalogue.submit(file('a.pdf', 'h1'))
      const { id = '' } = (await catalogue.claimJob()) ?? {}
      await catalogue.failJob(id, { code: 'password_required', message: 'locked' })
      expect(await catalogue.submit(file('a.pdf', 'h1'))).toMatchObject({ outcome: 'unchanged', job: null })
      const again = await catalogue.submit(file('a.pdf', 'h1', { passwords: ['one'] }))
      expect(again).toMatchObject({ outcome: 'unchanged', document: { id: document.id }, job: { status: 'queued' } })
      expect(await catalogue.getPasswords(document.id)).toEqual(['one'])
    })

    test('give their pages by number', async () => {
      await catalogue.submit(file('a.pdf', 'h1'))
      const job = await catalogue.claimJob()
      const id = job?.documentId ?? ''
      await catalogue.saveText(id, 1, [page('one', 1), page('two', 2)])
      expect(await catalogue.getPages(id)).toEqual([])
      await catalogue.finishJob(job?.id ?? '', finished(1, { pageCount: 2 }))
      expect(await catalogue.getPages(id)).toEqual([page('one', 1), page('two', 2)])
      expect(await catalogue.getPage(id, 2)).toEqual(page('two', 2))
      await expect(catalogue.getPage(id, 3)).rejects.toMatchObject({ code: 'page_not_found' })
    })
  })

  describe('jobs', () => {
    test('are claimed oldest first, one of a document at a time', async () => {
      const a = await catalogue.submit(file('a.txt', 'h1'))
      const b = await catalogue.submit(file('b.txt', 'h2'))
      expect((await catalogue.claimJob())?.id).toBe(a.job?.id)
      const update = await catalogue.submit(file('a.txt', 'h3'))
      expect((await catalogue.claimJob())?.id).toBe(b.job?.id)
      expect(await catalogue.claimJob()).toBeNull()
      await catalogue.finishJob(a.job?.id ?? '', finished(1))
      expect(await catalogue.claimJob()).toMatchObject({ id: update.job?.id, status: 'running', attempts: 1 })
    })

    test('show how far they have come', async () => {
      await catalogue.submit(file('a.txt', 'h1'))
      const id = (await catalogue.claimJob())?.id ?? ''
      const change = { stage: 'embedding', progress: 0.5, pages: { done: 2, total: 2 }, etaSeconds: 7 } as const
      await catalogue.updateJob(id, change)
      expect(await catalogue.getJob(id)).toMatchObject({ status: 'running', ...change })
      expect((await catalogue.listJobs({ limit: 1 })).items).toMatchObject([change])
      const { job } = await catalogue.finishJob(id, finished(1, { warnings: ['page 2 has no text'] }))
      expect(job).toMatchObject({ status: 'done', stage: 'done', progress: 1, documents: { total: 1, done: 1 } })
      expect(job.warnings).toEqual(['page 2 has no text'])
      expect(await catalogue.updateJob(id, { ...change, stage: 'parsing' })).toEqual(job)
    })

    test('mark their document failed, unless an older revision is there', async () => {
      const { document } = await catalogue.submit(file('a.txt', 'h1'))
      const failed = await catalogue.failJob((await catalogue.claimJob())?.id ?? '', problem)
      expect(failed).toMatchObject({ job: { status: 'failed', error: problem }, document: { status: 'failed' } })
      const retried = await catalogue.resubmit(document.id)
      expect((await catalogue.resubmit(document.id)).id).toBe(retried.id)
      expect(await catalogue.getDocument(document.id)).toMatchObject({ status: 'processing', error: null })
      await catalogue.claimJob()
      await catalogue.finishJob(retried.id, finished(retried.revision))
      await catalogue.submit(file('a.txt', 'h2'))
      const update = await catalogue.failJob((await catalogue.claimJob())?.id ?? '', problem)
      expect(update.document).toMatchObject({ status: 'ready', revision: retried.revision, error: problem })
    })

    test('that a person waits for go first, then those tried least', async () => {
      await catalogue.submit(file('a.txt', 'h1', { priority: 'background' }))
      await catalogue.submit(file('b.txt', 'h2', { priority: 'background' }))
      expect(await catalogue.claimJob({ onlyInteractive: true })).toBeNull()
      await catalogue.claimJob()
      await catalogue.requeueInterruptedJobs()
      await catalogue.submit(file('c.txt', 'h3'))
      const order = [await catalogue.claimJob(), await catalogue.claimJob(), await catalogue.claimJob()]
      expect(order.map((job) => job?.sourceUri)).toEqual(['c.txt', 'b.txt', 'a.txt'])
    })

    test('that are postponed wait for their time, and say why', async () => {
      await catalogue.submit(file('a.txt', 'h1'))
      const { id = '' } = (await catalogue.claimJob()) ?? {}
      const notBefore = new Date(Date.now() + 60_000)
      expect(await catalogue.nextJobAt()).toBeNull()
      const waiting = await catalogue.postponeJob(id, { notBefore, problem })
      expect(waiting).toMatchObject({
        status: 'queued',
        notBefore: notBefore.toISOString(),
        error: problem,
        attempts: 1,
      })
      expect(await catalogue.claimJob()).toBeNull()
      expect(await catalogue.nextJobAt()).toEqual(notBefore)
    })

    test('that are postponed run when their time has come, without the old reason', async () => {
      await catalogue.submit(file('a.txt', 'h1'))
      const { id = '' } = (await catalogue.claimJob()) ?? {}
      await catalogue.postponeJob(id, { notBefore: new Date(Date.now() - 1), problem })
      expect(await catalogue.claimJob()).toMatchObject({ id, attempts: 2, notBefore: null, error: null })
      expect(await catalogue.nextJobAt()).toBeNull()
      await catalogue.cancelJob(id)
      expect(await catalogue.postponeJob(id, { notBefore: new Date(), problem })).toMatchObject({ status: 'cancelled' })
    })

    test('can be cancelled until they end, and taken up again by handing the file in', async () => {
      const { job, document } = await catalogue.submit(file('a.txt', 'h1'))
      expect(await catalogue.cancelJob(job?.id ?? '')).toMatchObject({ status: 'cancelled', stage: 'cancelled' })
      await expect(catalogue.cancelJob(job?.id ?? '')).rejects.toMatchObject({ code: 'conflict' })
      expect(await catalogue.getDocument(document.id)).toMatchObject({ status: 'failed', error: { code: 'cancelled' } })
      const again = await catalogue.submit(file('a.txt', 'h1'))
      expect(again).toMatchObject({
        outcome: 'unchanged',
        document: { status: 'processing' },
        job: { status: 'queued' },
      })
    })

    test('that were cancelled while they ran cannot finish', async () => {
      await catalogue.submit(file('a.txt', 'h1'))
      const job = await catalogue.claimJob()
      await catalogue.cancelJob(job?.id ?? '')
      await expect(catalogue.finishJob(job?.id ?? '', finished(1))).rejects.toMatchObject({ code: 'cancelled' })
      expect((await catalogue.failJob(job?.id ?? '', problem)).job.status).toBe('cancelled')
      await expect(catalogue.getJob('job_none')).rejects.toMatchObject({ code: 'job_not_found' })
    })

    test('given back by a process that ends in good order were never tried', async () => {
      await catalogue.submit(file('a.txt', 'h1'))
      const job = await catalogue.claimJob()
      expect(job?.attempts).toBe(1)
      await catalogue.giveBackRunningJobs()
      expect(await catalogue.getJob(job?.id ?? '')).toMatchObject({ status: 'queued', attempts: 0 })
      expect(await catalogue.claimJob()).toMatchObject({ id: job?.id, attempts: 1 })
    })

    test('wait again after an interruption, behind those never tried, unless a newer one does', async () => {
      await catalogue.submit(file('a.txt', 'h1'))
      await catalogue.submit(file('b.txt', 'h2'))
      const a = await catalogue.claimJob()
      const b = await catalogue.claimJob()
      await catalogue.submit(file('b.txt', 'h3'))
      expect(await catalogue.requeueInterruptedJobs()).toBe(1)
      expect((await catalogue.getJob(b?.id ?? '')).status).toBe('cancelled')
      expect(await catalogue.claimJob()).toMatchObject({ documentId: b?.documentId, attempts: 1 })
      expect(await catalogue.claimJob()).toMatchObject({ id: a?.id, attempts: 2 })
      expect(await catalogue.requeueInterruptedJobs()).toBe(2)
    })

    test('are listed by knowledge base and status, and counted while they are pending', async () => {
      const other = (await catalogue.createKnowledgeBase({ slug: 'other', name: 'Other' })).id
      await catalogue.submit(file('a.txt', 'h1'))
      await catalogue.submit(file('b.txt', 'h2', { knowledgeBaseId: other }))
      await catalogue.claimJob()
      expect(await catalogue.countPendingJobs([kb, other])).toBe(2)
      expect(await catalogue.countPendingJobs([other])).toBe(1)
      expect(await catalogue.countPendingJobs([])).toBe(0)
      const queued = await catalogue.listJobs({ status: 'queued', limit: 9 })
      expect(queued.items.map(({ knowledgeBaseId }) => knowledgeBaseId)).toEqual([other])
      const page1 = await catalogue.listJobs({ limit: 1 })
      const page2 = await catalogue.listJobs({ limit: 1, ...(page1.nextCursor ? { cursor: page1.nextCursor } : {}) })
      expect([...page1.items, ...page2.items].map(({ sourceUri }) => sourceUri)).toEqual(['b.txt', 'a.txt'])
      expect(page2.nextCursor).toBeNull()
    })
  })

  describe('members', () => {
    test('go with the document they were found in, and so do theirs', async () => {
      const { document: outer } = await ingest(file('a.zip', 'h1'))
      const { document: inner } = await ingest(file('a.zip!/b.eml', 'h2', { containerId: outer.id }))
      const { document: leaf } = await ingest(file('a.zip!/b.eml!/c.txt', 'h3', { containerId: inner.id }))
      expect(await catalogue.listMembers(outer.id)).toMatchObject([{ documentId: inner.id, containerId: outer.id }])
      const [entry] = await catalogue.listSources(kb)
      expect(entry).toMatchObject({ sourceUri: 'a.zip', containerId: null })
      expect(await catalogue.measureMembers(kb, 'a.zip!/')).toEqual({ count: 2, sizeBytes: 10 })
      const { removed, orphanedHashes } = await catalogue.removeSource(kb, 'a.zip')
      expect(removed.map(({ id }) => id)).toEqual([outer.id, inner.id, leaf.id])
      expect(orphanedHashes.sort()).toEqual(['h1', 'h2', 'h3'])
      expect(await catalogue.listSources(kb)).toEqual([])
    })

    test('that were handed in by themselves as well stay', async () => {
      const { document: own } = await ingest(file('c.txt', 'h3'))
      const { document: outer } = await ingest(file('a.zip', 'h1'))
      const copy = await catalogue.submit(file('a.zip!/c.txt', 'h3', { containerId: outer.id }))
      expect(copy).toMatchObject({ outcome: 'duplicate', document: { id: own.id } })
      const { removed } = await catalogue.deleteDocument(outer.id)
      expect(removed.map(({ id }) => id)).toEqual([outer.id])
      expect(await catalogue.listSources(kb)).toMatchObject([{ sourceUri: 'c.txt', documentId: own.id }])
    })

    test('are not taken from a document that is gone, nor a document as its own', async () => {
      const { document: outer } = await ingest(file('a.zip', 'h1'))
      const self = await catalogue.submit(file('a.zip!/a.zip', 'h1', { containerId: outer.id }))
      expect(self).toMatchObject({ outcome: 'duplicate', job: null })
      expect(await catalogue.listMembers(outer.id)).toEqual([])
      await catalogue.deleteDocument(outer.id)
      await expect(catalogue.submit(file('a.zip!/b', 'h2', { containerId: outer.id }))).rejects.toMatchObject({
        code: 'document_not_found',
      })
    })
  })

  describe('stale revisions', () => {
    const stale = () => catalogue.listStaleRevisions()
    /** Hands in and reads up to the moment before the end of the job. */
    async function begin(given: NewDocument) {
      const { document } = await catalogue.submit(given)
      const job = await catalogue.claimJob()
      if (!job) throw new Error('no job waits')
      await catalogue.saveText(job.documentId, job.revision, [page('text')])
      return { documentId: document.id, job }
    }

    test('are those before the current one, until they have been dropped', async () => {
      const { document } = await ingest(file('a.txt', 'h1'))
      expect(await stale()).toEqual([])
      await ingest(file('a.txt', 'h2'))
      const expected = { documentId: document.id, knowledgeBaseId: kb, current: 2, latest: 2 }
      expect(await stale()).toEqual([expected])
      await catalogue.staleRevisionsDropped([{ ...expected, latest: 1 }])
      expect(await stale()).toEqual([expected])
      await catalogue.staleRevisionsDropped([expected])
      expect(await stale()).toEqual([])
    })

    test('are those that were stored in vain, and none that is being made', async () => {
      await ingest(file('a.txt', 'h1'))
      const { documentId, job } = await begin(file('a.txt', 'h2'))
      const common = { documentId, knowledgeBaseId: kb, current: 1 }
      expect(await stale()).toEqual([{ ...common, latest: 1 }])
      // What is known of a document while it is being read is void when that has ended.
      await catalogue.staleRevisionsDropped(await stale())
      expect(await stale()).toEqual([{ ...common, latest: 1 }])
      await catalogue.failJob(job.id, problem)
      expect(await stale()).toEqual([{ ...common, latest: 2 }])
      await catalogue.submit(file('a.txt', 'h3'))
      expect(await stale()).toEqual([{ ...common, latest: 2 }])
      await catalogue.staleRevisionsDropped([{ ...common, latest: 2 }])
      expect(await stale()).toEqual([{ ...common, latest: 2 }])
    })

    test('of a document that was never read are all that were tried', async () => {
      const { documentId, job } = await begin(file('a.txt', 'h1'))
      expect(await stale()).toMatchObject([{ documentId, current: 0, latest: 0 }])
      await catalogue.cancelJob(job.id)
      expect(await stale()).toMatchObject([{ documentId, current: 0, latest: 1 }])
      await catalogue.resubmit(documentId)
      const again = await catalogue.claimJob()
      await catalogue.finishJob(again?.id ?? '', finished(2))
      expect(await stale()).toMatchObject([{ documentId, current: 2, latest: 2 }])
    })

    test('go with their document', async () => {
      await ingest(file('a.txt', 'h1'))
      const { documentId } = await begin(file('a.txt', 'h2'))
      await catalogue.deleteDocument(documentId)
      expect(await stale()).toEqual([])
    })
  })

  describe('removals', () => {
    test('are noted with what is deleted, until they are done', async () => {
      const { document } = await ingest(file('a.txt', 'h1'))
      await ingest(file('b.txt', 'h2'))
      await ingest(file('b.txt', 'h3'))
      expect(await catalogue.listRemovals()).toEqual([{ kind: 'file', id: 'h2', knowledgeBaseId: kb }])
      await catalogue.removalDone('file', ['h2'])
      await catalogue.deleteDocument(document.id)
      expect(await catalogue.listRemovals()).toEqual([
        { kind: 'chunks', id: document.id, knowledgeBaseId: kb },
        { kind: 'file', id: 'h1', knowledgeBaseId: kb },
      ])
      await catalogue.removalDone('chunks', [document.id])
      await catalogue.deleteKnowledgeBase(kb)
      const left = await catalogue.listRemovals()
      expect(left).toContainEqual({ kind: 'table', id: kb, knowledgeBaseId: kb })
      expect(left).toContainEqual({ kind: 'file', id: 'h3', knowledgeBaseId: kb })
      for (const { kind, id } of left) await catalogue.removalDone(kind, [id])
      expect(await catalogue.listRemovals()).toEqual([])
    })
  })
}
