import { describe, expect, test } from 'vitest'
import type { Block } from '../../../src/core/types.js'
import { chunkDocument } from '../../../src/ingest/chunk/chunk.js'
import { documentText } from '../../../src/ingest/chunk/document-text.js'

describe('draftOf', () => {
  test('keeps a bounded part of a very wide header row with each chunk', async () => {
    const row = (cell: string) => Array.from({ length: 2_000 }, (_, at) => `${cell}${at}`).join(' | ')
    const block: Block = { kind: 'table', text: [row('c'), row('v'), row('w')].join('\n'), page: null, headingPath: [] }
    const chunks = await chunkDocument(await documentText([block]), {
      title: 'wide',
      countTokens: async (texts) => texts.map((text) => 2 + Math.ceil(text.length / 4)),
    })
    const headers = chunks.map(({ draft }) => draft.tableHeader ?? '')
    expect(Math.max(...headers.map((header) => header.length))).toBe(1_000)
    expect(headers.at(-1)).toMatch(/^c0 \| c1 \| /)
  })
})
