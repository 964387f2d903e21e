import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldShapes, otherSpellings } from '../../src/core/fold.js'

describe('otherSpellings', () => {
  test('names what is folded into a text', () => {
    expect(otherSpellings('电')).toContain('電')
    expect(otherSpellings('a')).toContain('ａ')
    expect(otherSpellings('-')).toEqual(expect.arrayContaining(['–', '−', '－']))
    expect(otherSpellings('°C')).toEqual(['℃'])
    expect(otherSpellings('电机')).toEqual([])
  })

  test('misses no character of the Basic Multilingual Plane that folds by itself, and names no other', () => {
    const character = fc.integer({ min: 0xa0, max: 0xfffd }).map((code) => String.fromCharCode(code))
    fc.assert(
      fc.property(character, (given) => {
        fc.pre(/[^\p{Cs}\p{Co}\p{Cn}\s]/u.test(given))
        const folded = foldShapes(given)
        if (folded !== given) expect(otherSpellings(folded)).toContain(given)
        for (const other of otherSpellings(folded)) {
          expect(foldShapes(`1${other}1`)).toBe(foldShapes(`1${folded}1`))
        }
      }),
    )
  })
})
