import type { Embedder } from '../core/ports.js'
import type { Passage } from '../eval/beir.js'
import type { CutPiece } from '../eval/index-corpus.js'
import { chunkDocument } from '../ingest/chunk/chunk.js'
import { contextLine } from '../ingest/chunk/context-line.js'
import { documentText } from '../ingest/chunk/document-text.js'

/**
 * Cuts passages of a retrieval set. One that the embedding model reads whole, with its title before it as in an ingest,
 * stays whole, so that a judged passage is one chunk; a longer one is cut as the ingest cuts a document.
 */
export async function cutPassages(
  passages: readonly Passage[],
  {
    embedder,
    chunkTokens,
    chunkOverlapTokens,
    signal,
  }: {
    embedder: Pick<Embedder, 'countTokens' | 'maxTokens'>
    chunkTokens: number
    chunkOverlapTokens: number
    signal: AbortSignal
  },
): Promise<CutPiece[][]> {
  const embedTexts = passages.map(({ title, text }) => {
    const context = contextLine({ title, headingPath: [] })
    return context === '' || text === title ? text : `${context}\n${text}`
  })
  const counts = await embedder.countTokens(embedTexts)
  const cut: CutPiece[][] = []
  for (const [index, { title, text }] of passages.entries()) {
    const [embedText = '', tokenCount = 0] = [embedTexts[index], counts[index]]
    if (tokenCount <= embedder.maxTokens) {
      cut.push([{ start: 0, end: text.length, tokenCount, embedText }])
      continue
    }
    const document = await documentText([{ kind: 'paragraph', text, page: null, headingPath: [] }], { signal })
    const chunks = await chunkDocument(document, {
      title,
      countTokens: (texts) => embedder.countTokens(texts),
      maxTokens: chunkTokens,
      overlapTokens: chunkOverlapTokens,
      limitTokens: embedder.maxTokens,
      signal,
    })
    cut.push(
      chunks.map(({ draft: { span }, embedText: embedded, tokenCount: count }) => ({
        start: span.start,
        end: span.end,
        tokenCount: count,
        embedText: embedded,
      })),
    )
  }
  return cut
}
