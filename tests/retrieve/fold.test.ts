import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Chunk, Hit } from '../../src/core/types.js'
import { fold, limitPerDocument } from '../../src/retrieve/fold.js'
import { makeChunk } from '../support/chunks.js'

const hitsOf = (...chunks: Partial<Chunk>[]): Hit[] =>
  chunks.map((given, index) => ({
    rank: index + 1,
    score: 1 / (index + 1),
    signals: { dense: null, lexical: 1, fused: 1 / (index + 1), rerank: null },
    chunk: makeChunk({ text: '', id: `chk_${index}`, documentId: `doc_${index}`, ...given }),
  }))
const ids = (hits: readonly Hit[]) => hits.map(({ chunk }) => chunk.id)

/** About as long as a chunk, with nothing repeated. */
const page = Array.from({ length: 60 }, (_, index) => String.fromCodePoint(0x4e00 + index * 7)).join('检查')

describe('fold', () => {
  test('shows the same text once, at its best rank, white space and width aside', () => {
    const hits = hitsOf({ text: '额定 流量 25 m3/h' }, { text: '另一段' }, { text: '额定\n流量２５ M3/h' })
    expect(ids(fold(hits))).toEqual(['chk_0', 'chk_1'])
    expect(fold(hits).map(({ rank }) => rank)).toEqual([1, 2])
  })

  test('says under which other documents the text stands, each page once', () => {
    const copy = { documentId: 'doc_copy', documentTitle: '副本', page: 3 }
    const [hit] = fold(hitsOf({ text: '同', documentId: 'doc_a' }, { text: '同', ...copy }, { text: '同', ...copy }))
    expect(hit?.duplicates).toEqual([copy])
  })

  test('does not name a document that repeats itself', () => {
    const [hit] = fold(hitsOf({ text: '页眉', documentId: 'doc_a' }, { text: '页眉', documentId: 'doc_a', page: 2 }))
    expect(hit).not.toHaveProperty('duplicates')
  })

  test('folds a long text that differs in one character, as scans do', () => {
    expect(ids(fold(hitsOf({ text: page }, { text: page.replace('检查', '检査') })))).toEqual(['chk_0'])
  })

  test.each([
    ['a number', `${page}温度75度`, `${page}温度85度`],
    ['a part number', `${page}选用IH65-50-160泵`, `${page}选用IH65-50-125泵`],
    ['a negation', `${page}此时可以启动`, `${page}此时不可以启动`],
    ['an English negation', `${page} may be started`, `${page} may not be started`],
  ])('keeps texts apart that differ in %s only', (_, one, other) => {
    expect(fold(hitsOf({ text: one }, { text: other }))).toHaveLength(2)
  })

  test('keeps short texts apart unless they are the same', () => {
    expect(
      fold(hitsOf({ text: '打开进口阀门' }, { text: '打开出口阀门' }, { text: '泵' }, { text: '阀' })),
    ).toHaveLength(4)
  })

  test('keeps the order, and gives each text to one hit, whatever there is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('甲', '乙', ' 甲', page, `${page}。`), { maxLength: 40 }), (texts) => {
        const hits = hitsOf(...texts.map((text) => ({ text })))
        const folded = fold(hits)
        expect(ids(folded)).toEqual(ids(hits).filter((id) => ids(folded).includes(id)))
        expect(fold(folded)).toEqual(folded)
        const named = folded.flatMap(({ duplicates = [] }) => duplicates)
        expect(folded.length + named.length).toBe(hits.length)
      }),
    )
  })
})

describe('limitPerDocument', () => {
  test('takes the best of each document and lets the others move up', () => {
    const documentIds = ['doc_a', 'doc_a', 'doc_b', 'doc_a', 'doc_b']
    const hits = hitsOf(...documentIds.map((documentId) => ({ documentId })))
    const limited = limitPerDocument(hits, 1)
    expect(ids(limited)).toEqual(['chk_0', 'chk_2'])
    expect(limited.map(({ rank }) => rank)).toEqual([1, 2])
    expect(limitPerDocument(hits, Number.POSITIVE_INFINITY)).toEqual(hits)
  })
})
