import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { settings } from '../src/config/settings.js'
import type { Job } from '../src/core/job.js'
import { type Inkstone, openInkstone } from '../src/inkstone.js'
import { blobStore } from '../src/store/blobs.js'
import { sqliteCatalogue } from '../src/store/catalogue.js'
import { lanceStores } from '../src/store/lance.js'
import { listManifests } from '../src/store/manifests.js'
import { chatServer, streamText } from './support/chat-server.js'
import { collect } from './support/collect.js'
import { embeddingServer } from './support/embedding-server.js'
import { rerankServer, type ScriptedReply } from './support/rerank-server.js'
import { temporaryFolder } from './support/temporary-folder.js'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const text = (content: string) => Readable.from([Buffer.from(content)])

/** A home of the test's own, opened and closed as often as the test likes, with vectors from a server of the test's own. */
async function homeFor() {
  const home = await temporaryFolder()
  const server = await embeddingServer()
  return {
    home,
    server,
    async open(given: Record<string, unknown> = {}): Promise<Inkstone> {
      const common = { home, modelsDir: join(home, 'models'), embedBaseUrl: server.url, embedModel: 'words' }
      const inkstone = await openInkstone(settings.parse({ ...common, ...given }), { log: silent })
      onTestFinished(() => inkstone.close())
      return inkstone
    },
  }
}

async function ended(inkstone: Inkstone, job: Job | null): Promise<Job | undefined> {
  let last: Job | undefined
  for await (const change of inkstone.watchJob(job?.id ?? '')) last = change
  return last
}

const patience = { timeout: 60_000 }
const untilPending = (inkstone: Inkstone, jobs: number) =>
  expect.poll(async () => (await inkstone.status()).pendingJobs, patience).toBe(jobs)
const untilRunning = (inkstone: Inkstone, jobs: number) =>
  expect.poll(async () => (await inkstone.listJobs({ status: 'running' })).items.length, patience).toBe(jobs)

const submit = (inkstone: Inkstone, sourceUri: string, content: string, knowledgeBase = 'default') =>
  inkstone.submit(knowledgeBase, { sourceUri, bytes: text(content) })

async function ingest(inkstone: Inkstone, sourceUri: string, content: string) {
  const { document, job } = await submit(inkstone, sourceUri, content)
  expect(await ended(inkstone, job)).toMatchObject({ status: 'done' })
  return document
}

const textsFor = async (inkstone: Inkstone, query: string) =>
  (await inkstone.search({ query })).hits.map(({ chunk }) => chunk.text)

async function storedFiles(home: string, contents: readonly string[]): Promise<boolean[]> {
  const blobs = await blobStore({ dir: join(home, 'kb', 'blobs') })
  const hashes = contents.map((content) => createHash('sha256').update(content).digest('hex'))
  return Promise.all(
    hashes.map((hash) =>
      blobs.path(hash).then(
        () => true,
        () => false,
      ),
    ),
  )
}

describe('tuneKnowledgeBase', () => {
  const place = (document: string) => ({ document, page: null, quote: 'x' })
  const about = (id: string, document: string) => ({
    id,
    question: 'pump seal',
    history: [],
    expected: [place(document)],
    alternatives: [],
  })

  test('asks the questions and goes back to the default when they are too few to learn from', async () => {
    const inkstone = await (await homeFor()).open()
    await ingest(inkstone, 'shelf/a.txt', 'the pump is cleaned')
    await ingest(inkstone, 'shelf/b.txt', 'the pump seal is replaced')
    await inkstone.updateKnowledgeBase('default', { denseTrust: 0.5 })
    const events = await collect(inkstone.tuneKnowledgeBase('default', { questions: [about('q1', 'b.txt')] }))
    expect(events).toMatchObject([
      { stage: 'asking', done: 1, total: 1 },
      { stage: 'learned', trust: { outcome: 'few_questions', denseTrust: null, questions: 1, usual: 1 } },
      { stage: 'calibrated', answerability: { outcome: 'few_questions', model: null, answerable: 1, unanswerable: 0 } },
      { stage: 'done', tuned: null },
    ])
    expect(await inkstone.getKnowledgeBase('default')).toMatchObject({ denseTrust: null })
    const absent = collect(inkstone.tuneKnowledgeBase('default', { questions: [about('q1', 'c.txt')] }))
    await expect(absent).rejects.toMatchObject({ code: 'not_found' })
  })

  test('keeps what was learned, and searches go by what is kept', async () => {
    const inkstone = await (await homeFor()).open({ topK: 1 })
    await ingest(inkstone, 'a.txt', 'pump pump pump seal seal')
    for (let index = 0; index < 3; index += 1) await ingest(inkstone, `${index}.txt`, `valve of number ${index}`)
    const questions = Array.from({ length: 40 }, (_, index) => about(`q${index}`, 'a.txt'))
    const events = await collect(inkstone.tuneKnowledgeBase('default', { questions }))
    const learned = events.flatMap((event) => (event.stage === 'learned' ? event.trust : []))
    expect(learned).toMatchObject([{ questions: 40, usual: 1 }])
    expect((await inkstone.getKnowledgeBase('default')).denseTrust).toBe(learned[0]?.denseTrust)
    const fusedAt = async (denseTrust: number) => {
      await inkstone.updateKnowledgeBase('default', { denseTrust })
      return (await inkstone.search({ query: 'pump number' })).hits[0]?.score
    }
    expect(await fusedAt(0)).not.toBe(await fusedAt(1))
  })
})

describe('tuneKnowledgeBase with questions of both kinds', () => {
  const subjects = ['pump', 'seal', 'valve', 'bearing', 'grease', 'motor', 'shaft', 'flange', 'gasket', 'rotor']
  const fillers = Array.from({ length: 30 }, (_, at) => `filler${at}`)
  const place = { document: 'a.txt', page: null, quote: 'x' }
  const questions = Array.from({ length: 60 }, (_, at) => {
    const known = `${subjects[at % 10]} ${subjects[(3 * at + 1) % 10]}`
    const asked =
      at < 45 ? { question: known, expected: [place] } : { question: `stranger${at} unheard${at}`, expected: [] }
    return { id: `q${at}`, history: [], alternatives: [], ...asked }
  })
  const statusOf = async (inkstone: Inkstone, question: string) => {
    const events = await collect(inkstone.answer({ question, keep: false }))
    return events.flatMap((event) => (event.type === 'done' ? event.answer.status : []))
  }

  test('answers by what was learned until it is taken away, or void with another embedding model', async () => {
    const { open } = await homeFor()
    const inkstone = await open()
    // One sentence of so many words that the built-in model takes every question for far away.
    await ingest(inkstone, 'a.txt', `${[...subjects, ...fillers].join(' ')}.`)
    await inkstone.createKnowledgeBase({ slug: 'empty' })
    expect(await statusOf(inkstone, 'pump valve')).toEqual(['abstained'])
    const events = await collect(inkstone.tuneKnowledgeBase('default', { questions }))
    expect(events.filter(({ stage }) => stage === 'judging')).toHaveLength(60)
    const learned = events.flatMap((event) => (event.stage === 'calibrated' ? event.answerability : []))
    expect(learned).toMatchObject([{ outcome: 'kept', answerable: 45, unanswerable: 15 }])
    const { answerability } = await inkstone.getKnowledgeBase('default')
    expect(answerability).toMatchObject({ ...learned[0]?.model, fingerprint: expect.stringContaining('words') })
    expect(await statusOf(inkstone, 'pump valve')).toEqual(['answered'])
    expect(await statusOf(inkstone, 'stranger unheard')).toEqual(['abstained'])

    await collect(inkstone.tuneKnowledgeBase('default', { questions: questions.slice(0, 9) }))
    expect(await inkstone.getKnowledgeBase('default')).toMatchObject({ answerability })
    await inkstone.updateKnowledgeBase('default', { answerability: null })
    expect(await statusOf(inkstone, 'pump valve')).toEqual(['abstained'])
    const foreign = answerability && { ...answerability, fingerprint: 'another model' }
    await inkstone.updateKnowledgeBase('default', { answerability: foreign })
    expect(await statusOf(inkstone, 'pump valve')).toEqual(['abstained'])
  })
})

describe('reindexKnowledgeBase', () => {
  test('is the remedy for another embedding model, and reads every stored file again', async () => {
    const { open } = await homeFor()
    const before = await open()
    await ingest(before, 'a.txt', '轴承润滑脂每 2000 小时更换一次。')
    await ingest(before, 'b.txt', '阀门每年检查一次。')
    await before.close()

    const after = await open({ embedModel: 'other-words' })
    const { id } = await after.getKnowledgeBase('default')
    const mismatch = {
      code: 'embedding_mismatch',
      remedy: `run "inkstone kb reindex ${id}", or set the embedding model back`,
    }
    await expect(after.search({ query: '轴承' })).rejects.toMatchObject(mismatch)
    await expect(submit(after, 'c.txt', 'new')).rejects.toMatchObject(mismatch)
    expect((await after.listDocuments('default')).items).toHaveLength(2)

    expect(await after.reindexKnowledgeBase('default')).toEqual({ jobs: 2 })
    await untilPending(after, 0)
    expect((await textsFor(after, '轴承润滑脂'))[0]).toContain('2000 小时')
    expect((await textsFor(after, '阀门检查'))[0]).toContain('阀门')
    const { items } = await after.listDocuments('default')
    expect(items.map(({ status, revision }) => ({ status, revision }))).toEqual([
      { status: 'ready', revision: 2 },
      { status: 'ready', revision: 2 },
    ])
  })

  test('mends a table whose description is damaged', async () => {
    const { open, home } = await homeFor()
    const before = await open()
    await ingest(before, 'a.txt', 'bearing grease')
    const { id } = await before.getKnowledgeBase('default')
    await before.close()
    await writeFile(join(home, 'kb', 'lance', `${id}.json`), 'garbage')
    const after = await open()
    await expect(after.search({ query: 'bearing' })).rejects.toMatchObject({
      code: 'store_corrupt',
      remedy: expect.stringContaining('inkstone kb reindex'),
    })
    await after.reindexKnowledgeBase('default')
    await untilPending(after, 0)
    expect(await textsFor(after, 'bearing grease')).toEqual(['bearing grease'])
  })

  test('takes up what was running, and runs once at a time', async () => {
    const { open, server } = await homeFor()
    const inkstone = await open()
    await ingest(inkstone, 'a.txt', 'one')
    server.hold()
    await submit(inkstone, 'b.txt', 'two')
    await untilRunning(inkstone, 1)
    const both = await Promise.allSettled([
      inkstone.reindexKnowledgeBase('default'),
      inkstone.reindexKnowledgeBase('default'),
    ])
    expect(both).toMatchObject([
      { status: 'fulfilled', value: { jobs: 2 } },
      { status: 'rejected', reason: { code: 'conflict' } },
    ])
    server.release()
    await untilPending(inkstone, 0)
    expect((await textsFor(inkstone, 'one two')).sort()).toEqual(['one', 'two'])
  })
})

describe('watchJob', () => {
  test('ends when its document is replaced or removed, or its knowledge base is deleted', async () => {
    const { open, server } = await homeFor()
    const inkstone = await open()
    await inkstone.createKnowledgeBase({ slug: 'other' })
    server.hold()
    for (const name of ['1', '2', '3']) await submit(inkstone, name, name, name === '3' ? 'other' : 'default')
    await untilRunning(inkstone, 3)
    const first = await submit(inkstone, 'a.txt', 'first')
    const replaced = ended(inkstone, first.job)
    const second = await submit(inkstone, 'a.txt', 'second')
    expect(await replaced).toMatchObject({ status: 'cancelled' })
    const removed = ended(inkstone, second.job)
    await inkstone.deleteDocument(second.document.id)
    expect(await removed).toMatchObject({ status: 'cancelled' })
    const { job } = await submit(inkstone, 'b.txt', 'third', 'other')
    const deleted = expect(ended(inkstone, job)).rejects.toMatchObject({ code: 'job_not_found' })
    await inkstone.deleteKnowledgeBase('other')
    await deleted
    server.release()
  })
})

describe('submit', () => {
  test('makes one document of the same file handed in twice at once', async () => {
    const { open } = await homeFor()
    const inkstone = await open()
    const both = await Promise.all([submit(inkstone, 'a.txt', 'same'), submit(inkstone, 'a.txt', 'same')])
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['created', 'unchanged'])
    await untilPending(inkstone, 0)
    expect(await textsFor(inkstone, 'same')).toEqual(['same'])
  })

  test('replaces a document while its older content is being read', async () => {
    const { open, server, home } = await homeFor()
    const inkstone = await open()
    server.hold()
    await submit(inkstone, 'a.txt', 'old words')
    await untilRunning(inkstone, 1)
    const { job, outcome } = await submit(inkstone, 'a.txt', 'new words')
    expect(outcome).toBe('updated')
    server.release()
    expect(await ended(inkstone, job)).toMatchObject({ status: 'done' })
    expect(await textsFor(inkstone, 'words')).toEqual(['new words'])
    await expect.poll(() => storedFiles(home, ['old words', 'new words']), patience).toEqual([false, true])
  })

  test('shows a document whole at every moment while it is replaced again and again', async () => {
    const inkstone = await (await homeFor()).open()
    const content = (revision: number) =>
      ['one', 'two', 'three'].map((word) => `# ${word}\n\npump ${revision}`).join('\n\n')
    const { id } = await ingest(inkstone, 'a.md', content(1))
    const { chunkCount } = await inkstone.getDocument(id)
    expect(chunkCount).toBe(3)
    let isReplaced = false
    const seen = new Set<string>()
    const looking = (async () => {
      while (!isReplaced) {
        const [listed, { hits }] = await Promise.all([inkstone.listChunks(id), inkstone.search({ query: 'pump' })])
        const found = hits.map(({ chunk }) => chunk)
        for (const chunks of [listed, found]) {
          seen.add(`${chunks.length} of ${new Set(chunks.map(({ revision }) => revision)).size} revision`)
        }
      }
    })()
    for (let revision = 2; revision <= 12; revision += 1) await ingest(inkstone, 'a.md', content(revision))
    isReplaced = true
    await looking
    expect([...seen]).toEqual(['3 of 1 revision'])
    expect(await inkstone.getDocument(id)).toMatchObject({ revision: 12 })
    await expect.poll(async () => (await inkstone.getIndexState('default')).chunks, patience).toBe(3)
  })

  test('takes up again what was cancelled', async () => {
    const { open, server } = await homeFor()
    const inkstone = await open()
    server.hold()
    const { job } = await submit(inkstone, 'a.txt', 'text')
    await inkstone.cancelJob(job?.id ?? '')
    server.release()
    const again = await submit(inkstone, 'a.txt', 'text')
    expect(again.outcome).toBe('unchanged')
    expect(await ended(inkstone, again.job)).toMatchObject({ status: 'done' })
  })

  test('leaves no file behind when its knowledge base is deleted meanwhile', async () => {
    const { open, home } = await homeFor()
    const inkstone = await open()
    await inkstone.createKnowledgeBase({ slug: 'gone' })
    async function* bytes() {
      yield Buffer.from('half ')
      await inkstone.deleteKnowledgeBase('gone')
      yield Buffer.from('whole')
    }
    const request = { sourceUri: 'a.txt', bytes: bytes() }
    await expect(inkstone.submit('gone', request)).rejects.toMatchObject({ code: 'knowledge_base_not_found' })
    expect(await storedFiles(home, ['half whole'])).toEqual([false])
  })
})

describe('openContent', () => {
  test('opens the file only when it is read', async () => {
    const { open, home } = await homeFor()
    const inkstone = await open()
    const document = await ingest(inkstone, 'a.txt', 'text')
    const { bytes } = await inkstone.openContent(document.id)
    await rm(join(home, 'kb', 'blobs', 'sha256'), { recursive: true })
    await expect(Readable.from(bytes).toArray()).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('openInkstone', () => {
  test('does what needs no vectors without a model, and lets jobs wait for one', async () => {
    const { open, server } = await homeFor()
    const before = await open()
    server.hold()
    const { job } = await submit(before, 'a.txt', 'text')
    await before.close()

    const without = await open({ embedBaseUrl: undefined, embedModel: 'bge-small-zh-v1.5' })
    expect(await without.listKnowledgeBases()).toHaveLength(1)
    expect(await without.createKnowledgeBase({ slug: 'other' })).toMatchObject({ slug: 'other' })
    await without.deleteKnowledgeBase('other')
    const missing = { code: 'model_missing', remedy: expect.stringContaining('inkstone models pull') }
    expect(() => without.requireModel()).toThrow('is not in')
    await expect(without.search({ query: 'q' })).rejects.toMatchObject(missing)
    await expect(submit(without, 'b.txt', 'text')).rejects.toMatchObject(missing)
    await expect(without.reindexKnowledgeBase('default')).rejects.toMatchObject(missing)
    expect(await without.getJob(job?.id ?? '')).toMatchObject({ status: 'queued' })
    await without.close()

    server.release()
    const after = await open()
    expect(await ended(after, job)).toMatchObject({ status: 'done' })
  })

  test('does not count an attempt that a close in good order cut short', async () => {
    const { open, server } = await homeFor()
    server.hold()
    const before = await open()
    const { job } = await submit(before, 'a.txt', 'text')
    await untilRunning(before, 1)
    await before.close()
    server.release()
    const after = await open()
    expect(await ended(after, job)).toMatchObject({ status: 'done', attempts: 1 })
  })

  test('finishes the deletions that a kill cut short', async () => {
    const { open, home } = await homeFor()
    const before = await open()
    const { id } = await ingest(before, 'a.txt', 'secret')
    await ingest(before, 'b.txt', 'public')
    const other = await before.createKnowledgeBase({ slug: 'other' })
    const { job } = await submit(before, 'c.txt', 'private', 'other')
    await ended(before, job)
    await before.close()

    const kb = join(home, 'kb')
    const catalogue = await sqliteCatalogue({ path: join(kb, 'catalogue.sqlite') })
    await catalogue.deleteDocument(id)
    await catalogue.deleteKnowledgeBase(other.id)
    await catalogue.close()
    expect(await storedFiles(home, ['secret', 'public', 'private'])).toEqual([true, true, true])

    const after = await open()
    expect(await after.listChunks(id).catch(({ code }) => code)).toBe('document_not_found')
    await after.close()
    expect(await storedFiles(home, ['secret', 'public', 'private'])).toEqual([false, true, false])
    expect(await readdir(join(kb, 'lance'))).not.toContainEqual(expect.stringContaining(other.id))
    const again = await sqliteCatalogue({ path: join(kb, 'catalogue.sqlite') })
    expect(await again.listRemovals()).toEqual([])
    await again.close()
  })

  test('shows the old revision until the new one is whole, wherever a kill comes, and keeps nothing of it then', async () => {
    const { open, home } = await homeFor()
    const before = await open()
    const { id } = await ingest(before, 'a.txt', 'old pump')
    const rows = async (inkstone: Inkstone) => (await inkstone.getIndexState('default')).chunks
    const { id: kept } = await ingest(before, 'b.txt', 'old valve')
    await ingest(before, 'b.txt', 'new valve')
    await expect.poll(() => rows(before), patience).toBe(2)
    const [chunk] = await before.listChunks(id)
    if (chunk === undefined) throw new Error('nothing was stored')
    await before.close()

    // As if killed between the commits of table and catalogue, and an earlier update before its old rows had gone.
    const kb = join(home, 'kb')
    const catalogue = await sqliteCatalogue({ path: join(kb, 'catalogue.sqlite') })
    const { contentHash, sizeBytes, mediaType, knowledgeBaseId } = await catalogue.getDocument(id)
    const file = { knowledgeBaseId, sourceUri: 'a.txt', title: 'a.txt', mediaType, sizeBytes, metadata: {} }
    const { fingerprint } = JSON.parse(await readFile(join(kb, 'lance', `${knowledgeBaseId}.json`), 'utf8'))
    const stores = await lanceStores({ dir: join(kb, 'lance'), fingerprint, dimensions: 256 })
    const store = await stores.open(knowledgeBaseId)
    const putRevision = async (documentId: string, revision: number, content: string) => {
      await catalogue.saveText(documentId, revision, [])
      const row = { ...chunk, id: `chk_${documentId}_${revision}`, documentId, revision, text: content }
      await store.putRevisions([{ documentId, chunks: [row], embeddings: [new Float32Array(256).fill(0.1)] }])
    }
    await catalogue.submit({ ...file, contentHash: `${contentHash.slice(0, -1)}_` })
    await catalogue.claimJob()
    await putRevision(id, 2, 'new pump')
    await putRevision(kept, 1, 'old valve')
    await stores.close()
    await catalogue.close()

    // The update fails, for its file is not there: what was shown before is what is shown.
    const after = await open()
    expect((await after.listChunks(id)).map(({ text }) => text)).toEqual(['old pump'])
    expect(await textsFor(after, 'pump')).toContain('old pump')
    expect(await textsFor(after, 'pump')).not.toContain('new pump')
    expect((await after.listChunks(kept)).map(({ text }) => text)).toEqual(['new valve'])
    await untilPending(after, 0)
    expect(await after.getDocument(id)).toMatchObject({ revision: 1, status: 'ready' })
    await expect.poll(() => rows(after), patience).toBe(2)
  })

  test('reads again what a damaged table has lost, also when it is opened for what a kill has left', async () => {
    const { open, home } = await homeFor()
    const before = await open()
    const { id, knowledgeBaseId } = await ingest(before, 'a.txt', 'old pump')
    await before.close()
    const catalogue = await sqliteCatalogue({ path: join(home, 'kb', 'catalogue.sqlite') })
    await catalogue.saveText(id, 1, [])
    await catalogue.close()
    const [newest] = await listManifests(join(home, 'kb', 'lance', `${knowledgeBaseId}.lance`))
    await truncate(newest?.path ?? '', 0)

    const after = await open()
    await untilPending(after, 0)
    expect(await after.getDocument(id)).toMatchObject({ revision: 2, status: 'ready' })
    expect((await after.listChunks(id)).map(({ text }) => text)).toEqual(['old pump'])
  })

  test('says that a home cannot be written, and what to do', async () => {
    const folder = await temporaryFolder()
    const home = join(folder, 'file')
    await writeFile(home, '')
    const config = settings.parse({ home, modelsDir: folder })
    await expect(openInkstone(config, { log: silent })).rejects.toMatchObject({
      code: 'home_unwritable',
      remedy: expect.stringContaining('INKSTONE_HOME'),
    })
  })

  test('says that a catalogue is damaged, and gives the home free', async () => {
    const { open, home } = await homeFor()
    const before = await open()
    await before.close()
    const path = join(home, 'kb', 'catalogue.sqlite')
    for (const name of [path, `${path}-wal`, `${path}-shm`]) await rm(name, { force: true })
    await writeFile(path, 'x'.repeat(9000))
    await expect(open()).rejects.toMatchObject({ code: 'store_corrupt', remedy: expect.any(String) })
    await rm(path)
    expect(await (await open()).listKnowledgeBases()).toHaveLength(1)
  })
})

describe('answer with a language model', () => {
  test('instructs it in the words of the owner, with dates at the passages', async () => {
    const chat = await chatServer(streamText(['The oil is L-HM46 [1].']))
    onTestFinished(() => chat.close())
    const { home, open } = await homeFor()
    await mkdir(join(home, 'prompts'))
    await writeFile(join(home, 'prompts', 'answer.en.md'), 'OWN {{noAnswer}}\n{{preamble}}\n{{glossary}}')
    const inkstone = await open({ llmBaseUrl: chat.baseUrl, promptsDir: join(home, 'prompts') })
    const glossary = [{ term: 'L-HM46', meaning: 'anti-wear oil', synonyms: [] }]
    await inkstone.updateKnowledgeBase('default', { preamble: 'Manuals of hydraulics.', glossary })
    await ingest(inkstone, 'oil.md', '---\ndate: 2024-05-06\n---\nThe oil of the press is L-HM46.')
    await collect(inkstone.answer({ question: 'Which oil does the press take?' }))
    const [asked] = chat.requests
    expect(asked).toMatchObject({
      messages: [
        {
          role: 'system',
          content: expect.stringMatching(/^OWN NO_ANSWER\n.*\nManuals of hydraulics\.\n.*\n- L-HM46: anti-wear oil$/),
        },
        { role: 'user', content: expect.stringContaining('date="2024-05-06"') },
      ],
    })
  })

  test('does not open a home with an instruction text that cannot be used', async () => {
    const { home, open } = await homeFor()
    await writeFile(join(home, 'answer.en.md'), '{{noAnswer}}')
    await expect(open({ promptsDir: home })).rejects.toMatchObject({ code: 'invalid_configuration' })
  })

  test('has the model read the text around a hit, and cites what it read there', async () => {
    const chat = await chatServer(streamText(['The oil is L-HM46 [1].']))
    onTestFinished(() => chat.close())
    const { open } = await homeFor()
    const inkstone = await open({ llmBaseUrl: chat.baseUrl, topK: 1, chunkTokens: 48, chunkOverlapTokens: 0 })
    const sentences = [
      'Every bearing of the pump needs grease once each month without exception.',
      'Use the oil L-HM46 for this and nothing else at all in winter and summer.',
    ]
    const document = await ingest(inkstone, 'a.txt', sentences.join('\n\n'))
    expect(await inkstone.listChunks(document.id)).toHaveLength(2)
    for await (const event of inkstone.answer({ question: 'does every bearing of the pump need grease each month' })) {
      if (event.type !== 'done') continue
      expect(event.answer.hits.map(({ chunk }) => chunk.text)).toEqual([sentences[0]])
      expect(event.answer).toMatchObject({ citations: [{ quote: sentences[1], verified: true }] })
    }
    expect(JSON.stringify(chat.requests)).toContain(sentences[1])
  })
})

describe('search with a reranking server', () => {
  async function openWith(scripted: ScriptedReply[] = []) {
    const server = await rerankServer(scripted)
    onTestFinished(() => server.close())
    const { open } = await homeFor()
    const inkstone = await open({ rerankBaseUrl: server.url, rerankModel: 'm', rerankTimeoutMs: 300 })
    await ingest(inkstone, 'a.txt', 'the pump is cleaned')
    await ingest(inkstone, 'b.txt', 'the pump seal is replaced')
    return { inkstone, server }
  }

  test('orders hits by what the server says, and shows it', async () => {
    const { inkstone, server } = await openWith()
    const { hits } = await inkstone.search({ query: 'pump seal' })
    expect(hits.map(({ score, signals }) => [score, signals.rerank])).toEqual([
      [1, 1],
      [0.5, 0.5],
    ])
    expect(server.received[0]?.body.documents?.[0]).toBe('b.txt\nthe pump seal is replaced')
  })

  test('answers without it when it hangs, and says so', async () => {
    const { inkstone, server } = await openWith([{ hangs: true }])
    const notices: string[] = []
    for await (const event of inkstone.answer({ question: 'is the pump seal replaced' })) {
      if (event.type === 'notice') notices.push(event.message)
      if (event.type === 'done') expect(event.answer.hits.map(({ signals }) => signals.rerank)).toEqual([null, null])
    }
    expect(notices).toEqual([expect.stringContaining('reranking model')])
    await expect.poll(() => server.aborted()).toBe(1)
  })

  test('refuses a local model that is not in the catalogue', async () => {
    const { open } = await homeFor()
    await expect(open({ rerankModel: 'gpt-5' })).rejects.toMatchObject({ code: 'model_not_found' })
  })
})
