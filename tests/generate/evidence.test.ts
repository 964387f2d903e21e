import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { gatherEvidence } from '../../src/generate/evidence.js'
import { rankExtracts } from '../../src/generate/rank-extracts.js'
import { makeChunk } from '../support/chunks.js'
import { wordEmbedder } from '../support/word-embedder.js'

const hit = (text: string, rank = 1): Hit => ({
  rank,
  score: 1 / rank,
  signals: { dense: 0.8, lexical: 1, fused: 1, rerank: null },
  chunk: makeChunk({ text, documentTitle: '手册' }),
})
const pump = hit('IH65-50-160 型泵的额定流量为 25 m3/h。')
const safety = hit('安全规定：进入泵房须戴安全帽。', 2)

async function evidenceOf(question: string, hits: readonly Hit[] = [pump, safety]) {
  const embedder = wordEmbedder()
  const found = { hits, runnersUp: [], candidates: hits }
  const extracts = await rankExtracts(question, found, { embedder })
  return gatherEvidence(question, { ...found, extracts }, { embedder })
}

describe('gatherEvidence', () => {
  test('covers the question when one passage holds every word of it, whatever their width', async () => {
    const { coverage, unknownWords } = await evidenceOf('ＩＨ65-50-160 的额定流量')
    expect(coverage).toBe(1)
    expect(unknownWords).toBe(0)
  })

  test('covers less with words that no passage holds, and counts those', async () => {
    const { coverage, unknownWords } = await evidenceOf('额定流量的供应商')
    expect(coverage).toBeGreaterThan(0)
    expect(coverage).toBeLessThan(0.7)
    expect(unknownWords).toBeGreaterThan(0)
    expect(await evidenceOf('今年春节放假')).toMatchObject({ coverage: 0, unknownWords: 1 })
  })

  test('does not add up words that stand in different passages', async () => {
    expect((await evidenceOf('额定流量 安全帽')).coverage).toBeLessThan(0.8)
  })

  test('feels the pull of a word that the passages know nothing of', async () => {
    expect((await evidenceOf('IH65-50-160 额定流量 保险丝')).foreign).toBeGreaterThan(0)
    expect((await evidenceOf('IH65-50-160 额定流量')).foreign).toBe(0)
  })

  test('tells whether what is asked for is offered', async () => {
    const offered = await evidenceOf('IH65-50-160 的额定流量是多少？')
    expect(offered.kindOffered).toBeGreaterThan(0.9)
    expect(offered.kindMissing).toBeCloseTo(1 - offered.kindOffered)
    expect((await evidenceOf('IH65-50-160 多少钱？')).kindMissing).toBe(1)
    expect(await evidenceOf('为什么要戴安全帽？')).toMatchObject({ kindOffered: 0, kindMissing: 0 })
  })

  test('misses a part number, and a numbered part, that no passage names', async () => {
    expect((await evidenceOf('IH65-50-160 的额定流量')).nameMissing).toBe(0)
    expect((await evidenceOf('IH80-65-160 的额定流量')).nameMissing).toBe(1)
    const training = [hit('第一期培训在 4 月 22 日。')]
    expect((await evidenceOf('第1期培训在哪天？', training)).nameMissing).toBe(0)
    expect((await evidenceOf('第二期培训在哪天？', training)).nameMissing).toBe(1)
  })

  test('is nothing without passages or without a subject', async () => {
    expect(await evidenceOf('天气如何', [])).toMatchObject({ cosine: 0, coverage: 0, foreign: 0 })
    expect((await evidenceOf('这是什么？')).coverage).toBe(0)
  })
})
