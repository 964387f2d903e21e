import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { extractAnswer } from '../../src/generate/extractive.js'
import { makeChunk } from '../support/chunks.js'
import { wordEmbedder } from '../support/word-embedder.js'

const embedder = wordEmbedder()
const hit = (rank: number, given: Parameters<typeof makeChunk>[0]): Hit => ({
  rank,
  score: 1 / rank,
  signals: { dense: 0.7, lexical: 3, fused: 1 / rank, rerank: null },
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

  test('knows the header of a table that the passage starts inside of', async () => {
    const rows = 'P-01 | 阀座 | 76\nP-02 | 阀杆 | 98'
    const inside = hit(1, { text: rows, kind: 'table', tableHeader: '编号 | 名称 | 单价' })
    const answer = await extractAnswer('阀座单价', [inside], { embedder })
    expect(answer?.text).toContain('| 编号 | 名称 | 单价 |\n| --- | --- | --- |\n| P-01 | 阀座 | 76 |')
  })

  test('does not quote captions and introductions, but reads what they lead up to in their light', async () => {
    const text = '表 4-1 螺栓力矩\n规格 | 力矩\nM12 | 58 N·m\n储存条件：\n温度不超过 30 ℃。\n通风良好。'
    const quotesOf = async (question: string) =>
      (await extractAnswer(question, [hit(1, { text })], { embedder }))?.citations.map(({ quote }) => quote)
    expect(await quotesOf('螺栓力矩')).toEqual(['M12 | 58 N·m'])
    expect((await quotesOf('储存条件 温度'))?.[0]).toBe('温度不超过 30 ℃。')
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

  test('answers a question that the document asks itself with what stands below it', async () => {
    const text = '备用泵多久切换一次？\n\n建议每 15 天一次。\n\n泵房要开灯吗？\n\n要。'
    const answer = await extractAnswer('备用泵多久切换一次？', [hit(1, { text })], { embedder })
    expect(answer?.citations.map(({ quote }) => quote)).toEqual(['建议每 15 天一次。'])
  })

  test('takes a question that is longer than the embedding model reads', async () => {
    const short = wordEmbedder({
      maxTokens: 60,
      embed: async (texts, options) => {
        if ([...(texts[0] ?? '')].length > 60) throw new Error('too long')
        return embedder.embed(texts, options)
      },
    })
    const answer = await extractAnswer('机械密封多久更换一次？'.repeat(40), [seal], { embedder: short })
    expect(answer?.citations[0]?.quote).toBe('机械密封每 8000 小时更换一次。')
  })

  test('gives null when there is no sentence', async () => {
    expect(await extractAnswer('流量？', [], { embedder })).toBeNull()
    expect(await extractAnswer('流量？', [hit(1, { text: '1' })], { embedder })).toBeNull()
  })
})
