import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { pool } from '../../src/retrieve/pool.js'
import { makeChunk } from '../support/chunks.js'

const hit = (text: string, documentId = 'doc_1'): Hit => ({
  rank: 1,
  score: 1,
  signals: { dense: 0.5, lexical: 1, fused: 1, rerank: null },
  chunk: makeChunk({ text, documentId, id: `chk_${documentId}_${text}` }),
})
const textsOf = (hits: readonly Hit[]) => hits.map(({ chunk }) => chunk.text)
const nothing = () => false

describe('pool', () => {
  test('takes the lists in turn, each passage once, ranked anew', () => {
    const lists = [
      [hit('a'), hit('b'), hit('c')],
      [hit('d'), hit('a'), hit('e')],
    ]
    const pooled = pool(lists, { isUseful: nothing, limit: 4 })
    expect(textsOf(pooled)).toEqual(['a', 'd', 'b', 'c'])
    expect(pooled.map(({ rank }) => rank)).toEqual([1, 2, 3, 4])
  })

  test('puts what is useful first', () => {
    const isUseful = ({ chunk }: Hit) => ['c', 'd'].includes(chunk.text)
    expect(textsOf(pool([[hit('a'), hit('b'), hit('c')], [hit('d')]], { isUseful, limit: 3 }))).toEqual(['d', 'c', 'a'])
  })

  test('shows a text once that stands in two documents, and names the other', () => {
    const pooled = pool([[hit('same')], [hit('same', 'doc_2')]], { isUseful: nothing, limit: 3 })
    expect(pooled).toMatchObject([{ chunk: { documentId: 'doc_1' }, duplicates: [{ documentId: 'doc_2' }] }])
  })

  test('holds the limit of hits for one document', () => {
    const lists = [[hit('a'), hit('b'), hit('c', 'doc_2')]]
    expect(textsOf(pool(lists, { isUseful: nothing, limit: 9, maxPerDocument: 1 }))).toEqual(['a', 'c'])
  })

  test('never brings more than asked for, none twice, and every list has its best one in when there is room', () => {
    const list = fc.uniqueArray(fc.constantFrom('甲', '乙', '丙', '丁', '戊', '己'), { maxLength: 6 })
    fc.assert(
      fc.property(fc.array(list, { maxLength: 5 }), fc.nat(12), (texts, limit) => {
        const lists = texts.map((each) => each.map((text) => hit(text)))
        const pooled = textsOf(pool(lists, { isUseful: nothing, limit }))
        expect(pooled.length).toBeLessThanOrEqual(limit)
        expect(new Set(pooled).size).toBe(pooled.length)
        const firsts = new Set(texts.flatMap(([first]) => first ?? []))
        if (limit >= firsts.size) expect(pooled).toEqual(expect.arrayContaining([...firsts]))
      }),
    )
  })
})
