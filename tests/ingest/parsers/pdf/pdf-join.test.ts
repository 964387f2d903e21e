import { describe, expect, test } from 'vitest'
import { compoundsOf, joinLines } from '../../../../src/ingest/parsers/pdf/pdf-join.js'

describe('joinLines', () => {
  test('joins Chinese without a space, Latin with one, and a parted word without its hyphen', () => {
    expect(joinLines('进入车间前', '必须佩戴')).toBe('进入车间前必须佩戴')
    expect(joinLines('wear', 'a helmet')).toBe('wear a helmet')
    expect(joinLines('posi-', 'tion')).toBe('position')
    expect(joinLines('使用', 'PPE')).toBe('使用 PPE')
    expect(joinLines('pages 3-', '5')).toBe('pages 3- 5')
  })

  test('keeps hyphens that belong to a word', () => {
    expect(joinLines('send an e-', 'mail')).toBe('send an e-mail')
    expect(joinLines('up-to-', 'date')).toBe('up-to-date')
    expect(joinLines('the IH-', 'PUMP')).toBe('the IH-PUMP')
    expect(joinLines('a well-', 'known rule', { compounds: new Set(['well-known']) })).toBe('a well-known rule')
  })

  test('drops a soft hyphen wherever it stands', () => {
    expect(joinLines('the Posi\u2010', 'Tion')).toBe('the PosiTion')
  })
})

describe('compoundsOf', () => {
  test('finds the words with hyphens inside lines, not those that lines part', () => {
    expect(compoundsOf([{ text: 'A Well-known rule of the posi-' }, { text: 'tion, 3-5 pages' }])).toEqual(
      new Set(['well-known']),
    )
  })
})
