import { describe, expect, test } from 'vitest'
import { withCaptions } from '../../../src/ingest/parsers/captions.js'
import { block } from '../fixtures/blocks.js'

const table = block('a | b', { kind: 'table' })
const kindsOf = (text: string, { before = false } = {}) =>
  withCaptions([block(text), table], before ? [{ at: 1 }] : [])[0]?.kind

describe('withCaptions', () => {
  test.each([
    '表 3-1 螺栓的拧紧力矩',
    '附表2 检查周期',
    '表1：泵',
    'Table A.1 Torques',
    'Table 2: Torques',
    'TABLE 12',
  ])('takes %j above a table for its caption', (text) => {
    expect(kindsOf(text)).toBe('caption')
  })

  test.each([
    '表 3 所示为力矩',
    '表3列出了力矩。',
    'Table 3 shows the torques',
    'The torques are in Table 3',
    '力矩如下',
    '表 3 的说明见下文：',
    'Figure 2 The pump',
  ])('leaves %j a paragraph', (text) => {
    expect(kindsOf(text)).toBe('paragraph')
  })

  test('takes the name of a figure for a caption only beside a picture, on either side', () => {
    expect(kindsOf('图 2 泵的剖面', { before: true })).toBe('caption')
    expect(withCaptions([block('图 2 泵的剖面')], [{ at: 0 }])[0]?.kind).toBe('caption')
    expect(withCaptions([block('图 2 泵的剖面')], [])[0]?.kind).toBe('paragraph')
  })

  test('does not look past what stands between', () => {
    const [first] = withCaptions([block('表 1 力矩'), block('单位：N·m'), table], [])
    expect(first?.kind).toBe('paragraph')
  })
})
