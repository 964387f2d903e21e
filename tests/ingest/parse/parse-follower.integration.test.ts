import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ParseFollower } from '../../../src/core/ports.js'
import type { EarlyBlocks } from '../../../src/core/types.js'
import { sandboxedParser } from '../../../src/ingest/parse/parse.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { makeBook } from '../fixtures/book.js'

function openParser() {
  const limits = { timeoutMs: 60_000, cpuMs: 60_000, memoryBytes: 1024 * 1024 * 1024 }
  const parser = sandboxedParser({ ...limits, processes: 1, soffice: null })
  onTestFinished(parser.close)
  return parser
}

async function book(): Promise<string> {
  const path = join(await temporaryFolder(), 'book')
  await writeFile(path, await makeBook(70))
  return path
}

const file = { fileName: 'book.pdf', scratchDir: '/no/scratch/needed' }

describe('sandboxedParser', () => {
  test('tells of a long file while it is read, and gives the same in the end', async () => {
    const parser = openParser()
    const path = await book()
    const early: EarlyBlocks[] = []
    const follower: ParseFollower = { onPages() {}, onEarly: (blocks) => void early.push(blocks) }
    const followed = await parser.parse(path, { ...file, follower })
    expect(followed).toEqual(await parser.parse(path, file))
    const told = early.flatMap(({ blocks }) => blocks)
    expect(told).toEqual(followed.blocks.filter(({ page }) => page !== null && page <= 60))
  })

  test('reports a file that is given up half way as any other, and goes on', async () => {
    const parser = openParser()
    const path = await book()
    const stop = new AbortController()
    const follower: ParseFollower = { onPages() {}, onEarly: () => stop.abort() }
    await expect(parser.parse(path, { ...file, follower, signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect((await parser.parse(path, file)).pageCount).toBe(70)
  })

  test('ends the process when whoever follows fails', async () => {
    const parser = openParser()
    const path = await book()
    const follower: ParseFollower = {
      onPages() {},
      onEarly: () => {
        throw new Error('no')
      },
    }
    await expect(parser.parse(path, { ...file, follower })).rejects.toThrow('no')
    expect((await parser.parse(path, file)).pageCount).toBe(70)
  })
})
