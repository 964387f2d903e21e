import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { httpService } from '../../src/client/http-service.js'
import { InkstoneError } from '../../src/core/errors.js'
import type { Job } from '../../src/core/job.js'
import type { InkstoneService } from '../../src/core/service.js'
import { bytesOf, collect, errorOf } from '../support/collect.js'
import { emptyIndex, learnedAnswerability, learnedTrust, tuneEvents } from '../support/records.js'
import { type RunningApp, startApp } from '../support/running-app.js'
import { until } from '../support/until.js'

let running: RunningApp
let client: InkstoneService

async function start(options: Parameters<typeof startApp>[0] = {}) {
  running = await startApp(options)
  client = httpService({ baseUrl: running.url, apiKey: options.apiKey })
}

beforeEach(() => start())
afterEach(async () => {
  await client.close()
  await running.close()
})

async function restart(options: Parameters<typeof startApp>[0]) {
  await client.close()
  await running.close()
  await start(options)
}

async function submitText(text: string, sourceUri = 'pump.txt') {
  return client.submit('manuals', { sourceUri, bytes: bytesOf(text) })
}

describe('httpService › knowledge bases', () => {
  test('are made, listed, read by id and slug, renamed and deleted', async () => {
    const made = await client.createKnowledgeBase({ slug: 'manuals', name: '设备手册' })
    expect(made).toMatchObject({ slug: 'manuals', name: '设备手册', documentCount: 0 })
    expect(await client.listKnowledgeBases()).toEqual([made])
    expect(await client.getKnowledgeBase(made.id)).toEqual(made)
    expect(await client.getKnowledgeBase('manuals')).toEqual(made)
    expect(await client.updateKnowledgeBase('manuals', { name: 'Manuals' })).toEqual({ ...made, name: 'Manuals' })
    await client.deleteKnowledgeBase(made.id)
    expect(await client.listKnowledgeBases()).toEqual([])
  })

  test('are reindexed', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    const { job } = await submitText('a pump')
    running.service.moveJob(job?.id ?? '', { status: 'done', stage: 'done' })
    expect(await client.reindexKnowledgeBase('manuals')).toEqual({ jobs: 1 })
    expect((await client.listJobs({ status: 'queued' })).items).toMatchObject([{ documentId: job?.documentId }])
    expect(await errorOf(client.reindexKnowledgeBase('x'))).toMatchObject({ code: 'knowledge_base_not_found' })
  })

  test('tell how their index is, and what was measured of it as it goes', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    expect(await client.getIndexState('manuals')).toEqual(emptyIndex)
    expect(await collect(client.tuneKnowledgeBase('manuals'))).toEqual(tuneEvents)
    expect(await errorOf(collect(client.tuneKnowledgeBase('x')))).toMatchObject({ code: 'knowledge_base_not_found' })
  })

  test('learn from questions, which the server checks', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    const place = { document: 'pump.txt', page: null, quote: 'pump' }
    const question = { id: 'q1', question: 'which pump?', history: [], expected: [place], alternatives: [] }
    expect(
      await collect(client.tuneKnowledgeBase('manuals', { questions: [question, { ...question, id: 'q2' }] })),
    ).toEqual([
      { stage: 'asking', done: 2, total: 2 },
      { stage: 'learned', trust: learnedTrust },
      { stage: 'judging', done: 2, total: 2 },
      { stage: 'calibrated', answerability: learnedAnswerability },
      ...tuneEvents,
    ])
    for (const questions of [[], [{ ...question, question: ' ' }], Array(2_001).fill(question)]) {
      expect(await errorOf(collect(client.tuneKnowledgeBase('manuals', { questions })))).toMatchObject({
        code: 'invalid_request',
      })
    }
  })

  test('keep what their owner tells the language model, within its limits', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    const glossary = [{ term: 'MTBF', meaning: '平均无故障时间', synonyms: ['mean time'] }]
    const change = { preamble: 'Manuals of pumps.', glossary }
    expect(await client.updateKnowledgeBase('manuals', change)).toMatchObject(change)
    expect(await client.getKnowledgeBase('manuals')).toMatchObject(change)
    const tooMuch = [
      { preamble: 'x'.repeat(2_001) },
      { preamble: ' ' },
      { glossary: [{ term: '', meaning: '', synonyms: [] }] },
      { glossary: [{ term: 'a', meaning: 'x'.repeat(501), synonyms: [] }] },
      { glossary: [{ term: 'a', meaning: '', synonyms: Array.from({ length: 11 }, (_, each) => `${each}`) }] },
      { glossary: Array.from({ length: 501 }, () => ({ term: 'a', meaning: '', synonyms: [] })) },
    ]
    for (const wrong of tooMuch) {
      expect(await errorOf(client.updateKnowledgeBase('manuals', wrong))).toMatchObject({ code: 'invalid_request' })
    }
    expect(await client.getKnowledgeBase('manuals')).toMatchObject(change)
  })

  test('keep how far their vectors are trusted', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    expect(await client.updateKnowledgeBase('manuals', { denseTrust: 0.5 })).toMatchObject({ denseTrust: 0.5 })
    expect(await client.updateKnowledgeBase('manuals', { denseTrust: null })).toMatchObject({ denseTrust: null })
    expect(await errorOf(client.updateKnowledgeBase('manuals', { denseTrust: -1 }))).toMatchObject({
      code: 'invalid_request',
    })
  })

  test('keep when they refuse, which takes every weight', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    const { model } = learnedAnswerability
    if (model === null) throw new Error('nothing was learned')
    const answerability = { ...model, fingerprint: 'words-256 evidence:1' }
    expect(await client.updateKnowledgeBase('manuals', { answerability })).toMatchObject({ answerability })
    for (const wrong of [
      { ...answerability, least: 2 },
      { ...answerability, fingerprint: '' },
    ]) {
      expect(await errorOf(client.updateKnowledgeBase('manuals', { answerability: wrong }))).toMatchObject({
        code: 'invalid_request',
      })
    }
    expect(await client.getKnowledgeBase('manuals')).toMatchObject({ answerability })
    expect(await client.updateKnowledgeBase('manuals', { answerability: null })).toMatchObject({ answerability: null })
  })

  test('throw the codes of the service', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    expect(await errorOf(client.createKnowledgeBase({ slug: 'manuals' }))).toMatchObject({ code: 'conflict' })
    expect(await errorOf(client.createKnowledgeBase({ slug: 'No Slug' }))).toMatchObject({ code: 'invalid_request' })
    expect(await errorOf(client.getKnowledgeBase('x'))).toMatchObject({
      code: 'knowledge_base_not_found',
      message: 'there is no knowledge base "x"',
    })
  })

  test('with slashes, dots or spaces in their name never reach another path', async () => {
    for (const name of ['../status', 'a/b', 'a b?c#d', '%2e%2e', '.']) {
      const { code } = await errorOf(client.getKnowledgeBase(name))
      expect(['knowledge_base_not_found', 'invalid_request']).toContain(code)
    }
  })
})

describe('httpService › documents', () => {
  beforeEach(() => client.createKnowledgeBase({ slug: 'manuals' }))

  test('are handed in with name and metadata, and come back byte by byte', async () => {
    const sourceUri = '手册/泵 "A"\\v1;x=%22.txt'
    const bytes = bytesOf('每运行两千小时', '更换一次。')
    const metadata = { department: '维护', year: 2026, draft: false }
    const submission = await client.submit('manuals', { sourceUri, bytes, metadata })
    expect(submission).toMatchObject({ outcome: 'created', document: { sourceUri, metadata }, job: { sourceUri } })
    const content = await client.openContent(submission.document.id)
    expect(content.document).toEqual(submission.document)
    expect(Buffer.concat(await collect(content.bytes)).toString()).toBe('每运行两千小时更换一次。')
  })

  test('tell new, changed, unchanged and duplicate content apart', async () => {
    expect(await submitText('one')).toMatchObject({ outcome: 'created' })
    expect(await submitText('one')).toMatchObject({ outcome: 'unchanged', job: null })
    expect(await submitText('one', 'copy.txt')).toMatchObject({ outcome: 'duplicate' })
    expect(await submitText('two')).toMatchObject({ outcome: 'updated', job: { status: 'queued' } })
  })

  test('are read, listed in pages, repeated and deleted', async () => {
    const ids: string[] = []
    for (const text of ['a', 'b', 'c']) ids.push((await submitText(text, `${text}.txt`)).document.id)
    const first = await client.listDocuments('manuals', { limit: 2 })
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const rest = await client.listDocuments('manuals', { limit: 2, cursor: first.nextCursor ?? '' })
    expect(rest).toMatchObject({ items: [{ id: ids[2] }], nextCursor: null })
    expect((await client.listDocuments('manuals', { status: 'ready' })).items).toEqual([])
    const filter = { field: 'tags', eq: '泵' } as const
    expect((await client.listDocuments('manuals', { filter })).items).toEqual([])

    const [id = ''] = ids
    expect(await client.getDocument(id)).toMatchObject({ id, title: 'a.txt' })
    expect(await client.getPage(id, 1)).toEqual({ page: null, span: { start: 0, end: 1 }, text: 'a' })
    expect(await errorOf(client.getPage(id, 2))).toMatchObject({ code: 'page_not_found' })
    expect(await client.listChunks(id)).toMatchObject([{ documentId: id, text: 'a' }])
    const tagged = await client.updateDocument(id, { metadata: { tags: ['泵'], year: 2026, draft: null } })
    expect(tagged.metadata).toEqual({ tags: ['泵'], year: 2026 })
    expect((await client.listDocuments('manuals', { filter })).items).toMatchObject([{ id }])
    expect(await client.retry(id)).toMatchObject({ documentId: id, status: 'queued' })
    await client.deleteDocument(id)
    expect(await errorOf(client.getDocument(id))).toMatchObject({ code: 'document_not_found' })
    expect(await errorOf(client.openContent(id))).toMatchObject({ code: 'document_not_found' })
  })

  test('have sources that can be listed and removed', async () => {
    const uri = 'manuals/泵 & 阀?.txt'
    const { document } = await submitText('one', uri)
    expect(await client.listSources('manuals')).toEqual([
      {
        sourceUri: uri,
        containerId: null,
        documentId: document.id,
        contentHash: document.contentHash,
        sizeBytes: 3,
        status: 'processing',
        error: null,
      },
    ])
    await client.removeSource('manuals', uri)
    expect(await client.listSources('manuals')).toEqual([])
    expect(await errorOf(client.removeSource('manuals', uri))).toMatchObject({ code: 'not_found' })
  })

  test('are refused when they are too large, and the rest of the file is not read', async () => {
    await restart({ maxUploadBytes: 100_000 })
    await client.createKnowledgeBase({ slug: 'manuals' })
    let isReleased = false
    async function* endless() {
      try {
        while (true) yield Buffer.alloc(65_536)
      } finally {
        isReleased = true
      }
    }
    const error = await errorOf(client.submit('manuals', { sourceUri: 'big.bin', bytes: endless() }))
    expect(error).toMatchObject({
      code: 'payload_too_large',
      remedy: expect.stringContaining('INKSTONE_MAX_UPLOAD_BYTES'),
    })
    await until(() => isReleased && running.service.uploadsUnderWay() === 0)
    expect(running.service.storedDocuments()).toEqual([])
  })

  test('of exactly the largest size are taken', async () => {
    await restart({ maxUploadBytes: 100_000 })
    await client.createKnowledgeBase({ slug: 'manuals' })
    const size = async (sizeBytes: number) =>
      client.submit('manuals', { sourceUri: `${sizeBytes}.bin`, bytes: bytesOf('x'.repeat(sizeBytes)) })
    expect(await size(100_000)).toMatchObject({ outcome: 'created', document: { sizeBytes: 100_000 } })
    expect(await errorOf(size(100_001))).toMatchObject({ code: 'payload_too_large' })
    expect(await size(0)).toMatchObject({ outcome: 'created', document: { sizeBytes: 0 } })
  })

  test('for an unknown knowledge base are refused with its code', async () => {
    const promise = client.submit('none', { sourceUri: 'a.txt', bytes: bytesOf('x'.repeat(500_000)) })
    expect(await errorOf(promise)).toMatchObject({ code: 'knowledge_base_not_found' })
  })

  test('whose reading fails throw what the reading threw and leave nothing', async () => {
    const broken = new InkstoneError('file_unreadable', 'the disk is gone')
    async function* breaking() {
      yield Buffer.from('first')
      throw broken
    }
    const thrown = await errorOf(client.submit('manuals', { sourceUri: 'a.txt', bytes: breaking() }))
    expect(thrown).toBe(broken)
    await until(() => running.service.uploadsUnderWay() === 0)
    expect(running.service.storedDocuments()).toEqual([])
  })

  test('whose upload is cancelled leave nothing', async () => {
    const cancel = new AbortController()
    async function* endless() {
      yield Buffer.from('first')
      await until(() => running.service.uploadsUnderWay() === 1)
      cancel.abort()
      while (true) yield Buffer.alloc(1_000)
    }
    const promise = client.submit('manuals', { sourceUri: 'a.txt', bytes: endless() }, { signal: cancel.signal })
    expect(await errorOf(promise)).toMatchObject({ code: 'cancelled' })
    await until(() => running.service.uploadsUnderWay() === 0)
    expect(running.service.storedDocuments()).toEqual([])
    expect(running.service.signals.every((signal) => signal.aborted)).toBe(true)
  })
})

describe('httpService › jobs', () => {
  let job: Job
  beforeEach(async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    const submission = await submitText('one')
    if (submission.job === null) throw new Error('no job')
    job = submission.job
  })

  test('are read, listed by knowledge base and status, and cancelled', async () => {
    expect(await client.getJob(job.id)).toEqual(job)
    expect(await client.listJobs()).toEqual({ items: [job], nextCursor: null })
    expect((await client.listJobs({ knowledgeBase: 'manuals', status: 'queued', limit: 5 })).items).toEqual([job])
    expect((await client.listJobs({ status: 'done' })).items).toEqual([])
    expect(await client.cancelJob(job.id)).toMatchObject({ status: 'cancelled' })
    expect(await errorOf(client.cancelJob(job.id))).toMatchObject({ code: 'conflict' })
    expect(await errorOf(client.getJob('job_0'))).toMatchObject({ code: 'job_not_found' })
  })

  test('are watched through every change to their end', async () => {
    const stages: string[] = []
    const next = ['parsing', 'embedding', 'done'] as const
    for await (const { stage } of client.watchJob(job.id)) {
      stages.push(stage)
      const move = next[stages.length - 1]
      if (move !== undefined)
        running.service.moveJob(job.id, { stage: move, status: move === 'done' ? 'done' : 'running' })
    }
    expect(stages).toEqual(['queued', 'parsing', 'embedding', 'done'])
    await until(() => running.service.streamsUnderWay() === 0)
  })

  test('keep their error with its remedy', async () => {
    const error = { code: 'password_required', message: 'encrypted', remedy: 'remove the password' }
    running.service.moveJob(job.id, { status: 'failed', stage: 'failed', error })
    expect((await collect(client.watchJob(job.id))).at(-1)).toMatchObject({ status: 'failed', error })
  })

  test('are no longer watched by the server when the caller stops', async () => {
    for await (const seen of client.watchJob(job.id)) {
      expect(seen).toEqual(job)
      break
    }
    await until(() => running.service.streamsUnderWay() === 0)
    expect(running.service.signals.at(-1)?.aborted).toBe(true)
  })

  test('end with cancelled when the signal fires', async () => {
    const cancel = new AbortController()
    const jobs = client.watchJob(job.id, { signal: cancel.signal })[Symbol.asyncIterator]()
    await jobs.next()
    const waiting = jobs.next()
    cancel.abort()
    expect(await errorOf(waiting)).toMatchObject({ code: 'cancelled' })
    await until(() => running.service.streamsUnderWay() === 0)
  })

  test('that do not exist cannot be watched', async () => {
    expect(await errorOf(collect(client.watchJob('job_0')))).toMatchObject({ code: 'job_not_found' })
  })
})
