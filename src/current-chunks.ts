import type { Catalogue } from './core/catalogue.js'
import type { ChunkStores } from './core/chunk-store.js'
import type { Chunk } from './core/types.js'

interface CurrentChunksParts {
  catalogue: Pick<Catalogue, 'getDocument'>
  stores: Pick<ChunkStores, 'open'>
}

/**
 * All chunks of a document's current revision, in order. When it has been replaced while they were listed, what was to be
 * listed may be gone: then those of the new revision are.
 * @throws InkstoneError `document_not_found`
 */
export async function currentChunks(documentId: string, { catalogue, stores }: CurrentChunksParts): Promise<Chunk[]> {
  for (;;) {
    const { knowledgeBaseId, revision } = await catalogue.getDocument(documentId)
    const chunks = await (await stores.open(knowledgeBaseId)).listChunks({ documentId, revision })
    if ((await catalogue.getDocument(documentId)).revision === revision) return chunks
  }
}
