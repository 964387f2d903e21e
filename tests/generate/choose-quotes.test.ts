import { describe, expect, test } from 'vitest'
import { chooseQuotes, mostQuotes } from '../../src/generate/choose-quotes.js'
import type { RankedExtract } from '../../src/generate/rank-extracts.js'
import { makeChunk } from '../support/chunks.js'

const ranked = (...extracts: [text: string, share: number][]): RankedExtract[] =>
  extracts.map(([text, share], index) => ({
    hit: {
      rank: index + 1,
      score: 1,
      signals: { dense: 1, lexical: 1, fused: 1, rerank: null },
      chunk: makeChunk({ text }),
    },
    span: { start: 0, end: text.length },
    text,
    kind: 'sentence',
    tableHeader: null,
    lead: null,
    signals: { cosine: 0, inText: 0, inContext: 0, offered: 0, codes: 0, passage: 0 },
    score: 0,
    share,
    compared: text,
    vector: new Float32Array(1),
  }))
const textsOf = (extracts: readonly RankedExtract[]) => chooseQuotes(extracts).map(({ text }) => text)

describe('chooseQuotes', () => {
  test('takes one when one stands out', () => {
    expect(textsOf(ranked(['甲乙丙丁', 0.85], ['戊己庚辛', 0.1]))).toEqual(['甲乙丙丁'])
  })

  test('takes more until the answer is likely among them, and none that is unlikely itself', () => {
    expect(textsOf(ranked(['甲乙丙丁', 0.5], ['戊己庚辛', 0.4], ['壬癸子丑', 0.1]))).toEqual(['甲乙丙丁', '戊己庚辛'])
    expect(textsOf(ranked(['甲乙丙丁', 0.5], ['戊己庚辛', 0.04]))).toEqual(['甲乙丙丁'])
  })

  test('takes no more than may be', () => {
    const many = Array.from({ length: 8 }, (_, at): [string, number] => [`${'甲乙丙丁戊己庚辛'.slice(at)}${at}`, 0.12])
    expect(chooseQuotes(ranked(...many))).toHaveLength(mostQuotes)
  })

  test('leaves out what is said already, but not what differs in a number', () => {
    const first = '入库检验记录由质检科保存 3 年'
    expect(textsOf(ranked([first, 0.4], [`${first}。`, 0.3], ['入库检验记录由质检科保存 5 年', 0.2]))).toEqual([
      first,
      '入库检验记录由质检科保存 5 年',
    ])
  })

  test('gives none of none', () => {
    expect(chooseQuotes([])).toEqual([])
  })
})
