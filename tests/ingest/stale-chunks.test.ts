import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { StaleRevisions } from '../../src/core/chunk-store.js'
import { InkstoneError } from '../../src/core/errors.js'
import { type StaleChunks, staleChunks } from '../../src/ingest/stale-chunks.js'
import { fixedStore } from '../support/fixed-store.js'

type Noted = StaleRevisions & { knowledgeBaseId: string }

/** `fault` says what a store throws when it is to drop. */
function make(fault: (knowledgeBaseId: string) => Error | null = () => null) {
  const noted: Noted[] = []
  const dropped: string[] = []
  const warnings: string[] = []
  const state = { lists: 0, gate: Promise.resolve(), noted, dropped, warnings }
  const stale: StaleChunks = staleChunks({
    catalogue: {
      async listStaleRevisions() {
        state.lists += 1
        await state.gate
        return [...noted]
      },
      async staleRevisionsDropped(gone) {
        noted.splice(0, noted.length, ...noted.filter((each) => !gone.includes(each)))
      },
    },
    stores: {
      open: async (knowledgeBaseId) => ({
        ...fixedStore({}),
        async dropRevisions(gone) {
          const error = fault(knowledgeBaseId)
          if (error) throw error
          dropped.push(`${knowledgeBaseId}: ${gone.map(({ documentId }) => documentId).join(' ')}`)
        },
      }),
    },
    log: { warn: (fields) => void warnings.push(JSON.stringify(fields)) },
  })
  return { stale, state }
}

const of = (documentId: string, knowledgeBaseId: string): Noted => ({
  documentId,
  knowledgeBaseId,
  current: 2,
  latest: 2,
})

describe('staleChunks', () => {
  test('drops what is stale, each table at once, and says so when it is done', async () => {
    const { stale, state } = make()
    state.noted.push(of('doc_1', 'kb_1'), of('doc_2', 'kb_2'), of('doc_3', 'kb_1'))
    await stale.sweep()
    expect(state.dropped).toEqual(['kb_1: doc_1 doc_3', 'kb_2: doc_2'])
    expect(state.noted).toEqual([])
  })

  test('keeps what a table does not take for another time, and goes on with the others', async () => {
    const full = new InkstoneError('storage_full', 'the disk is full')
    const gone = new InkstoneError('knowledge_base_not_found', 'removed meanwhile')
    const { stale, state } = make((id) => (id === 'kb_1' ? full : id === 'kb_2' ? gone : null))
    state.noted.push(of('doc_1', 'kb_1'), of('doc_2', 'kb_2'), of('doc_3', 'kb_3'))
    await stale.sweep()
    expect(state.dropped).toEqual(['kb_3: doc_3'])
    expect(state.noted.map(({ documentId }) => documentId)).toEqual(['doc_1', 'doc_2'])
    expect(state.warnings).toEqual([expect.stringContaining('storage_full')])
  })

  test('takes one at a time, and once more when it was asked meanwhile', async () => {
    const { stale, state } = make()
    let open = () => {}
    state.gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const first = stale.sweep()
    await setImmediate()
    void stale.sweep()
    void stale.sweep()
    await setImmediate()
    expect(state.lists).toBe(1)
    open()
    await Promise.all([first, stale.settled()])
    expect(state.lists).toBe(2)
    await stale.settled()
  })

  test('does not wait for quiet when many documents have been replaced', async () => {
    const { stale, state } = make()
    for (let at = 0; at < 200; at += 1) stale.jobEnded({ revision: 1 })
    for (let at = 0; at < 63; at += 1) stale.jobEnded({ revision: 2 })
    await stale.settled()
    expect(state.lists).toBe(0)
    stale.jobEnded({ revision: 7 })
    await stale.settled()
    expect(state.lists).toBe(1)
    stale.jobEnded({ revision: 8 })
    await stale.settled()
    expect(state.lists).toBe(1)
  })
})
