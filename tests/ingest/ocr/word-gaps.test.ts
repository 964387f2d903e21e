import { describe, expect, test } from 'vitest'
import type { Planes } from '../../../src/ingest/ocr/bitmap.js'
import { piecesOf } from '../../../src/ingest/ocr/word-gaps.js'

const height = 48
const letter = 16

/** A line in which each character is a bar of ink, a letter wide, with the given gaps before it. */
function read(text: string, gaps: readonly number[], { paper = 1, ink = -1 } = {}) {
  const characters = [...text]
  const width = 8 + characters.length * letter + gaps.reduce((sum, gap) => sum + gap, 0)
  const values = new Float32Array(3 * width * height).fill(paper)
  const places: number[] = []
  let x = 4
  characters.forEach((character, index) => {
    x += gaps[index] ?? 0
    if (character !== ' ') {
      for (let row = 12; row < 36; row += 1) {
        for (let plane = 0; plane < 3; plane += 1) {
          const start = plane * width * height + row * width + x
          // Half of the box is paper at least, as in print.
          values.fill(ink, start, start + (row % 2 === 0 ? letter : 2))
        }
      }
    }
    places.push((x + letter / 2) / width)
    x += letter
  })
  const image: Planes = { width, height, values }
  return piecesOf({ text, confidence: 1, places }, image)
}

const textOf = (...parameters: Parameters<typeof read>) =>
  read(...parameters)
    .map(({ text }) => text)
    .join('|')

/** Gaps before each character: 3 between letters, 13 before those at `at`. */
const gapsAt = (text: string, at: readonly number[]) =>
  [...text].map((_, index) => (index === 0 ? 0 : at.includes(index) ? 13 : 3))

describe('piecesOf', () => {
  test('puts a space where the letters stand apart', () => {
    expect(textOf('MainStreet', gapsAt('MainStreet', [4]))).toBe('Main Street')
  })

  test('sees light text on dark as well', () => {
    expect(textOf('MainStreet', gapsAt('MainStreet', [4]), { paper: -1, ink: 1 })).toBe('Main Street')
  })

  test('leaves a word alone', () => {
    expect(textOf('Mainstreet', gapsAt('Mainstreet', []))).toBe('Mainstreet')
  })

  test('leaves text alone that is set wide throughout', () => {
    const text = 'INTRODUCTION'
    expect(
      textOf(
        text,
        [...text].map((_, index) => (index === 0 ? 0 : 13)),
      ),
    ).toBe(text)
  })

  test('leaves Chinese alone', () => {
    expect(textOf('型号流量扬程', gapsAt('型号流量扬程', [2, 4]))).toBe('型号流量扬程')
    expect(textOf('型号HCZ', gapsAt('型号HCZ', [2]))).toBe('型号HCZ')
  })

  test('does not double a space that was seen', () => {
    const text = 'Main Street'
    expect(textOf(text, gapsAt(text, []))).toBe(text)
  })

  test('needs more between digits, of which some are narrow', () => {
    expect(textOf('1234567890', gapsAt('1234567890', [1]))).toBe('1234567890')
    expect(textOf('$5,000.00', gapsAt('$5,000.00', [3]))).toBe('$5,000.00')
  })

  test('puts none before closing nor behind opening punctuation', () => {
    expect(textOf('word.word', gapsAt('word.word', [4]))).toBe('word.word')
    expect(textOf('word(word', gapsAt('word(word', [5]))).toBe('word(word')
  })

  test('parts what stands far apart, such as two columns, and tells where', () => {
    const text = '左栏文字右栏文字'
    const pieces = read(text, [0, 3, 3, 3, 60, 3, 3, 3])
    expect(pieces.map((piece) => piece.text)).toEqual(['左栏文字', '右栏文字'])
    const [left, right] = pieces
    const width = 8 + 8 * letter + 78
    expect(left).toMatchObject({ from: 0, to: (4 + 4 * letter + 9 - 0.5) / width })
    expect(right?.to).toBe(1)
    expect((right?.from ?? 0) * width).toBeCloseTo((left?.to ?? 0) * width + 60)
  })

  test('has nothing to say of nothing', () => {
    expect(textOf('', [])).toBe('')
    expect(textOf('a', [0])).toBe('a')
  })
})
