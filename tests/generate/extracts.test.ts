import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { contextOf, extractsOf } from '../../src/generate/extracts.js'
import { makeChunk } from '../support/chunks.js'

const hit = (given: Parameters<typeof makeChunk>[0]): Hit => ({
  rank: 1,
  score: 1,
  signals: { dense: 1, lexical: 1, fused: 1, rerank: null },
  chunk: makeChunk(given),
})

describe('extractsOf', () => {
  test('gives sentences and rows verbatim, each at its place', () => {
    const text = '轴承运行 8000 小时更换。\n规格 | 力矩\nM12 | 58 N·m'
    const extracts = extractsOf(hit({ text }))
    expect(extracts.map(({ kind, tableHeader }) => [kind, tableHeader])).toEqual([
      ['sentence', null],
      ['row', '规格 | 力矩'],
    ])
    for (const { span, text: said } of extracts) expect(text.slice(span.start, span.end)).toBe(said)
  })

  test('joins a list to the line that leads up to it, and keeps its items', () => {
    const text = '备件包括：\n- 机械密封；\n- 轴承两套。\n\n另行订货。'
    expect(extractsOf(hit({ text })).map(({ kind, text: said }) => [kind, said])).toEqual([
      ['list', '备件包括：\n- 机械密封；\n- 轴承两套。'],
      ['sentence', '- 机械密封；'],
      ['sentence', '- 轴承两套。'],
      ['sentence', '另行订货。'],
    ])
  })

  test('does not join a list that is too long to read at once', () => {
    const text = `备件包括：\n${Array.from({ length: 40 }, (_, at) => `- 第 ${at} 种备件，放在第 ${at} 个货位；`).join('\n')}`
    expect(extractsOf(hit({ text })).some(({ kind }) => kind === 'list')).toBe(false)
  })
})

describe('contextOf', () => {
  test('names the heading, the line above and the header of the table', () => {
    const [row] = extractsOf(hit({ text: '表 4-1 螺栓\n规格 | 力矩\nM12 | 58 N·m', headingPath: ['装配', '紧固'] }))
    expect(row && contextOf(row)).toEqual(['紧固', '表 4-1 螺栓', '规格 | 力矩'])
  })
})
