import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SyncOptions, syncFolder } from '../../../src/ingest/sync/sync.js'
import type { PlannedEvent, SyncEvent } from '../../../src/ingest/sync/sync-events.js'
import { syncService } from '../../support/sync-service.js'

type Tree = Record<string, string>

const paths = ['a.md', 'b.md', 'd/a.md', 'd/c.md', 'e/f/b.md', 'x.md', '中.md']
const contents = ['one', 'two', 'three', 'four', 'bad']
const trees = fc.dictionary(fc.constantFrom(...paths), fc.constantFrom(...contents), { maxKeys: paths.length })
const runs = fc.record({
  before: trees,
  after: trees,
  prune: fc.boolean(),
  retryFailed: fc.boolean(),
  isRepaired: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 8 }),
})

async function withFolder<T>(use: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'inkstone-'))
  try {
    return await use(root)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function become(root: string, tree: Tree): Promise<void> {
  for (const path of paths) await rm(join(root, path), { force: true })
  // Never empty: an empty folder counts as a drive that is not mounted.
  for (const [path, text] of Object.entries({ ...tree, 'always.md': 'always' })) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

function oneService() {
  const bad = new Set(['bad'])
  const problem = { code: 'no_text', message: 'there is no text' }
  return { bad, service: syncService({ problemOf: (text) => (bad.has(text) ? problem : null) }) }
}

async function outcomes(service: ReturnType<typeof syncService>, options: SyncOptions) {
  const events: SyncEvent[] = []
  for await (const event of syncFolder(service, options)) events.push(event)
  const planned = events.find((event): event is PlannedEvent => event.type === 'planned')
  const files = events.flatMap((event) => (event.type === 'file' ? [event] : []))
  return {
    counts: planned?.counts,
    told: files.length,
    byPath: new Map(files.map(({ path, outcome, from, code }) => [path, { outcome, from, code }])),
  }
}

describe('syncFolder', () => {
  test('does what a dry run said, for any two states of a folder', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ before, after, isRepaired, ...options }) =>
        withFolder(async (root) => {
          const { bad, service } = oneService()
          const all = { roots: [root], knowledgeBase: 'default', ...options }
          await become(root, before)
          await outcomes(service, all)
          if (isRepaired) bad.clear()
          await become(root, after)
          const callsBefore = service.calls.length
          const foreseen = await outcomes(service, { ...all, dryRun: true })
          expect(service.calls).toHaveLength(callsBefore)
          const real = await outcomes(service, all)
          expect(real.counts).toEqual(foreseen.counts)
          expect(real.told).toBe(foreseen.told)
          expect([...real.byPath.keys()].sort()).toEqual([...foreseen.byPath.keys()].sort())
          for (const [path, expected] of foreseen.byPath) {
            const isUnknowable = bad.has(after[path.slice(root.length + 1)] ?? '') && real.byPath.get(path)?.code
            if (!isUnknowable) expect({ path, ...real.byPath.get(path) }).toEqual({ path, ...expected })
          }
        }),
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  test('leaves each file with its content under its name, and nothing to do for the next run', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ before, after, concurrency }) =>
        withFolder(async (root) => {
          const { service } = oneService()
          const all = { roots: [root], knowledgeBase: 'default', prune: true, concurrency }
          await become(root, before)
          await outcomes(service, all)
          await become(root, after)
          await outcomes(service, all)
          const stored = await service.listSources('default')
          const names = stored.map(({ sourceUri }) => sourceUri.slice(root.length + 1)).sort()
          expect(names).toEqual([...Object.keys(after), 'always.md'].sort())
          expect(new Set(stored.map(({ documentId }) => documentId)).size).toBe(
            new Set([...Object.values(after), 'always']).size,
          )
          const { counts } = await outcomes(service, all)
          expect(counts).toMatchObject({ new: 0, changed: 0, moved: 0, gone: 0 })
        }),
      ),
      { numRuns: 60 },
    )
  }, 60_000)
})
