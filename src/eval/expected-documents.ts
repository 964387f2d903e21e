import type { SourceEntry } from '../core/catalogue.js'
import { InkstoneError } from '../core/errors.js'
import type { JudgedQuestion } from '../core/tuning.js'

/** The file name that each document of a knowledge base goes by in a golden set. */
export function fileNamesById(sources: readonly Pick<SourceEntry, 'documentId' | 'sourceUri'>[]): Map<string, string> {
  return new Map(sources.map(({ documentId, sourceUri }) => [documentId, sourceUri.replace(/^.*[\\/]/, '')]))
}

/** @throws InkstoneError `not_found` when a document that a question expects is not in the knowledge base */
export function requireExpected(
  questions: readonly Pick<JudgedQuestion, 'expected'>[],
  { fileNames, knowledgeBase }: { fileNames: ReadonlyMap<string, string>; knowledgeBase: string },
): void {
  const stored = new Set(fileNames.values())
  const missing = questions.flatMap(({ expected }) => expected).filter(({ document }) => !stored.has(document))
  if (missing.length === 0) return
  const names = [...new Set(missing.map(({ document }) => document))].join(', ')
  throw new InkstoneError('not_found', `the knowledge base ${knowledgeBase} does not hold ${names}`, {
    remedy: `ingest the documents of the golden set first: inkstone ingest <folder> --kb ${knowledgeBase}`,
  })
}
