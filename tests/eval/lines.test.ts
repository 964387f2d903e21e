import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { existingPath, readLines } from '../../src/eval/lines.js'
import { collect } from '../support/collect.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function written(name: string, content: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

describe('readLines', () => {
  test('keeps characters whole that lie across the pieces of a large file', async () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => `${index} 砚台与墨 ${'水'.repeat(index % 17)}`)
    const lines = await collect(readLines(await written('a.txt.gz', gzipSync(texts.join('\n')))))
    expect(lines.map(({ text }) => text)).toEqual(texts)
    expect(lines.at(-1)?.number).toBe(20_000)
  })

  test('counts lines that are empty without giving them', async () => {
    expect(await collect(readLines(await written('a.txt', 'a\n\n \nb\n')))).toEqual([
      { text: 'a', number: 1 },
      { text: 'b', number: 4 },
    ])
  })

  test('says that a file is not in UTF-8, or not gzipped', async () => {
    await expect(collect(readLines(await written('a.txt', Buffer.from([0xff, 0xfe]))))).rejects.toMatchObject({
      code: 'file_corrupt',
    })
    await expect(collect(readLines(await written('a.gz', 'plain')))).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})

describe('existingPath', () => {
  test('finds the plain file or the gzipped one', async () => {
    const path = await written('a.txt.gz', '')
    expect(await existingPath([join(path, '..', 'b.txt'), path.replace(/\.gz$/, '')])).toBe(path)
  })
})
