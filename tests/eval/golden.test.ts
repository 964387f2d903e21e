import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readGolden } from '../../src/eval/golden.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkstone-golden-'))
})
afterEach(() => rm(folder, { recursive: true }))

const written = async (text: string) => {
  const path = join(folder, 'golden.jsonl')
  await writeFile(path, text)
  return path
}

describe('readGolden', () => {
  test('reads a question a line and fills in what may be left out', async () => {
    const line = { id: 'q1', kind: 'unanswerable', language: 'zh', question: '天气？', answer: null }
    expect(await readGolden(await written(`${JSON.stringify(line)}\n\n`))).toEqual([
      { ...line, history: [], expected: [], alternatives: [] },
    ])
  })

  test('names every line that is wrong', async () => {
    const path = await written('{"id":"q1"}\nnot json\n')
    await expect(readGolden(path)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/line 1: .*\n.*line 2/s),
    })
  })

  test('names a line whose id was there before', async () => {
    const line = JSON.stringify({ id: 'q1', kind: 'unanswerable', language: 'zh', question: '天气？', answer: null })
    await expect(readGolden(await written(`${line}\n${line}\n`))).rejects.toMatchObject({
      message: expect.stringContaining('line 2: the id q1 was there before'),
    })
  })

  test('refuses an empty file and one that is not there', async () => {
    await expect(readGolden(await written('\n'))).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(readGolden(join(folder, 'none'))).rejects.toMatchObject({ code: 'not_found' })
  })
})
