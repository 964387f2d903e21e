import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { searchSelected } from '../../src/store/search-selected.js'

const idOf = (at: number) => `doc_${at}`
const idsOf = (count: number) => Array.from({ length: count }, (_, at) => idOf(at))

/** Searches rows of these documents, best first, and notes what it was asked for. */
function searchOver(documentIds: readonly string[]) {
  const asked: { condition: string | null; most: number }[] = []
  const search = async (condition: string | null, most: number) => {
    asked.push({ condition, most })
    return documentIds.slice(0, most).map((documentId) => ({ documentId }))
  }
  return { asked, search }
}

describe('searchSelected', () => {
  test('makes the words a condition, beside a list of documents and in place of one that is too long', async () => {
    const { asked, search } = searchOver(['doc_1'])
    const words = { phrases: ['seal'], excluded: [], titles: [] }
    const options = { limit: 5, words }
    await searchSelected(null, options, search)
    await searchSelected({ mode: 'only', documentIds: ['doc_1'], chunkCount: 1 }, options, search)
    await searchSelected({ mode: 'except', documentIds: idsOf(3_000), chunkCount: 1 }, options, search)
    const [alone, listed, long] = asked.map(({ condition }) => condition)
    expect(alone).toContain('regexp_like')
    expect(listed).toBe(`(documentId IN ('doc_1')) AND (${alone})`)
    expect(long).toBe(alone)
  })

  test('makes a short list a condition of the search', async () => {
    const { asked, search } = searchOver(['doc_1'])
    await searchSelected({ mode: 'only', documentIds: ['doc_1'], chunkCount: 1 }, { limit: 5 }, search)
    await searchSelected(null, { limit: 5 }, search)
    expect(asked).toEqual([
      { condition: "documentId IN ('doc_1')", most: 5 },
      { condition: null, most: 5 },
    ])
  })

  test('finds the best of a long list, wherever they stand, and all of them when they are few', async () => {
    const mode = fc.constantFrom('only' as const, 'except' as const)
    const rows = fc.array(fc.nat(4_000), { maxLength: 3_000 })
    await fc.assert(
      fc.asyncProperty(mode, rows, fc.integer({ min: 1, max: 90 }), async (mode, found, limit) => {
        const selection = { mode, documentIds: idsOf(2_001), chunkCount: 0 }
        const { search } = searchOver(found.map(idOf))
        const expected = found.filter((at) => at <= 2_000 === (mode === 'only')).slice(0, limit)
        expect(await searchSelected(selection, { limit }, search)).toEqual(
          expected.map((at) => ({ documentId: idOf(at) })),
        )
      }),
      { numRuns: 50 },
    )
  })
})
