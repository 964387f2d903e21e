import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block, DocumentText } from '../../../src/core/types.js'
import { type ChunkOptions, chunkBatches, chunkDocument, type PreparedChunk } from '../../../src/ingest/chunk/chunk.js'
import type { ChunkDraft } from '../../../src/ingest/chunk/chunk-draft.js'
import { documentText } from '../../../src/ingest/chunk/document-text.js'
import { splitUnits } from '../../../src/ingest/chunk/units.js'
import { block, someBlocks } from '../fixtures/blocks.js'

/** Two special tokens, one token a Chinese character, one for each four other visible characters. */
const countTokens = async (texts: readonly string[]) =>
  texts.map((text) => {
    const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
    return 2 + han + Math.ceil((text.replace(/\s/g, '').length - han) / 4)
  })

const chunk = async (blocks: Block[], options: Partial<ChunkOptions> = {}) =>
  chunkDocument(await documentText(blocks), { title: '手册', countTokens, ...options })
const cpuMs = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000
const texts = (chunks: PreparedChunk[]) => chunks.map(({ draft }) => draft.text)
const heading = (text: string, level: number, headingPath: string[] = []) =>
  block(text, { kind: 'heading', level, headingPath })
const sentence = (name: string, characters: number) => `${name.padEnd(characters - 1, '字')}。`

/** What is embedded ends with the chunk's text; only table rows, which get the names of their columns, are written anew. */
function expectWritten(document: DocumentText, { span, text }: ChunkDraft, embedText: string): void {
  const tables = document.blocks.filter(
    ({ kind, span: own }) => kind === 'table' && own.start < span.end && own.end > span.start,
  )
  if (tables.length === 0) expect(embedText.endsWith(text)).toBe(true)
  const headers = new Set(tables.flatMap((table) => wordsOf(table.text.split('\n', 1)[0] ?? '')))
  for (const word of wordsOf(text)) if (!headers.has(word)) expect(embedText).toContain(word)
}

const wordsOf = (text: string) => text.split(/[\s|]+/)

/** A row whose third cell is cut twice: once with the name of its column, which the pieces of one cell lose. */
const splitCell = block('型号 | 流量 | 扬程 | 备注\npump. pump | 空 | 阀门阀门阀门第三条压力表压力表阀门阀门 | 阀门', {
  kind: 'table',
})

function expectSound(document: DocumentText, chunks: PreparedChunk[], limitTokens: number): void {
  const covered = new Array<boolean>(document.text.length).fill(false)
  chunks.forEach(({ draft, tokenCount, embedText }, index) => {
    const { span, page, text } = draft
    expect(document.text.slice(span.start, span.end)).toBe(text)
    expect(tokenCount).toBeLessThanOrEqual(limitTokens)
    expectWritten(document, draft, embedText)
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
        const document = await documentText(blocks)
        const options = { title: '泵站手册', countTokens, limitTokens }
        const chunks = await chunkDocument(document, options)
        expectSound(document, chunks, limitTokens)
        expect(await chunkDocument(document, options)).toEqual(chunks)
      }),
      { numRuns: 150, examples: [[[splitCell], 120]] },
    )
  })

  test('stays within the limit when a whole has more tokens than its parts', async () => {
    await fc.assert(
      fc.asyncProperty(someBlocks, fc.integer({ min: 1, max: 60 }), async (blocks, percent) => {
        const superadditive = async (all: readonly string[]) =>
          (await countTokens(all)).map((count) => count + Math.floor((Math.max(0, count - 100) * percent) / 100))
        const document = await documentText(blocks)
        expectSound(document, await chunkDocument(document, { title: '手册', countTokens: superadditive }), 512)
      }),
    )
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
        const document = await documentText(blocks)
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

  test('repeats nothing before a table, and splits it between rows', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `行${index} | ${'格'.repeat(40)}`).join('\n')
    const chunks = await chunk([block(sentence('前', 200)), block(sentence('短', 20)), block(rows, { kind: 'table' })])
    expect(chunks.length).toBeGreaterThan(1)
    for (const text of texts(chunks).slice(1)) expect(text).toMatch(/^行\d+ \| 格+(\n行\d+ \| 格+)*$/)
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

  test('puts title and headings before what is embedded, and the names of the columns into each row', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => `行${index} | ${'格'.repeat(40)}`)
    const chunks = await chunk([
      heading('维护', 2),
      block(['名称 | 内容', ...rows].join('\n'), { kind: 'table', headingPath: ['维护'] }),
    ])
    expect(chunks[0]?.embedText).toMatch(/^手册\n维护\n名称: 行0 \| 内容: 格+\n名称: 行1 \|/)
    expect(chunks[0]?.draft.text.startsWith('维护\n\n名称 | 内容\n行0 | 格')).toBe(true)
    expect(chunks[1]?.embedText).toMatch(/^手册 > 维护\n名称: 行\d+ \| 内容: 格/)
    expect(chunks[1]?.draft).toMatchObject({ tableHeader: '名称 | 内容', kind: 'table' })
    expect(chunks[1]?.draft.text).toMatch(/^行\d+ \| 格/)
  })

  test('puts the first row before the middle of a table when it does not name the columns', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => `${index} | ${'9'.repeat(160)}`)
    const chunks = await chunk([block(rows.join('\n'), { kind: 'table' })])
    expect(chunks[1]?.embedText).toMatch(/^手册\n0 \| 9+…?\n\d+ \| 9+/)
  })

  test('says with each chunk of a table what its caption is, also where the table goes on in another block', async () => {
    const part = (from: number) =>
      ['型号 | 流量', ...Array.from({ length: 20 }, (_, index) => `P${from + index} | ${'流'.repeat(30)}`)].join('\n')
    const chunks = await chunk([
      block('表 3 泵的性能', { kind: 'caption' }),
      block(part(0), { kind: 'table' }),
      block(part(20), { kind: 'table' }),
    ])
    expect(chunks.length).toBeGreaterThan(2)
    for (const { embedText } of chunks) expect(embedText.match(/表 3 泵的性能/g)).toHaveLength(1)
    expect(chunks[0]?.draft.text.startsWith('表 3 泵的性能\n\n型号 | 流量\nP0')).toBe(true)
    expect(chunks.at(-1)?.embedText).toMatch(/^手册\n表 3 泵的性能\n型号: P/)
  })

  test('leaves no caption and no header row at the end of a chunk', async () => {
    const wide = `大 | ${'宽'.repeat(150)}`
    const chunks = await chunk([
      block(sentence('前', 190)),
      block(sentence('又', 100)),
      block('表 1 参数', { kind: 'caption' }),
      block(['名 | 值', wide, wide, wide].join('\n'), { kind: 'table' }),
    ])
    expect(
      texts(chunks)
        .slice(0, 2)
        .map((text) => text.slice(0, 6)),
    ).toEqual(['前字字字字字', '表 1 参数'])
  })

  test('cuts a row that is longer than a chunk between its cells, each behind its name', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `列${'甲乙丙丁戊己庚辛壬癸子丑'[index]}`)
    const cells = names.map((name) => name.slice(1).repeat(60))
    const chunks = await chunk([block([names.join(' | '), cells.join(' | ')].join('\n'), { kind: 'table' })])
    expect(chunks.length).toBeGreaterThan(1)
    const written = chunks.map(({ embedText }) => embedText).join('\n')
    for (const [index, name] of names.entries()) expect(written).toContain(`${name}: ${cells[index]}`)
  })

  test('takes a code block into the next chunk rather than cutting it', async () => {
    const code = Array.from({ length: 30 }, (_, index) => `line ${index} ${'x'.repeat(30)}`).join('\n')
    const chunks = await chunk([block(sentence('前', 150)), block(code, { kind: 'code' }), block(sentence('后', 90))])
    expect(texts(chunks)[1]?.startsWith(code)).toBe(true)
  })

  test('aims at what it is told', async () => {
    const blocks = Array.from({ length: 40 }, (_, index) => block(sentence(`${index}号`, 30)))
    const chunks = await chunk(blocks, { maxTokens: 100, overlapTokens: 0 })
    expect(texts(chunks).every((text) => text.length <= 140)).toBe(true)
    expect(texts(chunks).join('\n\n')).toBe(blocks.map(({ text }) => text).join('\n\n'))
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

  test('never has text on both sides of a heading of level 1 or 2, and repeats whole sentences only', async () => {
    await fc.assert(
      fc.asyncProperty(someBlocks, fc.integer({ min: 40, max: 400 }), async (blocks, maxTokens) => {
        const document = await documentText(blocks)
        const chunks = await chunkDocument(document, { title: '手册', countTokens, maxTokens })
        const starts = new Set([...splitUnits(document)].map(({ span }) => span.start))
        for (const [index, { draft }] of chunks.entries()) {
          const inside = document.blocks.filter(
            (each) => each.span.start < draft.span.end && each.span.end > draft.span.start,
          )
          const body = inside.findIndex(({ kind }) => kind !== 'heading')
          expect(inside.slice(body + 1).some(({ level = 9 }) => body !== -1 && level <= 2)).toBe(false)
          expect(new Set(inside.map(({ page }) => page)).size).toBe(1)
          const isRepeated = draft.span.start < (chunks[index - 1]?.draft.span.end ?? 0)
          if (isRepeated) expect(starts.has(draft.span.start)).toBe(true)
        }
      }),
    )
  })

  test('lets other work go on, however much text there is', async () => {
    const paragraphs = Array.from({ length: 40_000 }, (_, index) => block(`第${index}条，阀门检查。`))
    const turns = { mostCpuMs: 0, isOver: false }
    let before = cpuMs()
    // Processor time, so that a busy machine does not count.
    const turn = () => {
      turns.mostCpuMs = Math.max(turns.mostCpuMs, cpuMs() - before)
      before = cpuMs()
      if (!turns.isOver) setImmediate(turn)
    }
    setImmediate(turn)
    const chunks = await chunkDocument(await documentText(paragraphs), { title: '手册', countTokens })
    turns.isOver = true
    expect(chunks.length).toBeGreaterThan(500)
    expect(turns.mostCpuMs).toBeLessThan(100)
  })
})

describe('chunkBatches', () => {
  test('yields what chunkDocument yields, in batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someBlocks, { minLength: 1, maxLength: 8 }), async (parts) => {
        const document = await documentText(parts.flat().map((each) => ({ ...each, page: null })))
        const options = { title: '手册', countTokens, maxTokens: 60, overlapTokens: 20 }
        const whole = await chunkDocument(document, options)
        const batches: PreparedChunk[][] = []
        for await (const batch of chunkBatches(document, options)) batches.push(batch)
        expect(batches.flat()).toEqual(whole)
        expect(whole.map(({ draft }) => draft.index)).toEqual(whole.map((_, index) => index))
      }),
      { numRuns: 40 },
    )
  })

  test('yields the first chunks before the rest of the document has been counted', async () => {
    const paragraphs = Array.from({ length: 5000 }, (_, index) => block(sentence(`${index}号`, 60)))
    let counted = 0
    const counting = async (all: readonly string[]) => {
      counted += all.length
      return countTokens(all)
    }
    for await (const batch of chunkBatches(await documentText(paragraphs), { title: '手册', countTokens: counting })) {
      expect(batch.length).toBeGreaterThan(20)
      break
    }
    expect(counted).toBeLessThan(1000)
  })
})
