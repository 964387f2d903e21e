import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { blobStore } from '../../src/store/blobs.js'
import { sqliteCatalogue } from '../../src/store/catalogue.js'
import { lanceStores } from '../../src/store/lance.js'
import { startChild } from '../support/compiled-child.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Runs a writer on the home and kills it `afterMs` after its third document. Returns what it acknowledged until then. */
async function writeAndKill(home: string, { first, afterMs }: { first: number; afterMs: number }): Promise<string[]> {
  const child = startChild('store-writer.mjs', [home, String(first)])
  const said: string[] = []
  let killed: Promise<void> | undefined
  for await (const line of child.lines) {
    if (line !== 'ready') said.push(line)
    if (said.filter(isDone).length >= 3) killed ??= delay(afterMs).then(() => child.kill())
  }
  await killed
  return said
}

const isDone = (line: string) => line.startsWith('done')

async function readHome(home: string) {
  const catalogue = await sqliteCatalogue({ path: join(home, 'catalogue.sqlite') })
  const blobs = await blobStore({ dir: join(home, 'blobs') })
  const stores = await lanceStores({ dir: join(home, 'lance'), fingerprint: 'model', dimensions: 16 })
  const store = await stores.open('kb_1')
  const close = async () => {
    await stores.close()
    await catalogue.close()
  }
  return { catalogue, blobs, store, close }
}

describe('the store', () => {
  test('loses nothing that it acknowledged when it is killed at any moment', async () => {
    const home = await temporaryFolder()
    const acknowledged: string[] = []
    for (const [round, afterMs] of [0, 7, 20, 45, 90, 200].entries()) {
      acknowledged.push(...(await writeAndKill(home, { first: round * 10_000, afterMs })))
      const { catalogue, blobs, store, close } = await readHome(home)
      for (const line of acknowledged) {
        const [word, id = '', hash = ''] = line.split(' ')
        const document = await catalogue.getDocument(id)
        if (word === 'accepted') await expect(blobs.path(hash)).resolves.toContain(hash.slice(2))
        if (word !== 'done') continue
        expect(document).toMatchObject({ status: 'ready', chunkCount: 3 })
        expect(await store.listChunks({ documentId: id, revision: document.revision }), line).toHaveLength(3)
      }
      const stale = await catalogue.listStaleRevisions()
      await store.dropRevisions(stale)
      await catalogue.staleRevisionsDropped(stale)
      const found = await store.searchLexical('alpha', { limit: 10_000 })
      expect(found).toHaveLength(await store.countChunks())
      const { items } = await catalogue.listDocuments('default', { limit: 10_000 })
      const shown = items.filter(({ revision }) => revision > 0)
      const pending = await catalogue.countPendingJobs([shown[0]?.knowledgeBaseId ?? ''])
      // What a killed attempt has left goes when its job has ended.
      expect(found.length).toBeGreaterThanOrEqual(shown.length * 3)
      expect(found.length).toBeLessThanOrEqual((shown.length + pending) * 3)
      await close()
    }
    expect(acknowledged.filter(isDone).length).toBeGreaterThanOrEqual(18)
  })
})
