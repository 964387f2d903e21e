import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contextLine, contextTokens, estimateTokens } from '../../../src/ingest/chunk/context-line.js'

describe('contextLine', () => {
  test('names the document, the headings and the table', () => {
    expect(contextLine({ title: '设备手册', headingPath: ['维护', '滤芯'], tableHeader: '部件 | 周期' })).toBe(
      '设备手册 > 维护 > 滤芯\n部件 | 周期',
    )
  })

  test('does not say the title twice', () => {
    expect(contextLine({ title: '设备手册', headingPath: ['设备手册', '维护'] })).toBe('设备手册 > 维护')
  })

  test('keeps the innermost headings when room is short', () => {
    const line = contextLine({ title: '手册', headingPath: ['外'.repeat(60), '内层标题'] }, { maxTokens: 20 })
    expect(line).toContain('内层标题')
    expect(line.endsWith('内层标题')).toBe(true)
  })

  test('never grows past its room', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 120 })
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 6 }), fc.option(text), (title, headingPath, tableHeader) => {
        // A line break and separators are all that may come on top.
        expect(estimateTokens(contextLine({ title, headingPath, tableHeader }))).toBeLessThanOrEqual(contextTokens + 4)
      }),
    )
  })
})
