import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { TextRecogniser } from '../../src/core/ports.js'
import type { Block, ParsedFile, Picture } from '../../src/core/types.js'
import { recognisePictures } from '../../src/ingest/recognise.js'

const bbox = { x: 1, y: 2, width: 3, height: 4 }

/** Reads `text of <path or page>`; fails and finds nothing where it is told to. */
function recogniser({ failing = [], blank = [] }: { failing?: string[]; blank?: string[] } = {}) {
  const seen: unknown[] = []
  const driver: TextRecogniser = {
    async recognise(picture) {
      seen.push(picture)
      const name = String(picture.page ?? picture.path)
      if (failing.includes(name)) throw new InkstoneError('ocr_failed', `cannot read ${name}`)
      if (blank.includes(name)) return { blocks: [{ text: ' ', bbox, confidence: 1 }] }
      return { blocks: [{ text: `text of ${name}`, bbox, confidence: 0.9 }] }
    },
    close: async () => undefined,
  }
  return { driver, seen }
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', text, page: 1, headingPath: [] })
const page = (number: number, at: number, replaces = 0): Picture => {
  return { source: { kind: 'page', page: number }, page: number, headingPath: ['一'], at, replaces }
}
const image = (path: string, at: number): Picture => {
  return { source: { kind: 'file', path }, page: null, headingPath: [], at, replaces: 0 }
}
const file = (texts: string[], pictures: Picture[]): ParsedFile => ({
  title: null,
  mediaType: 'application/pdf',
  pageCount: 9,
  blocks: texts.map(paragraph),
  pictures,
  members: [],
  losses: [{ kind: 'object', count: 1, pages: [], reason: 'a film' }],
  warnings: [],
  metadata: {},
})
const textsOf = ({ blocks }: ParsedFile) => blocks.map(({ text }) => text)

describe('recognisePictures', () => {
  test('puts the text of pictures where they stand, marked with its confidence', async () => {
    const { driver, seen } = recogniser()
    const given = file(['a', 'b'], [image('x.png', 1), page(2, 2)])
    const read = await recognisePictures(given, { path: 'f.pdf', recogniser: driver, passwords: ['p'] })
    expect(textsOf(read)).toEqual(['a', 'text of x.png', 'b', 'text of 2'])
    expect(read.blocks.at(-1)).toEqual({
      kind: 'ocr',
      text: 'text of 2',
      page: 2,
      headingPath: ['一'],
      bbox,
      confidence: 0.9,
    })
    expect(seen).toEqual([
      { path: 'x.png', page: null },
      { path: 'f.pdf', page: 2, passwords: ['p'] },
    ])
    expect(read).toMatchObject({ ocrCount: 2, pictures: [], losses: given.losses })
  })

  test('replaces unusable text only by text that was recognised', async () => {
    const given = file(['a', 'garbled', 'b', 'rubbish'], [page(1, 1, 1), page(2, 3, 1)])
    const read = await recognisePictures(given, { path: 'f', recogniser: recogniser({ blank: ['2'] }).driver })
    expect(textsOf(read)).toEqual(['a', 'text of 1', 'b', 'rubbish'])
    expect(read.losses.at(-1)).toEqual({ kind: 'page', count: 1, pages: [2], reason: 'no text was recognised in it' })
  })

  test('notes what fails and goes on', async () => {
    const given = file(['a'], [image('bad.png', 0), image('good.png', 1)])
    const read = await recognisePictures(given, { path: 'f', recogniser: recogniser({ failing: ['bad.png'] }).driver })
    expect(textsOf(read)).toEqual(['a', 'text of good.png'])
    expect(read.losses.at(-1)).toEqual({ kind: 'image', count: 1, pages: [], reason: 'cannot read bad.png' })
  })

  test('lists every picture as lost when it is turned off', async () => {
    const read = await recognisePictures(file(['a'], [page(3, 0), page(7, 1)]), { path: 'f', recogniser: null })
    expect(textsOf(read)).toEqual(['a'])
    expect(read.losses.at(-1)).toMatchObject({ kind: 'page', count: 2, pages: [3, 7] })
    expect(read.ocrCount).toBe(0)
  })

  test('stops when it is told to', async () => {
    const stop = new AbortController()
    const { driver, seen } = recogniser()
    const reading = recognisePictures(file([], [page(1, 0), page(2, 0)]), {
      path: 'f',
      recogniser: driver,
      signal: stop.signal,
      onProgress: () => stop.abort(new InkstoneError('cancelled', 'stopped')),
    })
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    expect(seen).toHaveLength(1)
  })
})
