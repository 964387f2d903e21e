import { describe, expect, test } from 'vitest'
import { withoutFurniture } from '../../../../src/ingest/parsers/pdf/pdf-furniture.js'

const run = (text: string, y: number) => ({ text, x: 60, y, width: text.length * 5, size: 10, font: 'f' })
const page = (...lines: [text: string, y: number][]) => ({ height: 800, runs: lines.map(([text, y]) => run(text, y)) })
const texts = (pages: { runs: { text: string }[] }[]) => pages.map(({ runs }) => runs.map(({ text }) => text))

describe('withoutFurniture', () => {
  test('removes what neighbouring pages repeat in their margins, and the numbers of pages', () => {
    const pages = Array.from({ length: 8 }, (_, index) =>
      page(['Pump manual', 40], [`Text ${'abcdefgh'[index]}`, 400], [`${index + 1}`, 780]),
    )
    expect(texts(withoutFurniture(pages))).toEqual(pages.map((_, index) => [`Text ${'abcdefgh'[index]}`]))
  })

  test('leaves a page that has nothing else empty where others have text', () => {
    const pages = Array.from({ length: 8 }, (_, index) =>
      index === 3 ? page(['Pump manual', 40]) : page(['Pump manual', 40], [`Text ${'abcdefgh'[index]}`, 400]),
    )
    expect(texts(withoutFurniture(pages))[3]).toEqual([])
  })

  test('keeps what repeats where it is all that there is', () => {
    const labels = Array.from({ length: 30 }, () => page(['Danger: high voltage', 60]))
    expect(texts(withoutFurniture(labels))).toEqual(labels.map(() => ['Danger: high voltage']))
  })
})
