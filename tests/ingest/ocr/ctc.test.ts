import { describe, expect, test } from 'vitest'
import { decodeSigns } from '../../../src/ingest/ocr/ctc.js'

const alphabet = ['a', 'b', '中']

/** The likeliest sign of each step, with its chance. */
function chancesOf(steps: readonly (readonly [sign: number, chance: number])[]) {
  const signs = alphabet.length + 1
  const chances = new Float32Array(steps.length * signs)
  steps.forEach(([sign, chance], step) => {
    chances.fill((1 - chance) / (signs - 1), step * signs, (step + 1) * signs)
    chances[step * signs + sign] = chance
  })
  return { steps: steps.length, signs, chances }
}

describe('decodeSigns', () => {
  test('takes repeated signs for one character', () => {
    expect(
      decodeSigns(
        chancesOf([
          [1, 1],
          [1, 1],
          [3, 1],
        ]),
        alphabet,
      ).text,
    ).toBe('a中')
  })

  test('takes the same sign for two characters where none is between', () => {
    expect(
      decodeSigns(
        chancesOf([
          [1, 1],
          [0, 1],
          [1, 1],
        ]),
        alphabet,
      ).text,
    ).toBe('aa')
  })

  test('is as sure as its characters on average, each at its best step', () => {
    const { confidence } = decodeSigns(
      chancesOf([
        [1, 0.6],
        [1, 0.75],
        [0, 1],
        [2, 0.5],
      ]),
      alphabet,
    )
    expect(confidence).toBeCloseTo((0.75 + 0.5) / 2, 5)
  })

  test('tells where each character stands', () => {
    const { places } = decodeSigns(
      chancesOf([
        [0, 1],
        [1, 1],
        [1, 1],
        [0, 1],
        [3, 1],
        [0, 1],
        [0, 1],
        [0, 1],
      ]),
      alphabet,
    )
    expect(places).toEqual([2 / 8, 4.5 / 8])
  })

  test('reads nothing from nothing, without being sure', () => {
    expect(
      decodeSigns(
        chancesOf([
          [0, 1],
          [0, 1],
        ]),
        alphabet,
      ),
    ).toEqual({ text: '', confidence: 0, places: [] })
    expect(decodeSigns({ steps: 0, signs: 4, chances: new Float32Array() }, alphabet).text).toBe('')
  })
})
