import type { DocumentRevision, DocumentSelection, StaleRevisions, WordConditions } from '../core/chunk-store.js'
import { groupBy } from '../core/group-by.js'
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

/** Chunks of the given revisions. */
export function revisionsCondition(revisions: readonly DocumentRevision[]): string {
  return anyDocument(revisions, ({ revision }) => `revision = ${Math.trunc(revision)}`)
}

/** Chunks of revisions that nobody is shown. */
export function staleCondition(stale: readonly StaleRevisions[]): string {
  return anyDocument(
    stale,
    ({ current, latest }) => `revision <= ${Math.trunc(latest)} AND revision <> ${Math.trunc(current)}`,
  )
}

/** Documents of which the same is asked are named together: there may be hundreds. */
function anyDocument<Asked extends { documentId: string }>(
  asked: readonly Asked[],
  conditionOf: (asked: Asked) => string,
): string {
  const conditions = [...groupBy(asked, conditionOf)].map(([condition, of]) => {
    const documentIds = new Set(of.map(({ documentId }) => documentId))
    return `(${documentsCondition([...documentIds])} AND ${condition})`
  })
  return conditions.length === 0 ? 'false' : conditions.join(' OR ')
}

/** Chunks of a revision whose position is within the range, both ends included. */
export function rangeCondition(document: DocumentRevision, { first, last }: { first: number; last: number }): string {
  return `${revisionsCondition([document])} AND \`index\` BETWEEN ${Math.trunc(first)} AND ${Math.trunc(last)}`
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
