import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { answerability, gatherEvidence } from '../../src/generate/confidence.js'
import { makeChunk } from '../support/chunks.js'

const hit = (text: string, dense: number): Hit => ({
  rank: 1,
  score: 1,
  signals: { dense, lexical: 1, fused: 1, rerank: null },
  chunk: makeChunk({ text, documentTitle: '手册' }),
})
const good = hit('IH65-50-160 型泵的额定流量为 25 m3/h。', 0.8)
const other = hit('安全规定：进入泵房须戴安全帽。', 0.3)
const found = { hits: [good], candidates: [good, other] }
const zh = { knowsLanguage: true }

describe('gatherEvidence', () => {
  test('is full when one passage holds every word of the question, whatever their width', () => {
    expect(gatherEvidence('ＩＨ65-50-160 的额定流量', found, zh)).toEqual({ cosine: 0.8, coverage: 1 })
  })

  test('falls with words that no passage holds, the more the rarer they are', () => {
    const { coverage } = gatherEvidence('额定流量的供应商', found, zh)
    expect(coverage).toBeGreaterThan(0)
    expect(coverage).toBeLessThan(0.7)
    expect(gatherEvidence('今年春节放几天假', found, zh).coverage).toBe(0)
  })

  test('does not add up words that stand in different passages', () => {
    const apart = { hits: [good, other], candidates: [good, other] }
    expect(gatherEvidence('额定流量 安全帽', apart, zh).coverage).toBeLessThan(0.8)
  })

  test('has no cosine where the model does not know the language', () => {
    expect(gatherEvidence('rated flow', found, { knowsLanguage: false }).cosine).toBeNull()
  })

  test('is nothing without passages or without a subject', () => {
    expect(gatherEvidence('天气如何', { hits: [], candidates: [] }, zh)).toEqual({ cosine: 0, coverage: 0 })
    expect(gatherEvidence('这是什么？', found, zh).coverage).toBe(0)
  })
})

describe('answerability', () => {
  test('rises with each kind of evidence and stays between 0 and 1', () => {
    const base = { cosine: 0.5, coverage: 0.5 }
    expect(answerability({ ...base, cosine: 0.7 })).toBeGreaterThan(answerability(base))
    expect(answerability({ ...base, coverage: 1 })).toBeGreaterThan(answerability(base))
    expect(answerability({ cosine: 0, coverage: 0 })).toBeGreaterThan(0)
    expect(answerability({ cosine: 1, coverage: 1 })).toBeLessThan(1)
  })
})
