import type { DocumentSelection, WordConditions } from '../core/chunk-store.js'
import type { Chunk } from '../core/types.js'
import { wordPattern } from './word-pattern.js'

/**
 * The SQL condition that keeps a search to the documents it may look at; null when it may look at all. This file is
 * the only place where text becomes part of LanceDB's SQL.
 */
export function selectionCondition(documents: DocumentSelection | null | undefined): string | null {
  if (!documents) return null
  const listed = documentsCondition(documents.documentIds)
  if (documents.mode === 'only') return listed
  return documents.documentIds.length === 0 ? null : `NOT (${listed})`
}

export function documentsCondition(documentIds: readonly string[]): string {
  if (documentIds.length === 0) return 'false'
  return `documentId IN (${documentIds.map(quote).join(', ')})`
}

/** Chunks that belong to the same revision of a document as one of the given. */
export function revisionsCondition(chunks: readonly Pick<Chunk, 'documentId' | 'revision'>[]): string {
  const documents = new Map<number, Set<string>>()
  for (const { documentId, revision } of chunks) {
    documents.set(revision, (documents.get(revision) ?? new Set()).add(documentId))
  }
  return [...documents]
    .map(([revision, ids]) => `(${documentsCondition([...ids])} AND revision = ${Math.trunc(revision)})`)
    .join(' OR ')
}

/** Chunks of one document whose position is within the range, both ends included. */
export function rangeCondition(documentId: string, { first, last }: { first: number; last: number }): string {
  return `${documentsCondition([documentId])} AND \`index\` BETWEEN ${Math.trunc(first)} AND ${Math.trunc(last)}`
}

const separator = 'chr(31)'
const headings = `documentTitle, array_to_string(headingPath, ${separator})`
/** As much as the full-text index knows of a chunk, its parts kept apart; never null, though a table header may be. */
const heading = `concat_ws(${separator}, ${headings})`
const passage = `concat_ws(${separator}, ${headings}, tableHeader, text)`

/** Chunks that hold what they must and nothing that they must not; null when every chunk does. */
export function wordsCondition(words: WordConditions | undefined): string | null {
  if (!words) return null
  const holds = (where: string, text: string) => `regexp_like(${where}, ${quote(wordPattern(text))}, 'i')`
  return allOf([
    ...words.titles.map((text) => holds(heading, text)),
    ...words.phrases.map((text) => holds(passage, text)),
    ...words.excluded.map((text) => `NOT ${holds(passage, text)}`),
  ])
}

/** Null stands for a condition that always holds. */
export function allOf(conditions: readonly (string | null)[]): string | null {
  const given = conditions.filter((condition) => condition !== null)
  return given.length < 2 ? (given[0] ?? null) : given.map((condition) => `(${condition})`).join(' AND ')
}

/** A string literal. LanceDB has no bind parameters; in its SQL the quote is the only character that needs care. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
