import { describe, expect, test } from 'vitest'
import { currentChunks } from '../src/current-chunks.js'
import { makeChunk } from './support/chunks.js'
import { fixedStore } from './support/fixed-store.js'
import { emptyDocument } from './support/records.js'

/** A document whose revision the catalogue names anew each time; the store holds only that of `stored`. */
function parts(named: number[], { stored }: { stored: number }) {
  const listed: number[] = []
  const catalogue = { getDocument: async () => ({ ...emptyDocument, revision: named.shift() ?? 0 }) }
  const open = async () => ({
    ...fixedStore({}),
    listChunks: async ({ revision }: { revision: number }) => {
      listed.push(revision)
      return revision === stored ? [makeChunk({ text: `revision ${revision}`, revision })] : []
    },
  })
  return { catalogue, stores: { open }, listed }
}

describe('currentChunks', () => {
  test('lists the chunks of the revision that the catalogue names', async () => {
    const { listed, ...given } = parts([3, 3], { stored: 3 })
    expect((await currentChunks('doc_1', given)).map(({ text }) => text)).toEqual(['revision 3'])
    expect(listed).toEqual([3])
  })

  test('lists those of the new one when the document was replaced meanwhile', async () => {
    const { listed, ...given } = parts([1, 2, 2, 3, 3, 3], { stored: 3 })
    expect((await currentChunks('doc_1', given)).map(({ text }) => text)).toEqual(['revision 3'])
    expect(listed).toEqual([1, 2, 3])
  })
})
