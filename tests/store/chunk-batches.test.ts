import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { chunkTable } from '../../src/store/chunk-batches.js'
import { chunkSchema } from '../../src/store/lance-schema.js'
import { makeChunk } from '../support/chunks.js'
import { unitVector } from '../support/unit-vectors.js'

const schema = chunkSchema(4)
const chunksOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    chunk: makeChunk({
      id: `chk_${index}`,
      index,
      text: `第${index}行 IH65-50-160`,
      page: index % 2 === 0 ? index : null,
    }),
    embedding: unitVector(index, 4),
  }))

describe('chunkTable', () => {
  test('turns every chunk into a row, in order, however many there are', async () => {
    for (const count of [0, 1, 31, 32, 33, 200]) {
      const given = chunksOf(count)
      const table = await chunkTable(given, schema)
      expect(table.numRows).toBe(count)
      expect([...(table.getChild('id') ?? [])]).toEqual(given.map(({ chunk }) => chunk.id))
      expect([...(table.getChild('page') ?? [])]).toEqual(given.map(({ chunk }) => chunk.page))
      const vectors = [...(table.getChild('vector') ?? [])].map((vector) => [...vector])
      expect(vectors).toEqual(given.map(({ embedding }) => [...embedding]))
    }
  })

  test('lets other work go on meanwhile', async () => {
    let isDone = false
    let turns = 0
    const work = chunkTable(chunksOf(2_000), schema).finally(() => {
      isDone = true
    })
    while (!isDone) {
      await sleep(1)
      turns += 1
    }
    await work
    expect(turns).toBeGreaterThan(5)
  })
})
