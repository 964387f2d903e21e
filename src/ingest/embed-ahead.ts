import type { Embedder } from '../core/ports.js'
import type { EarlyBlocks, Embedding } from '../core/types.js'
import { type ChunkOptions, chunkBatches, type PreparedChunk } from './chunk/chunk.js'
import { documentText } from './chunk/document-text.js'

export interface EmbedAhead {
  /** Takes text that is likely to be embedded soon. */
  take(early: EarlyBlocks): void
  /** Begins with no more texts, and gives the vectors of those that are done or under way; others are embedded now. */
  embed: Embedder['embed']
  /** Breaks off what nobody has asked for. */
  close(): void
}

export interface AheadOptions extends Omit<ChunkOptions, 'title' | 'signal'> {
  embedder: Pick<Embedder, 'embed'>
  /** Of a document that does not say what it is called. */
  fallbackTitle: string
  signal: AbortSignal
  /** Vectors that wait to be asked for. */
  mostWaiting?: number
}

interface Under {
  batch: Promise<Embedding[]>
  at: number
}

/** Batches with the embedder at a time. */
const batchesUnderWay = 2
/** Text that waits to be cut; what comes on top is not taken. */
const mostCharacters = 20_000_000

/**
 * Embeds a document's text while the rest of it is read. A text alone decides its vector, so it makes no difference what
 * was embedded ahead: a guess that is wrong costs time and changes nothing.
 */
export function embedAhead({
  embedder,
  fallbackTitle,
  signal,
  mostWaiting = 4_000,
  ...chunking
}: AheadOptions): EmbedAhead {
  const closed = new AbortController()
  const either = AbortSignal.any([signal, closed.signal])
  const known = new Map<string, Under>()
  const queue = newQueue()

  async function* batches(): AsyncGenerator<PreparedChunk[]> {
    for await (const { title, blocks } of queue) {
      const text = await documentText(blocks, { signal: either })
      for await (const batch of chunkBatches(text, {
        ...chunking,
        title: title?.trim() || fallbackTitle,
        signal: either,
      })) {
        if (queue.isClosed || known.size >= mostWaiting) return
        yield batch
      }
    }
  }

  async function run(): Promise<void> {
    const underWay: Promise<Embedding[]>[] = []
    for await (const prepared of batches()) {
      const texts = [...new Set(prepared.map(({ embedText }) => embedText))].filter((text) => !known.has(text))
      if (texts.length === 0) continue
      const batch = embedder.embed(texts, { task: 'document', signal: either })
      // It is heard where it is asked for; if it is not, nobody misses it.
      batch.catch(() => undefined)
      for (const [at, text] of texts.entries()) known.set(text, { batch, at })
      underWay.push(batch)
      if (underWay.length >= batchesUnderWay) await underWay.shift()
    }
  }
  let isBegun = false

  return {
    take(early) {
      queue.add(early)
      if (isBegun) return
      isBegun = true
      void run()
        .catch(() => undefined)
        .finally(() => queue.close())
    },
    async embed(texts, options) {
      queue.close()
      const ahead = texts.map((text) => known.get(text))
      for (const text of texts) known.delete(text)
      const missing = texts.filter((_, index) => ahead[index] === undefined)
      const made = missing.length === 0 ? [] : embedder.embed(missing, options)
      const [fresh, ...given] = await Promise.all([made, ...ahead.map((under) => under?.batch)])
      let next = 0
      return ahead.map((under, index) => {
        const embedding = under === undefined ? fresh[next++] : given[index]?.[under.at]
        if (embedding === undefined) throw new TypeError('the embedder gave fewer vectors than texts')
        return embedding
      })
    },
    close() {
      queue.close()
      closed.abort()
    },
  }
}

interface Queue extends AsyncIterable<EarlyBlocks> {
  readonly isClosed: boolean
  add(early: EarlyBlocks): void
  /** Forgets what waits, and ends whoever reads. */
  close(): void
}

function newQueue(): Queue {
  const waiting: EarlyBlocks[] = []
  const state = { isClosed: false, characters: 0 }
  let wake = () => {}
  return {
    get isClosed() {
      return state.isClosed
    },
    add(early) {
      const characters = early.blocks.reduce((sum, { text }) => sum + text.length, 0)
      if (state.isClosed || state.characters + characters > mostCharacters) return
      state.characters += characters
      waiting.push(early)
      wake()
    },
    close() {
      state.isClosed = true
      waiting.length = 0
      wake()
    },
    async *[Symbol.asyncIterator]() {
      while (!state.isClosed) {
        const early = waiting.shift()
        if (early !== undefined) yield early
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    },
  }
}
