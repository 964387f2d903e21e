import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { settings } from '../../src/config/settings.js'
import { InkstoneError } from '../../src/core/errors.js'
import type { Job } from '../../src/core/job.js'
import type { Embedder, FileParser, ParseOptions } from '../../src/core/ports.js'
import type { ParsedFile } from '../../src/core/types.js'
import type { DocumentWriter, WriteOptions } from '../../src/ingest/document-writer.js'
import { ingestDocument } from '../../src/ingest/pipeline.js'
import { scratchFolders } from '../../src/ingest/scratch.js'
import { openInkstone } from '../../src/inkstone.js'
import { blobStore } from '../../src/store/blobs.js'
import { sqliteCatalogue } from '../../src/store/catalogue.js'
import { fixedStore } from '../support/fixed-store.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { until } from '../support/until.js'
import { wordEmbedder } from '../support/word-embedder.js'
import { makeBook } from './fixtures/book.js'

const unwanted = () => Promise.reject(new Error('nothing is inside'))
const silent = { debug() {}, info() {}, warn() {}, error() {} }

const plainFile: ParsedFile = {
  ...{ title: null, mediaType: 'text/plain', pageCount: null, pictures: [], members: [], losses: [], warnings: [] },
  blocks: [{ kind: 'paragraph', text: 'x', page: 1, headingPath: [] }],
  metadata: {},
}

const parserOf = (read: (options: ParseOptions) => Promise<ParsedFile>): FileParser => ({
  parse: (_, options) => read(options),
  close: async () => undefined,
})

const quietly = () => ({ signal: new AbortController().signal, onProgress() {}, onHandedOver() {} })

/** A job of one file, and what it needs; `handed` is how each document was handed to the writer. */
async function oneJob({ parser, embedder = wordEmbedder() }: { parser: FileParser; embedder?: Embedder }) {
  const folder = await temporaryFolder()
  const catalogue = await sqliteCatalogue({ path: join(folder, 'catalogue.sqlite') })
  onTestFinished(() => catalogue.close())
  const { id: knowledgeBaseId } = await catalogue.createKnowledgeBase({ slug: 'test', name: 'Test' })
  const file = { sourceUri: 'book.pdf', title: 'book', mediaType: 'application/pdf', contentHash: 'a'.repeat(64) }
  const { job } = await catalogue.submit({ knowledgeBaseId, ...file, sizeBytes: 1, metadata: {} })
  if (!job) throw new Error('no job')
  const handed: WriteOptions[] = []
  const write: DocumentWriter['write'] = async (_, options) => void handed.push(options)
  const parts = {
    ...{ parser, embedder, catalogue, recogniser: null, chunkTokens: 400, chunkOverlapTokens: 60 },
    blobs: { ...(await blobStore({ dir: join(folder, 'blobs') })), path: async () => folder },
    chunks: fixedStore({}),
    writer: { write },
    intake: { submit: unwanted, removeSource: unwanted },
    scratch: await scratchFolders(join(folder, 'scratch')),
  }
  return { job, parts, handed }
}

describe('ingestDocument', () => {
  test('embeds each chunk of a long document once, with what was embedded while it was read', async () => {
    const home = await temporaryFolder()
    const words = wordEmbedder()
    const embedded: string[] = []
    const embedder = wordEmbedder({
      embed: async (texts, options) => {
        if (options.task === 'document') embedded.push(...texts)
        return words.embed(texts, options)
      },
    })
    const inkstone = await openInkstone(settings.parse({ home, modelsDir: join(home, 'models') }), {
      log: silent,
      openEmbedder: async () => embedder,
    })
    onTestFinished(() => inkstone.close())
    const bytes = Readable.from([Buffer.from(await makeBook(70))])
    const { job, document } = await inkstone.submit('default', { sourceUri: 'shelf/book.pdf', bytes })
    const seen: Job[] = []
    for await (const change of inkstone.watchJob(job?.id ?? '')) seen.push(change)
    expect(seen.at(-1)).toMatchObject({ status: 'done' })
    expect(await inkstone.getDocument(document.id)).toMatchObject({ pageCount: 70, title: 'Pumps' })
    const chunks = await inkstone.listChunks(document.id)
    expect(new Set(chunks.map(({ page }) => page)).size).toBe(70)
    expect(embedded).toHaveLength(chunks.length)
    expect(new Set(embedded).size).toBe(chunks.length)
    const { hits } = await inkstone.search({ query: 'Text of page 33', topK: 1 })
    expect(hits[0]?.chunk.page).toBe(33)
  })

  test('has a document wait for others unless a person waits for it or a run before broke off', async () => {
    const { job, parts, handed } = await oneJob({ parser: parserOf(async () => plainFile) })
    const runs = [{ attempts: 1 }, { attempts: 2 }, { attempts: 1, priority: 'interactive' as const }]
    for (const run of runs) {
      await ingestDocument({ ...job, priority: 'background', ...run }, parts, quietly())
    }
    expect(handed.map(({ isUrgent }) => isUrgent)).toEqual([false, true, true])
  })

  test('stores nothing of a file whose parser dies half way, and breaks off what was embedded ahead', async () => {
    const signals: AbortSignal[] = []
    const embedder = wordEmbedder({
      embed: (_, { signal }) =>
        new Promise((_, reject) => {
          if (signal !== undefined) signals.push(signal)
          signal?.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    const parser = parserOf(async ({ follower }) => {
      await follower?.onEarly({ title: null, blocks: plainFile.blocks })
      await until(() => signals.length === 1)
      throw new InkstoneError('parse_failed', 'it died')
    })
    const { job, parts, handed } = await oneJob({ parser, embedder })
    await expect(ingestDocument(job, parts, quietly())).rejects.toMatchObject({ code: 'parse_failed' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(handed).toEqual([])
  })
})
