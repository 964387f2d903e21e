import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../src/core/errors.js'
import type { InkstoneService } from '../../../src/core/service.js'
import { type SyncOptions, syncFolder } from '../../../src/ingest/sync/sync.js'
import type { FileEvent, PlannedEvent, SyncEvent } from '../../../src/ingest/sync/sync-events.js'
import { memoryService } from '../../support/memory-service.js'
import { type SyncService, syncService } from '../../support/sync-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let root: string
let problems: Map<string, { code: string; message: string; remedy: string }>
let service: SyncService

beforeEach(async () => {
  root = await temporaryFolder()
  problems = new Map([['bad', { code: 'no_text', message: 'there is no text', remedy: 'scan it again' }]])
  service = syncService({
    problemOf: (text) => problems.get(text) ?? null,
    membersOf: (text) => (text.startsWith('{') ? JSON.parse(text) : {}),
    measures: (text) => ({ pageCount: 1, chunkCount: text.length }),
  })
})

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
}

async function sync(options: Partial<SyncOptions> = {}, target: InkstoneService = service) {
  const events: SyncEvent[] = []
  for await (const event of syncFolder(target, { roots: [root], knowledgeBase: 'pumps', ...options }))
    events.push(event)
  const [planned] = events.filter((event): event is PlannedEvent => event.type === 'planned')
  const files = events.filter((event): event is FileEvent => event.type === 'file')
  const outcomes = Object.fromEntries(files.map(({ path, outcome }) => [path.slice(root.length + 1), outcome]))
  return { events, counts: planned?.counts, sizeBytes: planned?.sizeBytes, files, outcomes }
}

const submitted = () => service.calls.filter((call) => call.startsWith('submit')).length
const sourceUris = async () =>
  (await service.listSources('pumps')).map(({ sourceUri }) => sourceUri.slice(root.length + 1))

describe('syncFolder', () => {
  test('says first what is planned, then what became of each file', async () => {
    await write({ 'a.md': 'one', 'deep/b.md': 'two!' })
    const { events, counts, sizeBytes, outcomes } = await sync()
    expect(events[0]?.type).toBe('planned')
    expect({ counts, sizeBytes }).toMatchObject({ counts: { found: 2, new: 2, gone: 0 }, sizeBytes: 7 })
    expect(outcomes).toEqual({ 'a.md': 'added', 'deep/b.md': 'added' })
    expect((await service.listSources('pumps')).map(({ sourceUri }) => sourceUri).sort()).toEqual([
      join(root, 'a.md'),
      join(root, 'deep/b.md'),
    ])
  })

  test('sends nothing a second time and sends only what changed', async () => {
    await write({ 'a.md': 'one', 'b.md': 'two' })
    await sync()
    expect((await sync()).outcomes).toEqual({ 'a.md': 'unchanged', 'b.md': 'unchanged' })
    expect(submitted()).toBe(2)
    await write({ 'b.md': 'two, revised' })
    expect((await sync()).outcomes).toEqual({ 'a.md': 'unchanged', 'b.md': 'updated' })
    expect(submitted()).toBe(3)
  })

  test('goes on after a bad file and says why it failed', async () => {
    await write({ 'a.md': 'bad', 'b.md': 'good' })
    const { outcomes, files } = await sync()
    expect(outcomes).toEqual({ 'a.md': 'failed', 'b.md': 'added' })
    expect(files.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      code: 'no_text',
      message: 'there is no text',
      remedy: 'scan it again',
    })
  })

  test('reports a file that failed before with the stored reason, and reads it again only when asked', async () => {
    await write({ 'a.md': 'bad' })
    await sync()
    const second = await sync()
    expect(second.counts).toMatchObject({ failedBefore: 1, unchanged: 0 })
    expect(second.files).toEqual([expect.objectContaining({ outcome: 'failed', code: 'no_text' })])
    expect(submitted()).toBe(1)
    problems.clear()
    expect((await sync({ retryFailed: true })).outcomes).toEqual({ 'a.md': 'added' })
  })

  test('waits for a file that was accepted before and is not finished', async () => {
    await write({ 'a.md': 'one' })
    const bytes = async function* () {
      yield Buffer.from('one')
    }
    await service.submit('pumps', { sourceUri: join(root, 'a.md'), bytes: bytes() })
    const { counts, outcomes } = await sync()
    expect(counts).toMatchObject({ new: 0, unchanged: 1 })
    expect(outcomes).toEqual({ 'a.md': 'unchanged' })
    expect(submitted()).toBe(2)
  })

  test('calls a second file with the same content a duplicate', async () => {
    await write({ 'a.md': 'same', 'b.md': 'same' })
    const { outcomes } = await sync({ concurrency: 1 })
    expect(outcomes).toEqual({ 'a.md': 'added', 'b.md': 'duplicate' })
  })

  test('stores nothing in a dry run, also when the knowledge base is not there', async () => {
    await write({ 'a.md': 'one', 'b.md': 'one', 'c.md': 'two' })
    const { outcomes } = await sync({ dryRun: true, knowledgeBase: 'not-there' }, memoryService())
    expect(outcomes).toEqual({ 'a.md': 'added', 'b.md': 'duplicate', 'c.md': 'added' })
    await sync()
    await rm(join(root, 'c.md'))
    const before = service.calls.length
    expect((await sync({ dryRun: true, prune: true })).outcomes).toMatchObject({ 'c.md': 'removed' })
    expect(service.calls).toHaveLength(before)
  })

  test('removes what is gone only with prune, and nothing outside the roots', async () => {
    await write({ 'in/a.md': 'one', 'in/b.md': 'two', 'out/c.md': 'three' })
    await sync()
    await rm(join(root, 'in/a.md'))
    await rm(join(root, 'out/c.md'))
    const roots = [join(root, 'in')]
    expect((await sync({ roots })).counts).toMatchObject({ gone: 1 })
    expect(await service.listSources('pumps')).toHaveLength(3)
    expect((await sync({ roots, prune: true })).outcomes).toEqual({ 'in/a.md': 'removed', 'in/b.md': 'unchanged' })
    expect(await service.listSources('pumps')).toHaveLength(2)
  })

  test('keeps the document of a file that was moved, reads nothing, and needs no prune', async () => {
    await write({ 'old.md': 'one', 'b.md': 'two' })
    await sync()
    const [before] = await service.listSources('pumps')
    await mkdir(join(root, 'deep'))
    await rename(join(root, 'old.md'), join(root, 'deep/new.md'))
    const { outcomes, counts, files } = await sync()
    expect(outcomes).toEqual({ 'b.md': 'unchanged', 'deep/new.md': 'moved' })
    expect(counts).toMatchObject({ moved: 1, new: 0, gone: 0 })
    expect(files.find(({ outcome }) => outcome === 'moved')).toMatchObject({ from: join(root, 'old.md'), chunks: 3 })
    expect(service.read.toSorted()).toEqual(['one', 'two'])
    const after = await service.listSources('pumps')
    expect(after.map(({ sourceUri }) => sourceUri).sort()).toEqual([join(root, 'b.md'), join(root, 'deep/new.md')])
    expect(after.map(({ documentId }) => documentId)).toContain(before?.documentId)
  })

  test('keeps the old source of a moved file that cannot be handed in', async () => {
    await write({ 'old.md': 'one' })
    await sync()
    await rename(join(root, 'old.md'), join(root, 'new.md'))
    const refused = new InkstoneError('payload_too_large', 'too large')
    const strict: InkstoneService = { ...service, submit: () => Promise.reject(refused) }
    expect((await sync({}, strict)).outcomes).toEqual({ 'new.md': 'failed' })
    expect(await sourceUris()).toEqual(['old.md'])
  })

  test('does not prune a hidden file that was named before and is still there', async () => {
    await write({ '.drafts/a.md': 'one', 'b.md': 'two' })
    await sync({ roots: [join(root, '.drafts', 'a.md')] })
    expect((await sync({ prune: true })).outcomes).toEqual({ 'b.md': 'added' })
  })

  test('counts a file once when roots overlap', async () => {
    await write({ 'in/a.md': 'one' })
    const { outcomes, files } = await sync({ roots: [root, join(root, 'in'), join(root, 'in', 'a.md')] })
    expect(outcomes).toEqual({ 'in/a.md': 'added' })
    expect(files).toHaveLength(1)
  })

  test('reports what cannot be looked at and goes on', async () => {
    await write({ 'a.md': 'one' })
    await symlink(join(root, 'nowhere'), join(root, 'broken.md'))
    const { outcomes, counts } = await sync()
    expect(outcomes).toEqual({ 'a.md': 'added', 'broken.md': 'failed' })
    expect(counts).toMatchObject({ found: 1, unreadable: 1 })
  })

  test('has no more files in flight than asked for', async () => {
    const memory = memoryService()
    await memory.createKnowledgeBase({ slug: 'pumps' })
    await write(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.md`, `text ${index}`])))
    const { files } = await sync({ concurrency: 3 }, memory)
    expect(files).toHaveLength(30)
    expect(memory.mostWatched()).toBeLessThanOrEqual(3)
    expect(memory.mostWatched()).toBeGreaterThan(1)
  })

  test('throws for a root or a knowledge base that is not there, before anything is stored', async () => {
    await write({ 'a.md': 'one' })
    await expect(sync({ roots: [root, join(root, 'nowhere')] })).rejects.toMatchObject({ code: 'not_found' })
    await expect(sync({ knowledgeBase: 'seals' }, memoryService())).rejects.toMatchObject({
      code: 'knowledge_base_not_found',
    })
    expect(submitted()).toBe(0)
  })

  test('ends at once when the disk is full', async () => {
    await write({ 'a.md': 'one', 'b.md': 'two' })
    const full: InkstoneService = {
      ...service,
      submit: () => Promise.reject(new InkstoneError('storage_full', 'full')),
    }
    await expect(sync({}, full)).rejects.toMatchObject({ code: 'storage_full' })
  })

  test('stops with cancelled when the signal fires, and keeps what went in', async () => {
    await write({ 'a.md': 'one', 'b.md': 'two', 'c.md': 'three' })
    const stop = new AbortController()
    const outcomes: string[] = []
    const run = async () => {
      const options = { roots: [root], knowledgeBase: 'pumps', concurrency: 1, signal: stop.signal }
      for await (const event of syncFolder(service, options)) {
        if (event.type !== 'file') continue
        outcomes.push(event.outcome)
        stop.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' })
    expect(outcomes).toEqual(['added'])
  })

  test('counts what ignore files name, and prunes what they name by now', async () => {
    await write({ 'a.md': 'one', 'drafts/b.md': 'two', '.hidden.md': 'x', 'c.tmp': 'y' })
    expect((await sync()).counts).toMatchObject({ found: 2, ignored: 2 })
    await write({ '.inkstoneignore': 'drafts/' })
    expect((await sync()).counts).toMatchObject({ found: 1, ignored: 4, gone: 1 })
    expect((await sourceUris()).sort()).toEqual(['a.md', 'drafts/b.md'])
    expect((await sync({ prune: true })).outcomes).toEqual({ 'a.md': 'unchanged', 'drafts/b.md': 'removed' })
    expect(await sourceUris()).toEqual(['a.md'])
  })

  test('takes an empty folder for a drive that is not mounted, until it says otherwise', async () => {
    await write({ 'share/a.md': 'one', 'b.md': 'two' })
    const share = join(root, 'share')
    await sync({ roots: [share] })
    await rm(join(share, 'a.md'))
    const { files, counts } = await sync({ roots: [share], prune: true })
    expect(files).toMatchObject([{ path: share, outcome: 'failed', code: 'file_unreadable' }])
    expect(counts).toMatchObject({ gone: 0, unreadable: 1 })
    await write({ 'elsewhere/copy.md': 'one' })
    expect((await sync({ roots: [share, join(root, 'elsewhere')] })).outcomes).toMatchObject({
      'elsewhere/copy.md': 'duplicate',
    })
    await write({ 'share/.inkstoneignore': '' })
    expect((await sync({ roots: [share], prune: true })).outcomes).toEqual({ 'share/a.md': 'removed' })
  })

  test('does not prune a file that is back by then', async () => {
    await write({ 'a.md': 'one', 'b.md': 'two', 'always.md': 'three' })
    await sync()
    await rm(join(root, 'a.md'))
    await rm(join(root, 'b.md'))
    const returning: InkstoneService = {
      ...service,
      async removeSource(knowledgeBase, sourceUri) {
        await write({ 'b.md': 'two' })
        return service.removeSource(knowledgeBase, sourceUri)
      },
    }
    expect((await sync({ prune: true }, returning)).outcomes).toEqual({ 'always.md': 'unchanged', 'a.md': 'removed' })
  })

  test('tells of each file inside a file, however deep, once it is read', async () => {
    const inner = JSON.stringify({ 'deep.md': 'three', 'bad.md': 'bad' })
    await write({ 'a.zip': JSON.stringify({ 'one.md': 'one', 'inner.zip': inner }) })
    const { outcomes, files, events } = await sync({ memberPollMs: 1 })
    const expected = {
      'a.zip': 'added',
      'a.zip!/one.md': 'added',
      'a.zip!/inner.zip': 'added',
      'a.zip!/inner.zip!/deep.md': 'added',
      'a.zip!/inner.zip!/bad.md': 'failed',
    }
    expect(outcomes).toEqual(expected)
    expect(files.find(({ path }) => path.endsWith('bad.md'))).toMatchObject({
      container: join(root, 'a.zip!/inner.zip'),
      code: 'no_text',
    })
    expect(events.some((event) => event.type === 'progress' && event.members !== null)).toBe(false)
    const again = Object.fromEntries(Object.keys(expected).map((path) => [path, 'unchanged']))
    const second = await sync({ memberPollMs: 1, prune: true })
    expect(second.outcomes).toEqual({ ...again, 'a.zip!/inner.zip!/bad.md': 'failed' })
    expect(second.counts).toMatchObject({ found: 1, gone: 0 })
  })

  test('waits for files inside a file, and says how many have ended', async () => {
    service = syncService({
      membersOf: (text) => (text === 'zip' ? { 'x.md': 'x', 'y.md': 'y' } : {}),
      looksUntilRead: 2,
    })
    await write({ 'a.zip': 'zip' })
    const { events, outcomes } = await sync({ memberPollMs: 1 })
    expect(outcomes).toEqual({ 'a.zip': 'added', 'a.zip!/x.md': 'added', 'a.zip!/y.md': 'added' })
    const waits = events.flatMap((event) => (event.type === 'progress' && event.members ? [event.members] : []))
    expect(waits).toEqual([{ done: 0, total: 2 }])
  })

  test('stops waiting for files inside a file when the signal fires', async () => {
    service = syncService({ membersOf: (text) => (text === 'zip' ? { 'x.md': 'x' } : {}), looksUntilRead: 1_000_000 })
    await write({ 'a.zip': 'zip' })
    const stop = new AbortController()
    const run = async () => {
      for await (const event of syncFolder(service, { roots: [root], knowledgeBase: 'pumps', signal: stop.signal })) {
        if (event.type === 'progress' && event.members !== null) stop.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('reads failed files inside an unchanged file again only when asked to', async () => {
    await write({ 'a.zip': JSON.stringify({ 'bad.md': 'bad' }) })
    await sync()
    problems.clear()
    expect((await sync()).outcomes).toEqual({ 'a.zip': 'unchanged', 'a.zip!/bad.md': 'failed' })
    const dry = await sync({ retryFailed: true, dryRun: true })
    const real = await sync({ retryFailed: true, memberPollMs: 1 })
    expect(real.outcomes).toEqual({ 'a.zip': 'unchanged', 'a.zip!/bad.md': 'added' })
    expect(dry.outcomes).toEqual(real.outcomes)
  })

  test('says of an archive in a dry run that what is inside is not known', async () => {
    await write({ 'a.zip': '{}', 'b.md': 'two' })
    const { files } = await sync({ dryRun: true })
    expect(files.map(({ warnings }) => warnings.length)).toEqual([1, 0])
  })

  test('reads files again that wanted a password when one is given', async () => {
    problems.set('locked', { code: 'password_required', message: 'it has a password', remedy: 'give it' })
    await write({ 'a.md': 'locked', 'b.md': 'bad' })
    await sync()
    problems.delete('locked')
    expect((await sync()).outcomes).toEqual({ 'a.md': 'failed', 'b.md': 'failed' })
    expect((await sync({ passwords: ['secret'] })).outcomes).toEqual({ 'a.md': 'added', 'b.md': 'failed' })
    expect(service.submitted.at(-1)).toMatchObject({ sourceUri: join(root, 'a.md'), passwords: ['secret'] })
  })

  test('says of unchanged files what their documents hold', async () => {
    await write({ 'a.md': 'three' })
    await sync()
    expect((await sync()).files).toMatchObject([{ outcome: 'unchanged', pages: 1, chunks: 5 }])
  })

  test('looks at chosen paths only, and tells only what is news', async () => {
    await write({ 'a.md': 'one', 'b.md': 'two', 'in/c.md': 'three' })
    await sync()
    await write({ 'a.md': 'one!', 'b.md': 'two!', 'in/d.md': 'four' })
    await rm(join(root, 'in/c.md'))
    const only = [join(root, 'a.md'), join(root, 'in')]
    expect((await sync({ only, newsOnly: true, prune: true })).outcomes).toEqual({
      'a.md': 'updated',
      'in/c.md': 'removed',
      'in/d.md': 'added',
    })
    await rename(join(root, 'in/d.md'), join(root, 'e.md'))
    expect((await sync({ only: [join(root, 'e.md')], newsOnly: true })).outcomes).toEqual({ 'e.md': 'moved' })
  })
})
