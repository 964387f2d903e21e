import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hit, PageText } from '../../src/core/types.js'
import { bindCitations, cite, verifyCitation } from '../../src/generate/cite.js'
import { makeChunk } from '../support/chunks.js'

const source = '轴承温度不得超过 75 ℃。机械密封每 8000 小时更换一次。\n\n润滑油为 L-HM46，首次更换在运行 500 小时后。'
const offset = 100
const chunk = makeChunk({ text: source, span: { start: offset, end: offset + source.length }, page: 7 })
const hit: Hit = { rank: 1, score: 1, signals: { dense: 0.8, lexical: 5, fused: 1, rerank: null }, chunk }
const pages: PageText[] = [
  { page: 6, span: { start: 0, end: offset }, text: 'x'.repeat(offset) },
  { page: 7, span: { start: offset, end: offset + source.length }, text: source },
]

const verified = (text: string) => bindCitations(text, [hit]).map((draft) => verifyCitation(draft, pages))

describe('bindCitations', () => {
  test('quotes the sentence that supports the statement, with its page and place', () => {
    const [citation] = verified('机械密封每 8000 小时更换一次 [1]。')
    expect(citation).toMatchObject({ marker: 1, page: 7, quote: '机械密封每 8000 小时更换一次。', verified: true })
    expect(source.slice((citation?.sourceSpan.start ?? 0) - offset, (citation?.sourceSpan.end ?? 0) - offset)).toBe(
      citation?.quote,
    )
  })

  test('marks a statement with a changed number unverified', () => {
    expect(verified('机械密封每 6000 小时更换一次 [1]。')[0]?.verified).toBe(false)
  })

  test('marks a statement that the passage does not speak of unverified', () => {
    expect(verified('泵体采用双相不锈钢铸造并经固溶处理 [1]。')[0]?.verified).toBe(false)
  })

  test('binds a marker behind the full stop to the sentence before it', () => {
    const text = '轴承温度不得超过 75 ℃。[1] 润滑油为 L-HM46。[1]'
    const statements = verified(text).map(({ answerSpan }) => text.slice(answerSpan.start, answerSpan.end))
    expect(statements[0]).toContain('75')
    expect(statements[1]).toContain('L-HM46')
  })

  test('does not quote a heading in place of a sentence', () => {
    const below: Hit = {
      ...hit,
      chunk: makeChunk({ text: '3.2 机械密封\n每 8000 小时更换一次。', headingPath: ['3.2 机械密封'] }),
    }
    expect(bindCitations('机械密封要定期检查 [1]。', [below])[0]?.quote).toBe('每 8000 小时更换一次。')
  })

  test('lets two passages support between them what neither holds alone', () => {
    const pump = makeChunk({ text: '泵头的质量为 86 kg。' })
    const unit = makeChunk({ text: '整套机组的质量为 268 kg。' })
    const both = [pump, unit].map((of) => ({ ...hit, chunk: of }))
    const supports = (text: string) => bindCitations(text, both).map((draft) => draft.supports)
    expect(supports('泵头的质量为 86 kg，整套机组的质量为 268 kg [1][2]。')).toEqual([true, true])
    expect(supports('泵头的质量为 86 kg，整套机组的质量为 286 kg [1][2]。')).toEqual([false, false])
    expect(supports('泵头的质量为 86 kg [1][2]。')).toEqual([true, false])
    expect(supports('整套机组的质量为 268 kg，泵头的质量为 86 kg [2][1]。')).toEqual([true, true])
  })

  test('takes the model from the line above a list', () => {
    const rows = makeChunk({ text: '型号 | 流量\nHCZ65-200A | 50 m³/h\nHCZ80-250A | 100 m³/h' })
    const supports = (text: string) => bindCitations(text, [{ ...hit, chunk: rows }]).map((draft) => draft.supports)
    expect(supports('HCZ65-200A 的参数：\n- 流量 50 m³/h [1]')).toEqual([true])
    expect(supports('HCZ65-200A 的参数：\n- 流量 100 m³/h [1]')).toEqual([false])
  })

  test('holds that a quote is a piece of the chunk at its span and a statement a piece of the answer, for any text', () => {
    const word = fc.constantFrom(
      '轴承',
      '温度 75 ℃',
      '。',
      '，',
      '\n',
      ' | ',
      '[1]',
      '[2]',
      '【1】',
      '- ',
      '不得',
      '`',
      '8000 小时',
    )
    const texts = fc.array(word, { maxLength: 20 }).map((words) => words.join(''))
    fc.assert(
      fc.property(texts, texts, (answer, passage) => {
        const any = makeChunk({ text: passage, span: { start: offset, end: offset + passage.length } })
        for (const { quote, sourceSpan, answerSpan } of bindCitations(answer, [{ ...hit, chunk: any }])) {
          expect(passage.slice(sourceSpan.start - offset, sourceSpan.end - offset)).toBe(quote)
          expect(answerSpan.start).toBeGreaterThanOrEqual(0)
          expect(answerSpan.end).toBeGreaterThanOrEqual(answerSpan.start)
          expect(answerSpan.end).toBeLessThanOrEqual(answer.length)
        }
      }),
    )
  })

  test('passes over markers that name no passage', () => {
    expect(bindCitations('没有这样的资料 [3]。', [hit])).toEqual([])
  })
})

describe('verifyCitation', () => {
  const draft = { ...cite(1, chunk, { start: 0, end: 13 }), answerSpan: { start: 0, end: 1 }, supports: true }

  test('finds the quote at its place', () => {
    expect(verifyCitation(draft, pages)).toMatchObject({ verified: true, page: 7 })
  })

  test('refuses a quote that differs by one character or stands elsewhere', () => {
    expect(verifyCitation({ ...draft, quote: draft.quote.replace('75', '85') }, pages).verified).toBe(false)
    const moved = { ...draft, sourceSpan: { start: draft.sourceSpan.start + 1, end: draft.sourceSpan.end + 1 } }
    expect(verifyCitation(moved, pages).verified).toBe(false)
    expect(verifyCitation(draft, []).verified).toBe(false)
  })

  test('holds that a verified quote is the stored text at its span, for any span', () => {
    const at = fc.integer({ min: 0, max: source.length })
    fc.assert(
      fc.property(at, at, (from, to) => {
        const made = { ...draft, ...cite(1, chunk, { start: from, end: to }) }
        const citation = verifyCitation(made, pages)
        if (citation.verified) expect(citation.quote).toBe(source.slice(from, to))
        expect(citation.verified).toBe(from < to)
      }),
    )
  })
})
