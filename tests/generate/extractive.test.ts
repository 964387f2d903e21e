import { describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/core/ports.js'
import type { Document, Hit } from '../../src/core/types.js'
import { extractAnswer } from '../../src/generate/extractive.js'
import { rankExtracts } from '../../src/generate/rank-extracts.js'
import { makeChunk } from '../support/chunks.js'
import { wordEmbedder } from '../support/word-embedder.js'

const embedder = wordEmbedder()
const hit = (rank: number, given: Parameters<typeof makeChunk>[0]): Hit => ({
  rank,
  score: 1 / rank,
  signals: { dense: 0.7, lexical: 3, fused: 1 / rank, rerank: null },
  chunk: makeChunk(given),
})

type Facts = Pick<Document, 'metadata' | 'updatedAt'>

interface Surroundings {
  using?: Embedder
  facts?: Record<string, Facts>
  runnersUp?: readonly Hit[]
}

async function answerTo(
  question: string,
  hits: readonly Hit[],
  { using = embedder, facts = {}, runnersUp = [] }: Surroundings = {},
) {
  const ranked = await rankExtracts(
    question,
    { hits, runnersUp, candidates: [...hits, ...runnersUp] },
    { embedder: using },
  )
  return extractAnswer(question, ranked, { documentsOf: async () => new Map(Object.entries(facts)) })
}

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
  test('quotes a row of a passage that only just missed the first ones', async () => {
    const answered = await answerTo('IH80-65-160 的流量', [seal], { runnersUp: [table] })
    expect(answered?.text).toContain('| IH80-65-160 | 50 m3/h | 30 m |')
    expect(answered?.citations[0]?.chunkId).toBe(table.chunk.id)
  })

  test('quotes the sentence that answers, verbatim and cited', async () => {
    const answer = await answerTo('机械密封多久更换一次？', [seal, table])
    expect(answer?.text.startsWith('机械密封每 8000 小时更换一次。 [1]')).toBe(true)
    const [citation] = answer?.citations ?? []
    expect(citation).toMatchObject({ marker: 1, quote: '机械密封每 8000 小时更换一次。' })
    expect(seal.chunk.text.slice((citation?.sourceSpan.start ?? 0) - 40, (citation?.sourceSpan.end ?? 0) - 40)).toBe(
      citation?.quote,
    )
  })

  test('answers from a table with the row under its header', async () => {
    const answer = await answerTo('IH65-50-160 的流量', [table])
    expect(answer?.text).toContain('| 型号 | 流量 | 扬程 |\n| --- | --- | --- |\n| IH65-50-160 | 25 m3/h | 32 m |')
    expect(answer?.citations[0]?.quote).toBe('IH65-50-160 | 25 m3/h | 32 m')
  })

  test('knows the header of a table that the passage starts inside of', async () => {
    const rows = 'P-01 | 阀座 | 76\nP-02 | 阀杆 | 98'
    const inside = hit(1, { text: rows, kind: 'table', tableHeader: '编号 | 名称 | 单价' })
    const answer = await answerTo('阀座单价', [inside])
    expect(answer?.text).toContain('| 编号 | 名称 | 单价 |\n| --- | --- | --- |\n| P-01 | 阀座 | 76 |')
  })

  test('does not quote captions and introductions, but reads what they lead up to in their light', async () => {
    const text = '表 4-1 螺栓力矩\n规格 | 力矩\nM12 | 58 N·m\n储存条件：\n温度不超过 30 ℃。\n通风良好。'
    const quotesOf = async (question: string) =>
      (await answerTo(question, [hit(1, { text })]))?.citations.map(({ quote }) => quote)
    expect(await quotesOf('螺栓力矩')).toEqual(['M12 | 58 N·m'])
    expect((await quotesOf('储存条件 温度'))?.[0]).toBe('温度不超过 30 ℃。')
  })

  test('puts each citation on the part of the answer that it supports', async () => {
    const answer = await answerTo('IH65-50-160 的流量', [table, seal])
    for (const { answerSpan, quote } of answer?.citations ?? []) {
      expect(answer?.text.slice(answerSpan.start, answerSpan.end)).toContain(quote)
    }
  })

  test('does not quote headings and says nothing twice', async () => {
    const answer = await answerTo('机械密封', [seal, hit(2, { ...seal.chunk, id: 'chk_copy' })])
    const quotes = answer?.citations.map(({ quote }) => quote) ?? []
    expect(quotes).not.toContain('3.2 机械密封')
    expect(new Set(quotes).size).toBe(quotes.length)
  })

  test('answers a question that the document asks itself with what stands below it', async () => {
    const text = '备用泵多久切换一次？\n\n建议每 15 天一次。\n\n泵房要开灯吗？\n\n要。'
    const answer = await answerTo('备用泵多久切换一次？', [hit(1, { text })])
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
    const answer = await answerTo('机械密封多久更换一次？'.repeat(40), [seal], { using: short })
    expect(answer?.citations[0]?.quote).toBe('机械密封每 8000 小时更换一次。')
  })

  test('gives null when there is no sentence', async () => {
    expect(await answerTo('流量？', [])).toBeNull()
    expect(await answerTo('流量？', [hit(1, { text: '1' })])).toBeNull()
  })

  test('puts rows of one table under one header', async () => {
    const answer = await answerTo('25P 的 DN80 与 DN100 单价', [
      hit(1, { text: '规格 | 单价\nDN80 25P | 1390\nDN100 25P | 2690\nDN15 16P | 88', kind: 'table' }),
    ])
    expect(answer?.text).toBe('| 规格 | 单价 |\n| --- | --- |\n| DN80 25P | 1390 |\n| DN100 25P | 2690 |\n\n[1] [2]')
    for (const { answerSpan, quote } of answer?.citations ?? []) {
      expect(answer?.text.slice(answerSpan.start, answerSpan.end)).toBe(`| ${quote} |`)
    }
  })

  test('quotes a list whole, with the line that leads up to it', async () => {
    const list = '下列情况应立即停机：\n- 密封突然喷漏；\n- 轴承温度超过 95 ℃；\n- 振动突然增大。'
    const text = `${list}\n\n停机后通知班长。`
    const answer = await answerTo('下列哪些情况应立即停机？', [hit(1, { text })])
    expect(answer?.citations.map(({ quote }) => quote)).toContain(list)
    expect(answer?.citations.map(({ quote }) => quote)).not.toContain('- 密封突然喷漏；')
  })

  test('shows what two documents give different values for, with their names and editions', async () => {
    const old = hit(1, { text: '检验记录保存 3 年。', documentId: 'doc_old', documentTitle: '检验程序（旧）' })
    const now = hit(2, { text: '检验记录保存 5 年。', documentId: 'doc_new', documentTitle: '检验程序（新）' })
    const facts = {
      doc_old: { metadata: { version: 'V2.0', date: '2022-05' }, updatedAt: '2026-01-02T03:04:05.000Z' },
      doc_new: { metadata: {}, updatedAt: '2026-01-02T03:04:05.000Z' },
    }
    const answer = await answerTo('检验记录保存几年？', [old, now], { facts })
    expect(answer?.text).toBe(
      '不同文档给出的值不同：\n\n《检验程序（旧）》（V2.0, 2022-05）：\n\n检验记录保存 3 年。 [1]\n\n' +
        '《检验程序（新）》（2026-01-02）：\n\n检验记录保存 5 年。 [2]',
    )
  })

  test('does not call it a difference when documents agree, speak of other things or of other models', async () => {
    const say = (text: string, documentTitle: string) => ({ text, documentId: `doc_${documentTitle}`, documentTitle })
    const saidOf = async (question: string, first: string, second: string) =>
      (await answerTo(question, [hit(1, say(first, '甲')), hit(2, say(second, '乙'))]))?.text
    const agree = await saidOf('检验记录保存几年？', '检验记录保存 5 年。', '本程序规定：检验记录保存 5 年。')
    const apart = await saidOf('检验记录保存几年？', '检验记录保存 5 年。', '安全带使用不超过 3 年。')
    const models = await saidOf(
      'IH65-50-160 的重量是多少公斤？',
      'IH65-50-160 的重量为 88 kg。',
      'IH80-65-160 的重量为 97 kg。',
    )
    const named = await answerTo('HCZ65-200A 的额定扬程是多少米？', [
      hit(1, say('额定扬程为 50 m。', 'HCZ65-200A 规格书')),
      hit(2, say('额定扬程为 54 m，比 HCZ65-200A 高。', 'HCZ65-200H 规格书')),
    ])
    for (const text of [agree, apart, models, named?.text]) expect(text).not.toContain('不同文档给出的值不同')
  })
})
