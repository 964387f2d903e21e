import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { InkstoneService } from '../../src/core/service.js'
import { type SyncOptions, syncFolder } from '../../src/ingest/sync.js'
import type { FileEvent, PlannedEvent, SyncEvent } from '../../src/ingest/sync-events.js'
import { memoryService } from '../support/memory-service.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let root: string
let problems: Map<string, { code: string; message: string; remedy: string }>
let service: ReturnType<typeof memoryService>

beforeEach(async () => {
  root = await temporaryFolder()
  problems = new Map([['bad', { code: 'no_text', message: 'there is no text', remedy: 'scan it again' }]])
  service = memoryService({ problemOf: (text) => problems.get(text) ?? null })
  await service.createKnowledgeBase({ slug: 'pumps' })
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
    const { outcomes } = await sync({ dryRun: true, knowledgeBase: 'not-there' })
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

  test('keeps the document of a file that was moved', async () => {
    await write({ 'old.md': 'one' })
    await sync()
    const [before] = await service.listSources('pumps')
    await rename(join(root, 'old.md'), join(root, 'new.md'))
    expect((await sync({ prune: true })).outcomes).toEqual({ 'new.md': 'duplicate', 'old.md': 'removed' })
    const after = await service.listSources('pumps')
    expect(after.map(({ documentId }) => documentId)).toEqual([before?.documentId])
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
    await write(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.md`, `text ${index}`])))
    const { files } = await sync({ concurrency: 3 })
    expect(files).toHaveLength(30)
    expect(service.mostWatched()).toBeLessThanOrEqual(3)
    expect(service.mostWatched()).toBeGreaterThan(1)
  })

  test('throws for a root or a knowledge base that is not there, before anything is stored', async () => {
    await write({ 'a.md': 'one' })
    await expect(sync({ roots: [root, join(root, 'nowhere')] })).rejects.toMatchObject({ code: 'not_found' })
    await expect(sync({ knowledgeBase: 'seals' })).rejects.toMatchObject({ code: 'knowledge_base_not_found' })
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
})
