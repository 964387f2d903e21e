import { describe, expect, test } from 'vitest'
import { withoutVerticalForms } from '../../../../src/ingest/parsers/pdf/pdf-vertical-forms.js'

describe('withoutVerticalForms', () => {
  test('writes vertical punctuation as it is in a line', () => {
    expect(withoutVerticalForms('泵︐阀︒﹁甲﹂︵一︶︿乙﹀︙')).toBe('泵，阀。「甲」（一）〈乙〉…')
    expect(withoutVerticalForms('ＡB，。')).toBe('ＡB，。')
  })
})
