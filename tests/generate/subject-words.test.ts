import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { rarities, subjectWords, weightedShare } from '../../src/generate/subject-words.js'
import { makeChunk } from '../support/chunks.js'

const hit = (text: string): Hit => ({
  rank: 1,
  score: 1,
  signals: { dense: 1, lexical: 1, fused: 1, rerank: null },
  chunk: makeChunk({ text, documentTitle: '手册' }),
})

describe('subjectWords', () => {
  test('gives dictionary words without question words, folded, each once', () => {
    expect(subjectWords('轴承的温度是多少？轴承')).toEqual(['轴承', '温度'])
    expect(subjectWords('What is the Bearing temperature?')).toEqual(['bearing', 'temperature'])
  })

  test('falls back to pairs of characters where the dictionary knows no word', () => {
    expect(subjectWords('岑沄若')).not.toEqual([])
    expect(subjectWords('是什么？')).toEqual([])
  })
})

describe('rarities', () => {
  test('weighs a word that fewer candidates hold more', () => {
    const weights = rarities(['轴承', '密封'], [hit('轴承温度'), hit('轴承润滑'), hit('机械密封')])
    expect(weights.get('密封')).toBeGreaterThan(weights.get('轴承') ?? 0)
  })
})

describe('weightedShare', () => {
  test('is the share of the weight that holds, 0 of nothing', () => {
    const weights = new Map([
      ['a', 3],
      ['b', 1],
    ])
    expect(weightedShare(weights, (word) => word === 'a')).toBe(0.75)
    expect(weightedShare(new Map(), () => true)).toBe(0)
  })
})
