import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ChunkFileOptions, checkFile, chunkFile } from '../../src/cli/chunk-file.js'
import type { FileParser, ParseOptions, TextRecogniser } from '../../src/core/ports.js'
import type { ParsedFile } from '../../src/core/types.js'
import { block } from '../ingest/fixtures/blocks.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { wordEmbedder } from '../support/word-embedder.js'

const nothing: ParsedFile = {
  title: null,
  mediaType: 'text/plain',
  pageCount: null,
  blocks: [],
  pictures: [],
  members: [],
  losses: [],
  warnings: [],
  metadata: {},
}

function reading(file: Partial<ParsedFile>, options: Partial<ChunkFileOptions> = {}) {
  const calls: (ParseOptions & { path: string })[] = []
  const parser: FileParser = {
    async parse(path, given) {
      calls.push({ path, ...given })
      await writeFile(join(given.scratchDir, 'picture'), 'pixels')
      return { ...nothing, ...file }
    },
    close: async () => undefined,
  }
  const given = {
    parser,
    recogniser: null,
    embedder: wordEmbedder(),
    chunkTokens: 60,
    chunkOverlapTokens: 0,
    ...options,
  }
  return { calls, chunk: (path: string) => chunkFile(path, given) }
}

async function someFile(name = 'notes.txt'): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, 'x')
  return path
}

describe('chunkFile', () => {
  test('tells what the file is and cuts it as it is told', async () => {
    const sentences = Array.from({ length: 10 }, (_, index) => `第${index}条，阀门必须每月检查一次。`)
    const { chunk } = reading({
      title: ' 阀门规程 ',
      warnings: ['a warning'],
      members: [{ name: 'a/b.txt', path: '/scratch/1' }],
      blocks: sentences.map((text) => block(text, { headingPath: ['检查'] })),
    })
    const { document, chunks } = await chunk(await someFile())
    expect(document).toEqual({
      title: '阀门规程',
      mediaType: 'text/plain',
      pageCount: null,
      ocrCount: 0,
      members: ['a/b.txt'],
      losses: [],
      warnings: ['a warning'],
    })
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks.map(({ text }) => text).join('\n\n')).toBe(sentences.join('\n\n'))
    expect(chunks[1]).toMatchObject({
      index: 1,
      page: null,
      headingPath: ['检查'],
      kind: 'paragraph',
      tableHeader: null,
    })
    expect(chunks[1]?.embedText.startsWith('阀门规程 > 检查\n第')).toBe(true)
  })

  test('is named by its file when it has no title, and hands passwords to the parser', async () => {
    const { chunk, calls } = reading({ blocks: [block('文。')] }, { passwords: ['a,b'] })
    const path = await someFile('泵.pdf')
    expect((await chunk(path)).document.title).toBe('泵.pdf')
    expect(calls[0]).toMatchObject({ path, fileName: '泵.pdf', passwords: ['a,b'] })
  })

  test('leaves nothing in the scratch folder', async () => {
    const { chunk, calls } = reading({ blocks: [block('文。')] })
    await chunk(await someFile())
    await expect(access(calls[0]?.scratchDir ?? '/')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('recognises the text of pictures when it may, and says what was lost when it may not', async () => {
    const picture = { source: { kind: 'page' as const, page: 2 }, page: 2, headingPath: [], at: 1, replaces: 0 }
    const file = { blocks: [block('第一页。', { page: 1 })], pictures: [picture], pageCount: 2 }
    const bbox = { x: 0, y: 0, width: 9, height: 9 }
    const recogniser: TextRecogniser = {
      recognise: async () => ({ blocks: [{ text: '第二页。', bbox, confidence: 0.9 }] }),
      close: async () => undefined,
    }
    const read = await reading(file, { recogniser }).chunk(await someFile())
    expect(read.chunks.map(({ page, kind, text }) => [page, kind, text])).toEqual([
      [1, 'paragraph', '第一页。'],
      [2, 'ocr', '第二页。'],
    ])
    expect(read.document).toMatchObject({ ocrCount: 1, losses: [] })
    const unread = await reading(file).chunk(await someFile())
    expect(unread.chunks).toHaveLength(1)
    expect(unread.document.losses).toMatchObject([{ kind: 'page', count: 1, pages: [2] }])
  })
})

describe('checkFile', () => {
  test('says what is wrong with a path', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'docs'))
    await expect(checkFile(join(folder, 'gone.pdf'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(checkFile(join(folder, 'docs'))).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(checkFile('/dev/null')).rejects.toMatchObject({ code: 'file_unreadable' })
    expect(await checkFile(await someFile())).toBeUndefined()
  })
})
