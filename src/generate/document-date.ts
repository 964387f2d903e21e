import type { Catalogue } from '../core/catalogue.js'
import type { Document, WideHit } from '../core/types.js'

/** Names under which documents tell their date: what holds now goes before what was once. */
const dateNames = [
  ...['revised', 'revisiondate', '修订日期', 'updated', 'modified', '更新日期'],
  ...['effective', 'effectivedate', '生效日期', '实施日期'],
  ...['published', 'publishedat', 'publishdate', '发布日期', 'issued', 'issuedate', '签发日期', 'date', '日期'],
]

/**
 * The date of a document as it says itself in its metadata, as exactly as it is given there (`2025-03-01`, `2025-03`,
 * `2025`); else the day on which it last changed here.
 */
export function documentDate({ metadata, updatedAt }: Pick<Document, 'metadata' | 'updatedAt'>): string {
  const given = new Map(
    Object.entries(metadata).map(([name, value]) => [name.toLowerCase().replace(/[\s_-]/g, ''), value]),
  )
  for (const name of dateNames) {
    const date = dateIn(String(given.get(name) ?? ''))
    if (date !== null) return date
  }
  return updatedAt.slice(0, 10)
}

function dateIn(text: string): string | null {
  const [, year, month, day] =
    /^\s*(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?)?(?!\d)/.exec(text) ?? []
  if (year === undefined) return null
  return [year, ...[month, day].filter((part) => part !== undefined).map((part) => part.padStart(2, '0'))].join('-')
}

/** Passages with the dates of their documents; one whose document is gone has none. */
export async function withDates(
  passages: readonly WideHit[],
  catalogue: Pick<Catalogue, 'getDocuments'>,
): Promise<WideHit[]> {
  const documents = await catalogue.getDocuments([...new Set(passages.map(({ chunk }) => chunk.documentId))])
  return passages.map((passage) => {
    const document = documents.get(passage.chunk.documentId)
    return document === undefined ? passage : { ...passage, date: documentDate(document) }
  })
}
