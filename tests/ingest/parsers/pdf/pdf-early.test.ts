import { describe, expect, test } from 'vitest'
import type { Block, EarlyBlocks } from '../../../../src/core/types.js'
import { pdfParser } from '../../../../src/ingest/parsers/pdf/pdf.js'
import { parseContext } from '../../../support/parse-context.js'
import { makeBook } from '../../fixtures/book.js'
import { rawPdf, write } from '../../fixtures/raw-pdf.js'

async function read(bytes: Uint8Array) {
  const early: EarlyBlocks[] = []
  const done: number[] = []
  const follower = {
    onPages: (pages: { done: number; total: number }) => void done.push(pages.done / pages.total),
    onEarly: (blocks: EarlyBlocks) => void early.push(blocks),
  }
  const file = await pdfParser().parse(bytes, { ...parseContext('a.pdf'), follower })
  return { file, early, done, plain: await pdfParser().parse(bytes, parseContext('a.pdf')) }
}

const pagesOf = (blocks: readonly Block[]) => [...new Set(blocks.map(({ page }) => page))]

describe('earlyReader', () => {
  test('tells the pages of a long document once, in order, as they come in the end', async () => {
    const { file, early, plain } = await read(await makeBook(70))
    const told = early.flatMap(({ blocks }) => blocks)
    expect(early.map(({ title }) => title)).toEqual(['Pumps', 'Pumps', 'Pumps'])
    expect(pagesOf(told)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    expect(told).toEqual(file.blocks.filter(({ page }) => page !== null && page <= 60))
    expect(file).toEqual(plain)
  })

  test('tells how many pages are read', async () => {
    const { done } = await read(await makeBook(4))
    expect(done).toEqual([0.25, 0.5, 0.75, 1])
  })

  test('tells no blocks of a short document, which is read in no time', async () => {
    const { early } = await read(await makeBook(31))
    expect(early).toEqual([])
  })

  test('tells nothing of pages that are to be recognised', async () => {
    const pages = Array.from({ length: 40 }, (_, index) => ({
      content: [write(`Text of page ${index + 1}.`, { x: 60, y: 200, font: index === 2 ? 'broken' : 'latin' })],
    }))
    const { early, file } = await read(rawPdf(pages))
    expect(file.pictures.map(({ page }) => page)).toEqual([3])
    expect(pagesOf(early.flatMap(({ blocks }) => blocks)).slice(0, 4)).toEqual([1, 2, 4, 5])
  })
})
