import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChunkStore } from '../../src/core/chunk-store.js'
import type { Chunk, DocumentText, Hit, PageText } from '../../src/core/types.js'
import { chunkDocument } from '../../src/ingest/chunk/chunk.js'
import { documentText } from '../../src/ingest/chunk/document-text.js'
import { expand, type Surroundings, widen } from '../../src/retrieve/expand.js'
import { someBlocks } from '../ingest/fixtures/blocks.js'
import { makeChunk } from '../support/chunks.js'

const hitOf = (chunk: Chunk, rank = 1): Hit => ({
  rank,
  score: 1 / rank,
  signals: { dense: null, lexical: 1, fused: 1 / rank, rerank: null },
  chunk,
})

/** Chunks of ten tokens that stand one after the other on one page, a blank line between them. */
function section(texts: readonly string[], given: Partial<Chunk> = {}) {
  const whole = texts.join('\n\n')
  let start = 0
  const chunks = texts.map((text, index) => {
    const span = { start, end: start + text.length }
    start = span.end + 2
    return makeChunk({ id: `chk_${index}`, text, index, span, tokenCount: 10, headingPath: ['维护'], ...given })
  })
  return { chunks, page: { page: 1, span: { start: 0, end: whole.length }, text: whole } }
}

const { chunks, page } = section(['甲甲', '乙乙', '丙丙', '丁丁', '戊戊'])
const [first, second, third, fourth, fifth] = [chunkAt(0), chunkAt(1), chunkAt(2), chunkAt(3), chunkAt(4)]
function chunkAt(index: number): Chunk {
  const chunk = chunks[index]
  if (chunk === undefined) throw new Error(`there is no chunk ${index}`)
  return chunk
}
const around: Surroundings = { chunks, page }
const texts = (passages: readonly { chunk: Chunk }[]) => passages.map(({ chunk }) => chunk.text)

describe('widen', () => {
  test('takes the neighbours as long as there is room, those that follow first', () => {
    expect(texts(widen([hitOf(third)], [around], { maxTokens: 20 }))).toEqual(['丙丙\n\n丁丁'])
    expect(texts(widen([hitOf(third)], [around], { maxTokens: 30 }))).toEqual(['乙乙\n\n丙丙\n\n丁丁'])
    expect(texts(widen([hitOf(first)], [around], { maxTokens: 25 }))).toEqual(['甲甲\n\n乙乙'])
    expect(texts(widen([hitOf(third)], [around], { maxTokens: 5 }))).toEqual(['丙丙'])
    expect(texts(widen([hitOf(third)], [around], { maxTokens: 999 }))).toEqual([page.text])
  })

  test.each<[string, Partial<Chunk>]>([
    ['section', { headingPath: ['安装'] }],
    ['page', { page: 2 }],
    ['revision', { revision: 2 }],
    ['document', { documentId: 'doc_2' }],
  ])('stops where another %s begins', (_, given) => {
    const other = { ...fourth, ...given }
    const surroundings = { page, chunks: [first, second, third, other, fifth] }
    expect(texts(widen([hitOf(third)], [surroundings], { maxTokens: 999 }))).toEqual(['甲甲\n\n乙乙\n\n丙丙'])
  })

  test('goes on into sister sections, not into another chapter', () => {
    const paths = [['安装', '基础'], ['维护', '密封'], ['维护', '轴承'], ['维护', '轴承', '润滑'], ['停机']]
    const surroundings = { page, chunks: chunks.map((chunk, at) => ({ ...chunk, headingPath: paths[at] ?? [] })) }
    const hit = hitOf({ ...third, headingPath: ['维护', '轴承'] })
    expect(texts(widen([hit], [surroundings], { maxTokens: 999 }))).toEqual(['乙乙\n\n丙丙\n\n丁丁'])
    const untitled = hitOf({ ...third, headingPath: [] })
    expect(texts(widen([untitled], [surroundings], { maxTokens: 999 }))).toEqual(['丙丙'])
  })

  test('makes one passage of hits that come to stand side by side, at the place of the best', () => {
    const far = makeChunk({ text: '别处', documentId: 'doc_9' })
    const hits = [hitOf(fifth, 1), hitOf(far, 2), hitOf(fourth, 3), hitOf(first, 4)]
    const surroundings = [around, { chunks: [], page: null }, around, around]
    const passages = widen(hits, surroundings, { maxTokens: 10 })
    expect(texts(passages)).toEqual(['丁丁\n\n戊戊', '别处', '甲甲'])
    expect(passages[0]).toMatchObject({ rank: 1, parts: [fourth, fifth], chunk: { id: fifth.id } })
  })

  test('joins two passages by a hit between them', () => {
    const passages = widen(
      [1, 3, 2].map((at, rank) => hitOf(chunkAt(at), rank + 1)),
      [around, around, around],
      {
        maxTokens: 10,
      },
    )
    expect(texts(passages)).toEqual(['乙乙\n\n丙丙\n\n丁丁'])
  })

  test('leaves a hit alone whose page has another text by now', () => {
    const changed = { ...page, text: page.text.replace('丙', '新') }
    const stale = { chunks, page: changed }
    expect(
      texts(widen([hitOf(third), hitOf(fourth)], [stale, { chunks: [], page: null }], { maxTokens: 999 })),
    ).toEqual(['丙丙', '丁丁'])
  })

  test('holds that a passage is the text at its span, for the chunks of any document', async () => {
    const countTokens = async (all: readonly string[]) => all.map((text) => text.length + 2)
    await fc.assert(
      fc.asyncProperty(
        someBlocks,
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        fc.nat(600),
        async (...given) => {
          const [blocks, picks, maxTokens] = given
          const document = await documentText(blocks)
          const cut = await chunkDocument(document, { title: '手册', countTokens, limitTokens: 128 })
          const made = cut.map(({ draft, tokenCount }) => makeChunk({ ...draft, id: `chk_${draft.index}`, tokenCount }))
          const picked = [...new Set(picks.map((pick) => made[pick % made.length]))].filter(
            (chunk) => chunk !== undefined,
          )
          const hits = picked.map((chunk, index) => hitOf(chunk, index + 1))
          const surroundings = picked.map(({ page: on }) => ({ chunks: made, page: pageOf(document, on) }))
          const passages = widen(hits, surroundings, { maxTokens })
          for (const { chunk, parts } of passages) {
            expect(document.text.slice(chunk.span.start, chunk.span.end)).toBe(chunk.text)
            for (const part of parts) {
              expect(part.span.start >= chunk.span.start && part.span.end <= chunk.span.end).toBe(true)
              expect(part.page).toBe(chunk.page)
            }
          }
          // Every hit is in exactly one passage, and no part in two.
          const ids = passages.flatMap(({ parts }) => parts.map(({ id }) => id))
          expect(new Set(ids).size).toBe(ids.length)
          expect(ids).toEqual(expect.arrayContaining(picked.map(({ id }) => id)))
        },
      ),
      { numRuns: 100 },
    )
  })
})

function pageOf(document: DocumentText, on: number | null): PageText | null {
  return document.pages.find(({ page: number }) => number === on) ?? null
}

describe('expand', () => {
  const unused = () => Promise.reject(new Error('not part of this'))
  const store = (kept: readonly Chunk[]): ChunkStore => ({
    knowledgeBaseId: 'kb_1',
    async *tune() {},
    listChunks: async ({ documentId, revision }, { first: from, last: to } = { first: 0, last: 999 }) =>
      kept
        .filter((chunk) => chunk.documentId === documentId && chunk.revision === revision)
        .filter(({ index }) => index >= from && index <= to),
    searchDense: unused,
    searchLexical: unused,
    putRevisions: unused,
    dropRevisions: unused,
    deleteDocument: unused,
    countChunks: unused,
    maintain: unused,
    stats: unused,
  })
  const catalogue = { getPage: async () => page }

  test('finds the surroundings in whichever knowledge base holds the document', async () => {
    const stores = [store([]), store(chunks)]
    const passages = await expand([hitOf(third)], { stores, catalogue, roomTokens: 7_000 })
    expect(texts(passages)).toEqual([page.text])
  })

  test('gives each hit its share of the room', async () => {
    const hits = [hitOf(first, 1), hitOf(fifth, 2)]
    const passages = await expand(hits, { stores: [store(chunks)], catalogue, roomTokens: 50 })
    expect(texts(passages)).toEqual(['甲甲\n\n乙乙', '丁丁\n\n戊戊'])
  })

  test('does without, for a document that is gone', async () => {
    const gone = { getPage: () => Promise.reject(new Error('gone')) }
    expect(await expand([hitOf(third)], { stores: [store([])], catalogue: gone, roomTokens: 7_000 })).toEqual([
      { ...hitOf(third), parts: [third] },
    ])
    expect(await expand([], { stores: [], catalogue, roomTokens: 7_000 })).toEqual([])
  })
})
