import type { Document, SearchFilter } from '../../src/core/types.js'

/** A document with every path under which it was handed in. */
export type DescribedDocument = Pick<
  Document,
  'id' | 'title' | 'mediaType' | 'createdAt' | 'updatedAt' | 'metadata'
> & {
  paths: readonly string[]
}

/** What docs/filters.md says, as plainly as it can be written: nothing is indexed and nothing is turned into SQL. */
export function passes(document: DescribedDocument, filter: SearchFilter): boolean

/** A random filter, up to `depth` levels deep, about the facts of these documents and some that none has. */
export function randomFilter(
  random: () => number,
  options: { documents: readonly DescribedDocument[]; depth: number },
): SearchFilter
