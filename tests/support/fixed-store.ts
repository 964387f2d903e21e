import type { ChunkStore, ScoredChunk } from '../../src/core/chunk-store.js'

const unused = () => Promise.reject(new Error('not part of a search'))

/** A store that finds the same whatever is asked, by vectors that are near to nothing where only the words find it. */
export function fixedStore({
  dense = [],
  lexical = [],
}: {
  dense?: ScoredChunk[]
  lexical?: ScoredChunk[]
}): ChunkStore {
  return {
    knowledgeBaseId: 'kb_1',
    async *tune() {},
    searchDense: async () => [...dense],
    searchLexical: async () => lexical.map((each) => ({ ...each, embedding: new Float32Array(256) })),
    putRevisions: unused,
    dropRevisions: unused,
    deleteDocument: unused,
    listChunks: unused,
    countChunks: unused,
    maintain: unused,
    stats: unused,
  }
}
