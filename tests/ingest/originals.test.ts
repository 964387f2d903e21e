import { describe, expect, test } from 'vitest'
import { originals } from '../../src/ingest/originals.js'

function make() {
  const stored = new Set(['a', 'b'])
  const referenced = new Set<string>()
  const done: string[] = []
  const kept = originals({
    blobs: { delete: async (hash) => void stored.delete(hash) },
    catalogue: {
      unreferencedHashes: async (hashes) => hashes.filter((hash) => !referenced.has(hash)),
      removalDone: async (_kind, ids) => void done.push(...ids),
    },
  })
  return { stored, referenced, done, kept }
}

describe('originals', () => {
  test('deletes what nothing refers to', async () => {
    const { stored, referenced, done, kept } = make()
    referenced.add('b')
    await kept.release(['a', 'b'])
    expect([...stored]).toEqual(['b'])
    expect(done).toEqual(['a', 'b'])
  })

  test('keeps a blob that is handed in again while it is being released', async () => {
    const { stored, referenced, kept } = make()
    let proceed = () => {}
    const gate = new Promise<void>((resolve) => {
      proceed = resolve
    })
    const adding = kept.add(async () => {
      await gate
      referenced.add('a')
    })
    await kept.release(['a', 'b'])
    expect(stored.size).toBe(2)
    proceed()
    await adding
    expect([...stored]).toEqual(['a'])
  })

  test('lets go of its hold when adding fails', async () => {
    const { stored, kept } = make()
    await expect(kept.add(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    await kept.release(['a'])
    expect(stored.has('a')).toBe(false)
  })
})
