import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Embedder } from '../../src/core/ports.js'
import { indexCorpus } from '../../src/eval/index-corpus.js'
import { openPassageCache } from '../../src/eval/passage-cache.js'
import { lanceStores } from '../../src/store/lance.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { wordEmbedder } from '../support/word-embedder.js'
import { cutSentences, passagesIn, tinyPassages } from './tiny-set.js'

async function parts(folder: string, given: { embedder?: Embedder; signal?: AbortSignal } = {}) {
  const { embedder = wordEmbedder(), signal = new AbortController().signal } = given
  const { dimensions, fingerprint } = embedder
  const stores = await lanceStores({ dir: join(await temporaryFolder(), 'lance'), fingerprint, dimensions })
  const cache = await openPassageCache(folder, { fingerprint, dimensions })
  onTestFinished(async () => {
    await stores.close()
    await cache.close()
  })
  const progress: string[] = []
  const onProgress = ({ stage, passages }: { stage: string; passages: number }) =>
    void progress.push(`${stage} ${passages}`)
  return { store: await stores.open('eval'), embedder, cache, cut: cutSentences, signal, onProgress, progress }
}

describe('indexCorpus', () => {
  test('makes a document of each passage, with its pieces as chunks', async () => {
    const all = await parts(await temporaryFolder())
    const made = await indexCorpus(passagesIn(tinyPassages), all)
    expect(made).toMatchObject({ chunks: 4, embedded: 3 })
    const texts = (await all.store.listChunks({ documentId: 'p3', revision: 1 })).map(
      ({ text, documentTitle }) => `${documentTitle}: ${text}`,
    )
    expect(texts).toEqual(['Pump: The bearing grease is changed every 2000 hours.', 'Pump: The seal lasts longer.'])
    const [best] = await all.store.searchLexical('润滑脂', { limit: 1 })
    expect(best?.chunk).toMatchObject({ documentId: 'p1', span: { start: 0, end: 19 } })
    expect(all.progress).toEqual(['ingesting 3', 'indexing 3'])
  })

  test('embeds nothing a second time', async () => {
    const folder = await temporaryFolder()
    await indexCorpus(passagesIn(tinyPassages.slice(0, 2)), await parts(folder))
    const embedded: string[] = []
    const counting = wordEmbedder({
      embed(texts, options) {
        embedded.push(...texts)
        return wordEmbedder().embed(texts, options)
      },
    })
    const again = await parts(folder, { embedder: counting })
    expect(await indexCorpus(passagesIn(tinyPassages), again)).toMatchObject({ chunks: 4, embedded: 1 })
    expect(embedded).toHaveLength(2)
    const [nearest] = await again.store.searchDense(...(await denseQuery('阀门每年检查一次。')))
    expect(nearest?.chunk.documentId).toBe('p2')
    expect(nearest?.score).toBeCloseTo(1, 5)
  })

  test('stops when it is told to, and keeps what was embedded', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ id: `p${index}`, title: '', text: `text ${index}` }))
    const folder = await temporaryFolder()
    const stop = new AbortController()
    const all = await parts(folder, { signal: stop.signal })
    const onProgress = () => stop.abort()
    await expect(indexCorpus(passagesIn(many), { ...all, onProgress })).rejects.toThrow('aborted')
    expect(await indexCorpus(passagesIn(many), await parts(folder))).toMatchObject({ chunks: 200, embedded: 136 })
  })
})

async function denseQuery(text: string) {
  const [vector = new Float32Array()] = await wordEmbedder().embed([text], { task: 'query' })
  return [vector, { limit: 1 }] as const
}
