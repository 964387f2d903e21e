import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { PreparedChunk } from '../../src/ingest/chunk/chunk.js'
import { embedChunks } from '../../src/ingest/embed-chunks.js'

const chunk = (index: number): PreparedChunk => ({
  draft: {
    index,
    text: `text ${index}`,
    span: { start: index, end: index + 1 },
    page: null,
    headingPath: [],
    kind: 'paragraph',
    tableHeader: null,
  },
  embedText: String(index),
  tokenCount: 1,
})

async function* batchesOf(sizes: number[], onCut: (batch: number) => void = () => undefined) {
  let index = 0
  for (const [at, size] of sizes.entries()) {
    onCut(at)
    yield Array.from({ length: size }, () => chunk(index++))
  }
}

/** Takes longer for earlier texts, so that later batches would overtake them. */
const embedder = {
  async embed(texts: readonly string[]) {
    await new Promise((resolve) => setTimeout(resolve, 20 / (1 + Number(texts[0]))))
    return texts.map((text) => Float32Array.of(Number(text)))
  },
}
const { signal } = new AbortController()

describe('embedChunks', () => {
  test('keeps each vector with its chunk, and says how far it is', async () => {
    const ends: number[] = []
    const { chunks, embeddings } = await embedChunks(batchesOf([2, 1, 3]), {
      embedder,
      signal,
      onEmbedded: ({ draft }) => ends.push(draft.span.end),
    })
    expect(chunks.map(({ draft }) => draft.index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(embeddings.map(([value]) => value)).toEqual([0, 1, 2, 3, 4, 5])
    expect(ends).toEqual([2, 3, 6])
  })

  test('cuts the next batch while one is embedded, but does not run ahead', async () => {
    const happened: string[] = []
    await embedChunks(
      batchesOf([1, 1, 1, 1], (batch) => happened.push(`cut ${batch}`)),
      { embedder, signal, onEmbedded: ({ draft }) => happened.push(`embedded ${draft.index}`) },
    )
    expect(happened.slice(0, 4)).toEqual(['cut 0', 'cut 1', 'embedded 0', 'cut 2'])
  })

  test('throws what the embedder throws, and loses no other failure', async () => {
    const failing = { embed: () => Promise.reject(new InkstoneError('embedding_failed', 'no')) }
    const embedding = embedChunks(batchesOf([1, 1, 1]), { embedder: failing, signal, onEmbedded: () => undefined })
    await expect(embedding).rejects.toMatchObject({ code: 'embedding_failed' })
  })
})
