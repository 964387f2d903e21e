import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentText } from '../../../src/ingest/chunk/document-text.js'
import { block, someBlocks } from '../fixtures/blocks.js'

describe('documentText', () => {
  test('joins blocks with one blank line', async () => {
    expect((await documentText([block('一'), block(' '), block('二')])).text).toBe('一\n\n二')
    expect(await documentText([])).toEqual({ text: '', blocks: [], pages: [] })
  })

  test('gives a page without text an empty span', async () => {
    const { pages } = await documentText([block('a', { page: 2 }), block('b', { page: 4 })])
    expect(pages).toEqual([
      { page: 2, span: { start: 0, end: 3 }, text: 'a\n\n' },
      { page: 3, span: { start: 3, end: 3 }, text: '' },
      { page: 4, span: { start: 3, end: 4 }, text: 'b' },
    ])
  })

  test('places every block and page exactly', async () => {
    await fc.assert(
      fc.asyncProperty(someBlocks, async (blocks) => {
        const { text, blocks: placed, pages } = await documentText(blocks)
        expect(placed.map(({ span }) => text.slice(span.start, span.end))).toEqual(blocks.map((each) => each.text))
        expect(pages.map((page) => page.text).join('')).toBe(text)
        expect(pages.every(({ span, text: own }) => text.slice(span.start, span.end) === own)).toBe(true)
        for (const { page, span } of placed) {
          expect(
            pages.find((each) => each.page === page && each.span.start <= span.start && span.end <= each.span.end),
          ).toBeDefined()
        }
      }),
    )
  })

  test('joins thousands of blocks as it joins two', async () => {
    const texts = Array.from({ length: 3001 }, (_, index) => `第${index}段`)
    expect((await documentText(texts.map((text) => block(text)))).text).toBe(texts.join('\n\n'))
  })

  test('stops when the signal has fired', async () => {
    const blocks = Array.from({ length: 200_000 }, () => block('文。'))
    await expect(documentText(blocks, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })
})
