import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { settings } from '../../src/config/settings.js'
import type { Job } from '../../src/core/types.js'
import { openInkstone } from '../../src/inkstone.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { wordEmbedder } from '../support/word-embedder.js'
import { makeBook } from './fixtures/book.js'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

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
})
