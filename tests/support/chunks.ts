import type { Chunk } from '../../src/core/types.js'

/** A chunk with everything filled in; what matters to a test is given. */
export function makeChunk(given: Partial<Chunk> & { text: string }): Chunk {
  return {
    id: `chk_${given.text}`,
    knowledgeBaseId: 'kb_1',
    documentId: 'doc_1',
    revision: 1,
    documentTitle: 'Manual',
    index: 0,
    span: { start: 0, end: given.text.length },
    page: 1,
    headingPath: [],
    kind: 'paragraph',
    tableHeader: null,
    tokenCount: given.text.length,
    ...given,
  }
}
