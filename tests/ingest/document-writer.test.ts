import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { ChunkStore, DocumentChunks, ServicePace } from '../../src/core/chunk-store.js'
import { InkstoneError } from '../../src/core/errors.js'
import { type DocumentWriter, documentWriter, type WriteOptions } from '../../src/ingest/document-writer.js'
import { chunksOf, vectorsFor } from '../support/chunk-store-contract.js'
import { fixedStore } from '../support/fixed-store.js'

/** Longer than any test: nothing is written because time has passed. */
const never = 1_000_000

interface Recording {
  store: ChunkStore
  /** The documents of each commit that was made. */
  commits: string[][]
  /** What was asked of the upkeep. */
  upkeep: ServicePace[]
  /** While it is set, commits wait for it. */
  gate: Promise<void> | null
}

/** A store that keeps what it is given, and cannot take the documents of some ids. */
function recording({ refuses = () => false }: { refuses?: (documentId: string) => boolean } = {}): Recording {
  const commits: string[][] = []
  const upkeep: ServicePace[] = []
  const record: Recording = { store: fixedStore({}), commits, upkeep, gate: null }
  record.store.putRevisions = async (documents) => {
    await record.gate
    if (documents.some(({ documentId }) => refuses(documentId))) throw new InkstoneError('internal', 'refused')
    commits.push(documents.map(({ documentId }) => documentId))
  }
  record.store.maintain = async ({ service = 'quiet' } = {}) => {
    upkeep.push(service)
  }
  return record
}

function documentOf(documentId: string, rows = 1): DocumentChunks {
  const chunks = chunksOf(
    documentId,
    Array.from({ length: rows }, (_, row) => `text ${row}`),
  )
  return { documentId, chunks, embeddings: vectorsFor(chunks) }
}

const quiet = { error: () => undefined }
const background = (store: ChunkStore, given: Partial<WriteOptions> = {}): WriteOptions => ({
  store,
  isUrgent: false,
  signal: new AbortController().signal,
  onHandedOver: () => undefined,
  ...given,
})
const newWriter = (): DocumentWriter => documentWriter({ log: quiet, lingerMs: never })
const outcome = (write: Promise<void>) =>
  write.then(
    () => 'stored',
    (error: unknown) => (error instanceof InkstoneError ? error.code : String(error)),
  )

describe('documentWriter', () => {
  test('writes what waits in one commit when nothing else comes', async () => {
    const { store, commits, upkeep } = recording()
    const writer = newWriter()
    const writes = ['a', 'b', 'c'].map((id) => writer.write(documentOf(id), background(store)))
    await setImmediate()
    expect(commits).toEqual([])
    writer.settle()
    await Promise.all(writes)
    await writer.close()
    expect(commits).toEqual([['a', 'b', 'c']])
    expect(upkeep).toEqual(['quiet'])
  })

  test('writes an urgent document at once, and those that wait with it', async () => {
    const { store, commits, upkeep } = recording()
    const writer = newWriter()
    const waiting = writer.write(documentOf('a'), background(store))
    await writer.write(documentOf('b'), background(store, { isUrgent: true }))
    await waiting
    await writer.close()
    expect(commits).toEqual([['a', 'b']])
    expect(upkeep).toEqual(['busy'])
    writer.settle()
    await writer.close()
    expect(upkeep).toEqual(['busy', 'quiet'])
  })

  test('does not wait for others for longer than it may', async () => {
    const { store, commits } = recording()
    await documentWriter({ log: quiet, lingerMs: 1 }).write(documentOf('a'), background(store))
    expect(commits).toEqual([['a']])
  })

  test('hands over a document that waits, and never a large one', async () => {
    const { store, commits } = recording()
    const writer = newWriter()
    const handedOver: string[] = []
    const options = (id: string) => background(store, { onHandedOver: () => handedOver.push(id) })
    const writes = [
      writer.write(documentOf('small'), options('small')),
      writer.write(documentOf('large', 900), options('large')),
    ]
    await Promise.all(writes)
    expect(commits).toEqual([['small', 'large']])
    expect(handedOver).toEqual(['small'])
  })

  test('gathers what comes while a commit is under way', async () => {
    const record = recording()
    const writer = newWriter()
    let open = () => {}
    record.gate = new Promise((resolve) => {
      open = resolve
    })
    const writes = [writer.write(documentOf('a'), background(record.store, { isUrgent: true }))]
    await setImmediate()
    for (const id of ['b', 'c']) writes.push(writer.write(documentOf(id), background(record.store)))
    writer.settle()
    open()
    await Promise.all(writes)
    expect(record.commits).toEqual([['a'], ['b', 'c']])
  })

  test('writes one by one what cannot be written together', async () => {
    const { store, commits } = recording({ refuses: (id) => id === 'bad' })
    const writer = newWriter()
    const writes = ['a', 'bad', 'c'].map((id) => outcome(writer.write(documentOf(id), background(store))))
    writer.settle()
    expect(await Promise.all(writes)).toEqual(['stored', 'internal', 'stored'])
    expect(commits).toEqual([['a'], ['c']])
  })

  test('withdraws a document that is cancelled while it waits', async () => {
    const { store, commits } = recording()
    const writer = newWriter()
    const cancelling = new AbortController()
    const others = ['a', 'c'].map((id) => writer.write(documentOf(id), background(store)))
    const cancelled = outcome(writer.write(documentOf('b'), background(store, { signal: cancelling.signal })))
    cancelling.abort(new InkstoneError('cancelled', 'no longer wanted'))
    expect(await cancelled).toBe('cancelled')
    writer.settle()
    await Promise.all(others)
    expect(commits).toEqual([['a', 'c']])
  })

  test('stores a document whose group is being written when it is cancelled', async () => {
    const record = recording()
    const writer = newWriter()
    let open = () => {}
    record.gate = new Promise((resolve) => {
      open = resolve
    })
    const cancelling = new AbortController()
    const options = background(record.store, { isUrgent: true, signal: cancelling.signal })
    const write = outcome(writer.write(documentOf('a'), options))
    await setImmediate()
    cancelling.abort(new InkstoneError('cancelled', 'too late'))
    open()
    expect(await write).toBe('stored')
  })

  test('keeps each knowledge base to its own table', async () => {
    const [one, other] = [recording(), recording()]
    const writer = newWriter()
    const writes = [
      writer.write(documentOf('a'), background(one.store)),
      writer.write(documentOf('b'), background(other.store)),
    ]
    writer.settle()
    await Promise.all(writes)
    expect([one.commits, other.commits]).toEqual([[['a']], [['b']]])
  })

  test('tidies up for little once nothing has come for a while, and not when something comes', async () => {
    const { store, upkeep } = recording()
    const writer = documentWriter({ log: quiet, lingerMs: never, restMs: 20 })
    const first = writer.write(documentOf('a'), background(store))
    writer.settle()
    await first
    await vi.waitFor(() => expect(upkeep).toEqual(['quiet', 'idle']))

    const patient = documentWriter({ log: quiet, lingerMs: never, restMs: never })
    const other = recording()
    await patient.write(documentOf('a'), background(other.store, { isUrgent: true }))
    patient.settle()
    await patient.close()
    expect(other.upkeep.at(-1)).toBe('quiet')
  })

  test('goes on when the upkeep fails, and says so', async () => {
    const errors: unknown[] = []
    const { store } = recording()
    store.maintain = () => Promise.reject(new InkstoneError('store_corrupt', 'cannot be folded'))
    const writer = documentWriter({ log: { error: (...said) => errors.push(said) }, lingerMs: never })
    for (const id of ['a', 'b']) await writer.write(documentOf(id), background(store, { isUrgent: true }))
    await writer.close()
    expect(errors).toHaveLength(2)
  })

  test('writes every document that is not withdrawn exactly once, in groups that a commit can take', async () => {
    const coming = fc.record({
      rows: fc.integer({ min: 0, max: 1_200 }),
      fate: fc.constantFrom('waits', 'urgent', 'withdrawn', 'refused', 'then settled'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(coming, { maxLength: 30 }), async (documents) => {
        const { store, commits } = recording({ refuses: (id) => id.startsWith('refused') })
        const writer = newWriter()
        const writes = documents.map(({ rows, fate }, at) => {
          const cancelling = new AbortController()
          const options = background(store, { isUrgent: fate === 'urgent', signal: cancelling.signal })
          const document = { ...documentOf(`${fate} ${at}`), chunks: documentOf('', rows).chunks }
          const written = outcome(writer.write(document, options))
          if (fate === 'withdrawn') cancelling.abort(new InkstoneError('cancelled', 'withdrawn'))
          if (fate === 'then settled') writer.settle()
          return written.then((result) => ({ fate, id: document.documentId, rows, result }))
        })
        writer.settle()
        const outcomes = await Promise.all(writes)
        await writer.close()
        const stored = outcomes.filter(({ result }) => result === 'stored')
        expect(commits.flat().sort()).toEqual(stored.map(({ id }) => id).sort())
        for (const { fate, result } of outcomes) {
          if (fate === 'refused') expect(result).not.toBe('stored')
          else if (fate !== 'withdrawn') expect(result).toBe('stored')
        }
        const rowsOf = new Map(outcomes.map(({ id, rows }) => [id, rows]))
        for (const commit of commits) {
          const rows = commit.reduce((sum, id) => sum + (rowsOf.get(id) ?? 0), 0)
          expect(commit.length === 1 || (commit.length <= 64 && rows <= 1_000)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })
})
