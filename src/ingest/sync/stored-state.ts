import type { SourceEntry } from '../../core/catalogue.js'
import { groupBy } from '../../core/group-by.js'
import type { InkstoneService } from '../../core/service.js'
import type { Document } from '../../core/types.js'

/** What a knowledge base holds at the time when files are compared with it. */
export interface StoredState {
  sources: readonly SourceEntry[]
  sourceOf(sourceUri: string): SourceEntry | undefined
  /** What was found in a document. */
  membersOf(documentId: string): SourceEntry[]
  /** All documents by id, fetched when they are first asked for. */
  documents(): Promise<ReadonlyMap<string, Document>>
}

const documentsAtATime = 500

export function storedState(
  service: InkstoneService,
  knowledgeBase: string,
  sources: readonly SourceEntry[],
): StoredState {
  const bySourceUri = new Map(sources.map((source) => [source.sourceUri, source]))
  const members = groupBy(sources, ({ containerId }) => containerId)
  let fetched: Promise<ReadonlyMap<string, Document>> | null = null
  return {
    sources,
    sourceOf: (sourceUri) => bySourceUri.get(sourceUri),
    membersOf: (documentId) => members.get(documentId) ?? [],
    documents() {
      fetched ??= allDocuments(service, knowledgeBase)
      return fetched
    },
  }
}

async function allDocuments(service: InkstoneService, knowledgeBase: string): Promise<ReadonlyMap<string, Document>> {
  const documents = new Map<string, Document>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<InkstoneService['listDocuments']>> = await service.listDocuments(knowledgeBase, {
      limit: documentsAtATime,
      ...(cursor === null ? {} : { cursor }),
    })
    for (const document of page.items) documents.set(document.id, document)
    cursor = page.nextCursor
  } while (cursor !== null)
  return documents
}
