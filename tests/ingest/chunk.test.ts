import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block, DocumentText } from '../../src/core/types.js'
import { type ChunkOptions, chunkDocument, type PreparedChunk } from '../../src/ingest/chunk.js'
import { documentText } from '../../src/ingest/document-text.js'
import { block, someBlocks } from './fixtures/blocks.js'

/** Two special tokens, one token a Chinese character, one for each four other visible characters. */
const countTokens = async (texts: readonly string[]) =>
  texts.map((text) => {
    const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
    return 2 + han + Math.ceil((text.replace(/\s/g, '').length - han) / 4)
  })

const chunk = (blocks: Block[], options: Partial<ChunkOptions> = {}) =>
  chunkDocument(documentText(blocks), { title: '手册', countTokens, ...options })
const texts = (chunks: PreparedChunk[]) => chunks.map(({ draft }) => draft.text)
const heading = (text: string, level: number, headingPath: string[] = []) =>
  block(text, { kind: 'heading', level, headingPath })
const sentence = (name: string, characters: number) => `${name.padEnd(characters - 1, '字')}。`

function expectSound(document: DocumentText, chunks: PreparedChunk[], limitTokens: number): void {
  const covered = new Array<boolean>(document.text.length).fill(false)
  chunks.forEach(({ draft, tokenCount, embedText }, index) => {
    const { span, page, text } = draft
    expect(document.text.slice(span.start, span.end)).toBe(text)
    expect(tokenCount).toBeLessThanOrEqual(limitTokens)
    expect(embedText.endsWith(text)).toBe(true)
    expect(draft.index).toBe(index)
    const home = document.pages.find(
      (each) => each.page === page && span.start >= each.span.start && span.end <= each.span.end,
    )
    expect(home).toBeDefined()
    const before = chunks[index - 1]?.draft.span
    if (before !== undefined) {
      expect(span.start).toBeGreaterThan(before.start)
      expect(span.end).toBeGreaterThan(before.end)
    }
    covered.fill(true, span.start, span.end)
  })
  const missed = [...document.text].length > 0 && covered.some((is, at) => !is && /\S/.test(document.text[at] ?? ''))
  expect(missed).toBe(false)
}

describe('chunkDocument', () => {
  test('covers the text with exact spans, within the limits, the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(someBlocks, fc.integer({ min: 120, max: 512 }), async (blocks, limitTokens) => {
        const document = documentText(blocks)
        const options = { title: '泵站手册', countTokens, limitTokens }
        const chunks = await chunkDocument(document, options)
        expectSound(document, chunks, limitTokens)
        expect(await chunkDocument(document, options)).toEqual(chunks)
      }),
      { numRuns: 150 },
    )
  })

  test('stays within the limit when a whole has more tokens than its parts', async () => {
    const superadditive = async (all: readonly string[]) =>
      (await countTokens(all)).map((count, index) => (count > 100 ? count + ((all[index] ?? '').length >> 1) : count))
    const document = documentText(Array.from({ length: 60 }, (_, index) => block(sentence(`句${index}`, 30))))
    expectSound(document, await chunkDocument(document, { title: '手册', countTokens: superadditive }), 512)
  })

  test('never reaches across a page or a heading of level 1 or 2', async () => {
    const chunks = await chunk([
      heading('一', 1),
      heading('甲', 2, ['一']),
      block('短文。', { headingPath: ['一', '甲'] }),
      heading('乙', 2, ['一']),
      block('另一段。', { headingPath: ['一', '乙'] }),
    ])
    expect(texts(chunks)).toEqual(['一\n\n甲\n\n短文。', '乙\n\n另一段。'])
    expect(chunks[1]?.draft.headingPath).toEqual(['一', '乙'])
    expect(texts(await chunk([block('甲。', { page: 1 }), block('乙。', { page: 2 })]))).toEqual(['甲。', '乙。'])
  })

  test('merges small sections below a heading of level 2, and breaks before larger ones', async () => {
    const path = ['一']
    const small = [
      heading('a', 3, path),
      block('短。', { headingPath: [...path, 'a'] }),
      heading('b', 3, path),
      block('短。', { headingPath: [...path, 'b'] }),
    ]
    expect(await chunk([heading('一', 2), ...small])).toHaveLength(1)
    const large = [heading('a', 3, path), block(sentence('长', 150)), heading('b', 3, path), block(sentence('长', 150))]
    expect(texts(await chunk([heading('一', 2), ...large])).map((text) => text.slice(0, 1))).toEqual(['一', 'b'])
  })

  test('keeps a heading with the text below it', async () => {
    const chunks = await chunk([
      block(sentence('前', 380)),
      heading('小节', 3),
      block(sentence('后', 100), { headingPath: ['小节'] }),
    ])
    expect(texts(chunks)[1]?.startsWith('小节\n\n后')).toBe(true)
  })

  test('ends no chunk with a heading whose text is on the same page', async () => {
    const withShortHeadings = someBlocks.map((blocks) =>
      blocks.map((each) => (each.kind === 'heading' ? { ...each, text: each.text.slice(0, 8).trim() || '题' } : each)),
    )
    await fc.assert(
      fc.asyncProperty(withShortHeadings, async (blocks) => {
        const document = documentText(blocks)
        for (const { draft } of await chunkDocument(document, { title: '手册', countTokens })) {
          const last = document.blocks.findLastIndex((each) => each.span.start < draft.span.end)
          const next = document.blocks[last + 1]
          const isEmptySection = next?.level !== undefined && next.level <= 2
          const goesOn = next !== undefined && next.page === draft.page && !isEmptySection
          expect(goesOn && document.blocks[last]?.kind === 'heading').toBe(false)
        }
      }),
    )
  })

  test('keeps a heading with a sentence that nearly fills a chunk', async () => {
    const chunks = await chunk([heading('很长的一个小节标题', 3), block(sentence('后', 396))])
    expect(texts(chunks)).toHaveLength(1)
  })

  test('repeats nothing before a table', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `行${index} | ${'格'.repeat(20)}`).join('\n')
    const chunks = await chunk([block(sentence('前', 200)), block(sentence('短', 20)), block(rows, { kind: 'table' })])
    expect(texts(chunks)[1]?.startsWith('行0')).toBe(true)
  })

  test('repeats whole sentences of prose, and no table rows', async () => {
    const prose = await chunk([block([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => sentence(`${n}号`, 50)).join(''))])
    expect(prose).toHaveLength(2)
    const [first, second] = prose
    expect(second?.draft.span.start).toBeLessThan(first?.draft.span.end ?? 0)
    expect(first?.draft.text.endsWith(second?.draft.text.slice(0, 50) ?? '?')).toBe(true)

    const rows = Array.from({ length: 20 }, (_, index) => `行${index} | ${'格'.repeat(40)}`)
    const table = await chunk([block(['名称 | 内容', ...rows].join('\n'), { kind: 'table' })])
    expect(table.length).toBeGreaterThan(1)
    expect(texts(table).join('\n')).toBe(['名称 | 内容', ...rows].join('\n'))
  })

  test('puts title and headings before what is embedded, and the header row before the middle of a table', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => `行${index} | ${'格'.repeat(40)}`)
    const chunks = await chunk([
      heading('维护', 2),
      block(['名称 | 内容', ...rows].join('\n'), { kind: 'table', headingPath: ['维护'] }),
    ])
    expect(chunks[0]?.embedText.startsWith('手册\n维护\n\n名称 | 内容\n行0')).toBe(true)
    expect(chunks[1]?.embedText).toMatch(/^手册 > 维护\n名称 \| 内容\n行\d+/)
    expect(chunks[1]?.draft.text.startsWith('行')).toBe(true)
  })

  test('adds a tiny tail to the chunk before it', async () => {
    const chunks = await chunk([block(sentence('一', 200)), block(sentence('二', 195)), block('尾巴在此。')])
    expect(chunks).toHaveLength(1)
  })

  test('stops when the signal fires', async () => {
    await expect(chunk([block('文。')], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('makes nothing of nothing', async () => {
    expect(await chunk([])).toEqual([])
  })
})
