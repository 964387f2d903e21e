import { describe, expect, test } from 'vitest'
import { numbering, placesOf, toldNotes } from '../../../src/generate/deep/lookup.js'
import { lineHit, oilHit, passage } from './corpus.js'

describe('numbering', () => {
  test('gives each passage a number of its own and keeps it', () => {
    const numberOf = numbering()
    expect([lineHit, oilHit, lineHit].map(numberOf)).toEqual([1, 2, 1])
  })
})

describe('placesOf', () => {
  test('names each page of each document once, in order', () => {
    const sameSide = { ...oilHit, chunk: { ...oilHit.chunk, id: 'chk_other' } }
    expect(placesOf([oilHit, sameSide, passage('x', 'oils', 8)])).toEqual([
      { documentId: 'oils', documentTitle: 'oils', page: 7 },
      { documentId: 'oils', documentTitle: 'oils', page: 8 },
    ])
  })
})

describe('toldNotes', () => {
  test('says where each note comes from', () => {
    const told = { documentId: 'oils', documentTitle: 'oils', page: 7, text: 'L-HM46' }
    expect(toldNotes([{ hit: oilHit, text: 'L-HM46' }])).toEqual([told])
  })
})
