import { describe, expect, test } from 'vitest'
import { joinLines } from '../../../src/ingest/parsers/pdf-paragraphs.js'

describe('joinLines', () => {
  test('joins Chinese without a space, Latin with one, and a parted word without its hyphen', () => {
    expect(joinLines('进入车间前', '必须佩戴')).toBe('进入车间前必须佩戴')
    expect(joinLines('wear', 'a helmet')).toBe('wear a helmet')
    expect(joinLines('posi-', 'tion')).toBe('position')
    expect(joinLines('使用', 'PPE')).toBe('使用 PPE')
    expect(joinLines('pages 3-', '5')).toBe('pages 3- 5')
  })
})
