import { describe, expect, test } from 'vitest'
import type { ChunkedFile, FileChunk } from '../../../src/cli/chunk-file.js'
import { chunkedFileLines, chunkLines } from '../../../src/cli/render/chunks.js'

const paint = (_format: unknown, text: string) => text
const chunk: FileChunk = {
  index: 3,
  page: 12,
  headingPath: ['维护', '轴承'],
  kind: 'table',
  tableHeader: '型号 | 流量',
  tokenCount: 41,
  span: { start: 100, end: 140 },
  text: 'A | 5\n\nB | 6',
  embedText: '型号: A | 流量: 5',
}
const document: ChunkedFile['document'] = {
  title: '手册',
  mediaType: 'application/pdf',
  pageCount: 2,
  ocrCount: 0,
  members: [],
  losses: [],
  warnings: [],
}

describe('chunkLines', () => {
  test('shows place, kind, size, headings and text', () => {
    expect(chunkLines(chunk, paint)).toEqual([
      '#3 p. 12 · table · 41 tokens · characters 100–140',
      '   维护 › 轴承',
      '   A | 5',
      '',
      '   B | 6',
      '',
    ])
  })

  test('spells out what a terminal would obey', () => {
    const lines = chunkLines({ ...chunk, headingPath: ['\u001b[2J'], text: 'a\tb\u001b]0;x\u0007' }, paint)
    expect(lines.slice(1, 3)).toEqual(['   \\x1B[2J', '   a\tb\\x1B]0;x\\x07'])
  })

  test('leaves out the page where there is none, and headings where there are none', () => {
    expect(chunkLines({ ...chunk, page: null, headingPath: [], text: 'A' }, paint)).toEqual([
      '#3 table · 41 tokens · characters 100–140',
      '   A',
      '',
    ])
  })
})

describe('chunkedFileLines', () => {
  test('counts what came of the file', () => {
    const chunks = [chunk, { ...chunk, tokenCount: 400 }]
    expect(chunkedFileLines({ document, chunks }, paint)).toEqual([
      '手册 (application/pdf)',
      '2 pages, 2 chunks, 441 tokens, 400 in the longest',
    ])
  })

  test('says what lies inside, what was lost and what is to be known', () => {
    const pages = Array.from({ length: 14 }, (_, index) => index + 1)
    const full = {
      ...document,
      pageCount: null,
      ocrCount: 1,
      members: ['a/b.txt'],
      losses: [
        { kind: 'image' as const, count: 14, pages, reason: 'no text' },
        { kind: 'text' as const, count: 1, pages: [4], reason: 'garbled' },
        { kind: 'formula' as const, count: 1, pages: [], reason: 'pictures' },
      ],
      warnings: ['the encoding was guessed'],
    }
    expect(chunkedFileLines({ document: full, chunks: [] }, paint)).toEqual([
      '手册 (application/pdf)',
      '1 picture recognised, 0 chunks',
      'inside, a document of its own: a/b.txt',
      'not read: 14 pictures (p. 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …): no text',
      'not read: 1 piece of text (p. 4): garbled',
      'not read: 1 formula: pictures',
      'warning: the encoding was guessed',
    ])
  })
})
