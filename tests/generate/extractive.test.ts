import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { extractAnswer } from '../../src/generate/extractive.js'
import { makeChunk } from '../support/chunks.js'
import { wordEmbedder } from '../support/word-embedder.js'

const embedder = wordEmbedder()
const hit = (rank: number, given: Parameters<typeof makeChunk>[0]): Hit => ({
  rank,
  score: 1 / rank,
  signals: { dense: 0.7, lexical: 3, fused: 1 / rank },
  chunk: makeChunk(given),
})

const seal = hit(1, {
  text: '3.2 机械密封\n机械密封每 8000 小时更换一次。安装前检查动环与静环的端面。\n润滑油首次更换在运行 500 小时后。',
  headingPath: ['3 维护', '3.2 机械密封'],
  span: { start: 40, end: 100 },
})
const table = hit(2, {
  text: '型号 | 流量 | 扬程\nIH65-50-160 | 25 m3/h | 32 m\nIH80-65-160 | 50 m3/h | 30 m',
  kind: 'table',
  headingPath: ['性能参数'],
})

describe('extractAnswer', () => {
  test('quotes the sentence that answers, verbatim and cited', async () => {
    const answer = await extractAnswer('机械密封多久更换一次？', [seal, table], { embedder })
    expect(answer?.text.startsWith('机械密封每 8000 小时更换一次。 [1]')).toBe(true)
    const [citation] = answer?.citations ?? []
    expect(citation).toMatchObject({ marker: 1, quote: '机械密封每 8000 小时更换一次。' })
    expect(seal.chunk.text.slice((citation?.sourceSpan.start ?? 0) - 40, (citation?.sourceSpan.end ?? 0) - 40)).toBe(
      citation?.quote,
    )
  })

  test('answers from a table with the row under its header', async () => {
    const answer = await extractAnswer('IH65-50-160 的流量', [table], { embedder })
    expect(answer?.text).toContain('| 型号 | 流量 | 扬程 |\n| --- | --- | --- |\n| IH65-50-160 | 25 m3/h | 32 m |')
    expect(answer?.citations[0]?.quote).toBe('IH65-50-160 | 25 m3/h | 32 m')
  })

  test('puts each citation on the part of the answer that it supports', async () => {
    const answer = await extractAnswer('IH65-50-160 的流量', [table, seal], { embedder })
    for (const { answerSpan, quote } of answer?.citations ?? []) {
      expect(answer?.text.slice(answerSpan.start, answerSpan.end)).toContain(quote)
    }
  })

  test('does not quote headings and says nothing twice', async () => {
    const answer = await extractAnswer('机械密封', [seal, hit(2, { ...seal.chunk, id: 'chk_copy' })], { embedder })
    const quotes = answer?.citations.map(({ quote }) => quote) ?? []
    expect(quotes).not.toContain('3.2 机械密封')
    expect(new Set(quotes).size).toBe(quotes.length)
  })

  test('gives null when there is no sentence', async () => {
    expect(await extractAnswer('流量？', [], { embedder })).toBeNull()
    expect(await extractAnswer('流量？', [hit(1, { text: '1' })], { embedder })).toBeNull()
  })
})
