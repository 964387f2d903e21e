import { Field, FixedSizeList, Float32, Int32, List, Schema, Utf8 } from 'apache-arrow'
import { z } from 'zod'
import type { MatchedChunk, ScoredChunk } from '../core/chunk-store.js'
import { indexTerms } from '../core/terms.js'
import type { Chunk } from '../core/types.js'

/** The columns that make up a chunk: everything but `search` and `vector`, which no reader needs. */
export const chunkColumns = [
  'id',
  'knowledgeBaseId',
  'documentId',
  'revision',
  'documentTitle',
  'index',
  'text',
  'spanStart',
  'spanEnd',
  'page',
  'headingPath',
  'kind',
  'tableHeader',
  'tokenCount',
]

export function chunkSchema(dimensions: number): Schema {
  const text = (name: string) => new Field(name, new Utf8(), false)
  const integer = (name: string, nullable = false) => new Field(name, new Int32(), nullable)
  return new Schema([
    text('id'),
    text('knowledgeBaseId'),
    text('documentId'),
    integer('revision'),
    text('documentTitle'),
    integer('index'),
    text('text'),
    integer('spanStart'),
    integer('spanEnd'),
    integer('page', true),
    new Field('headingPath', new List(new Field('item', new Utf8(), true)), false),
    text('kind'),
    new Field('tableHeader', new Utf8(), true),
    integer('tokenCount'),
    text('search'),
    new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
  ])
}

/** Every column of a chunk's row but its vector. */
export function toRow(chunk: Chunk): Record<string, unknown> {
  const { span, ...columns } = chunk
  const headings = [chunk.documentTitle, ...chunk.headingPath]
  // Twice: a word counts for more where it says what the text is about.
  const searched = [...headings, ...headings, chunk.tableHeader ?? '', chunk.text].join('\n')
  return { ...columns, spanStart: span.start, spanEnd: span.end, search: indexTerms(searched).join(' ') }
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value

const chunkRow: z.ZodType<Chunk> = z
  .object({
    id: z.string(),
    knowledgeBaseId: z.string(),
    documentId: z.string(),
    revision: z.number(),
    documentTitle: z.string(),
    index: z.number(),
    text: z.string(),
    spanStart: z.number(),
    spanEnd: z.number(),
    page: z.number().nullable(),
    headingPath: z
      .custom<Iterable<unknown>>(isIterable)
      .transform((items) => [...items])
      .pipe(z.array(z.string())),
    kind: z.enum(['heading', 'paragraph', 'table', 'list', 'code', 'caption', 'footnote', 'ocr']),
    tableHeader: z.string().nullable(),
    tokenCount: z.number(),
  })
  .transform(({ spanStart, spanEnd, ...chunk }) => ({ ...chunk, span: { start: spanStart, end: spanEnd } }))

export function toChunk(row: unknown): Chunk {
  return chunkRow.parse(row)
}

const distanceRow = z.object({ _distance: z.number() })
/** LanceDB brings its own copy of Arrow, so that its vectors are of no class of ours. */
const arrowVector = z.custom<{ toArray(): Float32Array }>(
  (value) => typeof value === 'object' && value !== null && 'toArray' in value,
)
const matchRow = z.object({ _score: z.number(), vector: arrowVector })

/** LanceDB gives the cosine distance, 0 to 2. */
export function toNearChunk(row: unknown): ScoredChunk {
  return { chunk: toChunk(row), score: 1 - distanceRow.parse(row)._distance }
}

export function toMatchedChunk(row: unknown): MatchedChunk {
  const { _score: score, vector } = matchRow.parse(row)
  return { chunk: toChunk(row), score, embedding: vector.toArray() }
}

/** Best first; the order of equals does not depend on how the table is laid out. */
export function byScore(a: ScoredChunk, b: ScoredChunk): number {
  return b.score - a.score || a.chunk.documentId.localeCompare(b.chunk.documentId) || a.chunk.index - b.chunk.index
}
