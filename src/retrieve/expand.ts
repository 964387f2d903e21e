import type { Catalogue } from '../core/catalogue.js'
import type { ChunkStore } from '../core/chunk-store.js'
import type { Chunk, Hit, PageText, Span, WideHit } from '../core/types.js'

/** A passage is widened up to this: a long one hardly, a short one to some paragraphs. */
const mostTokens = 600
/** Share of the room that widened passages may take; the rest is for instructions, question and a coarser count. */
const shareOfRoom = 0.8
/** Neighbours looked at on either side. */
const reach = 4

/**
 * Widens hits by the text around them, for a reader: their neighbours in the same section and its sisters, on the same
 * page. Hits that come to stand side by side become one, at the place of the better one.
 * @param hits best first
 * @param options.roomTokens for all of them together
 */
export async function expand(
  hits: readonly Hit[],
  {
    stores,
    catalogue,
    roomTokens,
  }: { stores: readonly ChunkStore[]; catalogue: Pick<Catalogue, 'getPage'>; roomTokens: number },
): Promise<WideHit[]> {
  const maxTokens = Math.min(mostTokens, (roomTokens * shareOfRoom) / Math.max(1, hits.length))
  const surroundings = await Promise.all(hits.map(({ chunk }) => surroundingsOf(chunk, { stores, catalogue })))
  return widen(hits, surroundings, { maxTokens })
}

/** What is needed to widen a hit. */
export interface Surroundings {
  /** Chunks of its document near it, itself among them or not. */
  chunks: readonly Chunk[]
  /** The page that it stands on; null when it is not there any more. */
  page: PageText | null
}

async function surroundingsOf(
  { documentId, revision, index, page }: Chunk,
  { stores, catalogue }: { stores: readonly ChunkStore[]; catalogue: Pick<Catalogue, 'getPage'> },
): Promise<Surroundings> {
  const range = { first: Math.max(0, index - reach), last: index + reach }
  const [found, text] = await Promise.all([
    Promise.all(stores.map((store) => store.listChunks({ documentId, revision }, range))),
    // The document may have been deleted since it was found.
    catalogue.getPage(documentId, page ?? 1).catch(() => null),
  ])
  return { chunks: found.flat(), page: text }
}

/**
 * @param surroundings one for each hit
 * @param options.maxTokens of a widened passage, unless hits that stand side by side are longer together
 * @returns passages in the order of their best hits. `chunk.text` is the document's text at `chunk.span`, always.
 */
export function widen(
  hits: readonly Hit[],
  surroundings: readonly Surroundings[],
  { maxTokens }: { maxTokens: number },
): WideHit[] {
  let passages: (WideHit & { page: PageText | null })[] = []
  for (const [at, hit] of hits.entries()) {
    const grown = { ...hit, ...growOnPage(hit.chunk, surroundings[at], maxTokens) }
    const touching = passages.filter(({ page, parts }) => page && grown.page && standSideBySide(parts, grown.parts))
    const [best] = touching
    if (best === undefined) passages.push(grown)
    else {
      const merged = { ...best, parts: union([...touching, grown].flatMap(({ parts }) => parts)) }
      passages = passages.filter((each) => each === best || !touching.includes(each))
      passages[passages.indexOf(best)] = merged
    }
  }
  return passages.map(({ page, ...passage }) => ({ ...passage, chunk: joined(passage, page) }))
}

/** A chunk whose text is no longer on the page is of another revision: it stays as it is, and has no page. */
function growOnPage(chunk: Chunk, { chunks, page }: Surroundings = { chunks: [], page: null }, maxTokens: number) {
  const standsOn = (other: Chunk) => page !== null && textAt(page, other.span) === other.text
  if (!standsOn(chunk)) return { page: null, parts: [chunk] }
  return { page, parts: grow(chunk, chunks.filter(standsOn), maxTokens) }
}

function textAt(page: PageText, { start, end }: Span): string {
  return page.text.slice(start - page.span.start, end - page.span.start)
}

/** The run of chunks around one, as long as section and room last. What follows goes first: answers follow their topic. */
function grow(chunk: Chunk, neighbours: readonly Chunk[], maxTokens: number): Chunk[] {
  const byIndex = new Map(neighbours.filter((other) => isAround(other, chunk)).map((other) => [other.index, other]))
  let room = maxTokens - chunk.tokenCount
  let parts = [chunk]
  for (let distance = 1; distance <= reach; distance += 1) {
    for (const side of [1, -1]) {
      const end = side === 1 ? parts.at(-1) : parts[0]
      const next = byIndex.get(chunk.index + side * distance)
      const isNext = end !== undefined && next !== undefined && next.index === end.index + side
      if (!isNext || next.tokenCount > room) continue
      room -= next.tokenCount
      parts = side === 1 ? [...parts, next] : [next, ...parts]
    }
  }
  return parts
}

/** Whether another chunk of the page is below the heading above the hit's own: in its section, or in a sister of it. */
function isAround(other: Chunk, { headingPath, ...chunk }: Chunk): boolean {
  const parent = headingPath.slice(0, Math.max(1, headingPath.length - 1))
  if (headingPath.length === 0 && other.headingPath.length > 0) return false
  return isSamePage(other, chunk) && parent.every((heading, depth) => heading === other.headingPath[depth])
}

type Standing = Pick<Chunk, 'documentId' | 'revision' | 'page'>

function isSamePage(a: Standing, b: Standing): boolean {
  return a.documentId === b.documentId && a.revision === b.revision && a.page === b.page
}

function standSideBySide(a: readonly Chunk[], b: readonly Chunk[]): boolean {
  const [firstA, lastA, firstB, lastB] = [a[0], a.at(-1), b[0], b.at(-1)]
  if (!firstA || !lastA || !firstB || !lastB || !isSamePage(firstA, firstB)) return false
  return firstA.index <= lastB.index + 1 && firstB.index <= lastA.index + 1
}

function union(parts: readonly Chunk[]): Chunk[] {
  return [...new Map(parts.map((part) => [part.index, part])).values()].sort((a, b) => a.index - b.index)
}

/** One chunk of several; what stands between them, white space, is the page's. */
function joined({ chunk, parts }: Pick<WideHit, 'chunk' | 'parts'>, page: PageText | null): Chunk {
  const [first, last] = [parts[0] ?? chunk, parts.at(-1) ?? chunk]
  if (page === null || first === last) return chunk
  const span = { start: first.span.start, end: last.span.end }
  const text = textAt(page, span)
  const tokenCount = parts.reduce((sum, part) => sum + part.tokenCount, 0)
  return { ...chunk, text, span, tableHeader: first.tableHeader, tokenCount }
}
