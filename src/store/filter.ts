import type { DocumentSelection } from '../core/ports.js'
import type { Chunk } from '../core/types.js'

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

/** A string literal. LanceDB has no bind parameters; in its SQL the quote is the only character that needs care. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
