import { describe, expect, test } from 'vitest'
import { epubParser } from '../../../src/ingest/parsers/epub.js'
import { type ChapterSource, epubParts, makeEpub } from '../fixtures/epub.js'
import { makeZip } from '../fixtures/zip.js'

const parse = (bytes: Uint8Array) => epubParser().parse(bytes, { fileName: 'a.epub' })
const texts = async (...chapters: ChapterSource[]) =>
  (await parse(makeEpub(chapters))).blocks.map((block) => block.text)
const encryption = (uri: string) =>
  `<encryption><enc:EncryptedData><enc:CipherData><enc:CipherReference URI="${uri}"/></enc:CipherData></enc:EncryptedData></encryption>`

describe('epubParser', () => {
  test('reads the chapters in the order of the spine as one text', async () => {
    const { blocks, pageCount } = await parse(
      makeEpub([
        { name: 'text/z.xhtml', body: '<h1>维护</h1><p>每月检查。</p>' },
        { name: 'text/第 2 章.xhtml', body: '<p>仍属维护。</p><h2>滤芯</h2><ul><li>更换</li></ul>' },
      ]),
    )
    expect(pageCount).toBeNull()
    expect(blocks).toEqual([
      { kind: 'heading', text: '维护', page: null, headingPath: [], level: 1 },
      { kind: 'paragraph', text: '每月检查。', page: null, headingPath: ['维护'] },
      { kind: 'paragraph', text: '仍属维护。', page: null, headingPath: ['维护'] },
      { kind: 'heading', text: '滤芯', page: null, headingPath: ['维护'], level: 2 },
      { kind: 'list', text: '- 更换', page: null, headingPath: ['维护', '滤芯'] },
    ])
  })

  test('leaves out the pages that only list the others', async () => {
    const chapters = [
      { name: 'nav.xhtml', body: '<p>目录</p>', attributes: 'properties="nav scripted"' },
      { name: 'toc.xhtml', body: '<p>目录二</p>' },
      { name: 'a.xhtml', body: '<nav><a>上一章</a></nav><p>正文</p>' },
    ]
    const extra = '<guide><reference type="toc" href="toc.xhtml#top"/></guide>'
    expect((await parse(makeEpub(chapters, { extra }))).blocks.map(({ text }) => text)).toEqual(['正文'])
    const [, only] = chapters
    expect((await parse(makeEpub(only ? [only] : [], { extra }))).blocks).toHaveLength(1)
  })

  test('is not misled by the empty elements of XHTML', async () => {
    const page =
      '<?xml version="1.0"?><html><head><title/><script src="a.js"/><style/></head><body><a id="x"/><p>一<br/>二</p><p/><p>三<img src="a.png" alt=""/></p></body></html>'
    expect(await texts({ name: 'a.xhtml', body: page })).toEqual(['一\n二', '三'])
  })

  test('keeps title, authors and other facts of the book', async () => {
    const metadata =
      '<dc:title>水泵手册</dc:title><dc:title>副题</dc:title><dc:creator>王工</dc:creator><dc:creator>李工</dc:creator><dc:language>zh</dc:language><dc:publisher>出版社</dc:publisher><dc:date>2026</dc:date>'
    const book = await parse(makeEpub([{ name: 'a.xhtml', body: '<p>x</p><img src="a.png"/>' }], { metadata }))
    expect(book.title).toBe('水泵手册')
    expect(book.metadata).toEqual({ author: '王工, 李工', language: 'zh', publisher: '出版社', date: '2026' })
    expect(book.warnings).toEqual(['text inside 1 picture was not read'])
  })

  test('refuses a book whose chapters are encrypted, not one whose fonts are', async () => {
    const parts = epubParts([{ name: 'a b.xhtml', body: '<p>x</p>' }])
    const withKey = (uri: string) => makeZip([...parts, { name: 'META-INF/encryption.xml', content: encryption(uri) }])
    await expect(parse(withKey('OEBPS/a%20b.xhtml'))).rejects.toMatchObject({
      code: 'password_required',
      message: expect.stringContaining('DRM'),
      remedy: expect.any(String),
    })
    expect((await parse(withKey('OEBPS/font.otf'))).blocks).toHaveLength(1)
  })

  test('reads what is there of a book with a missing chapter, and says which is not', async () => {
    const parts = epubParts([
      { name: 'a.xhtml', body: '<p>一</p>' },
      { name: 'b.xhtml', body: '<p>二</p>' },
    ])
    const without = (...names: string[]) => makeZip(parts.filter((part) => !names.includes(part.name)))
    const { blocks, warnings } = await parse(without('OEBPS/a.xhtml'))
    expect(blocks.map(({ text }) => text)).toEqual(['二'])
    expect(warnings).toEqual(['the chapter "OEBPS/a.xhtml" is missing in the file'])
    for (const names of [['META-INF/container.xml'], ['OEBPS/content.opf'], ['OEBPS/a.xhtml', 'OEBPS/b.xhtml']]) {
      await expect(parse(without(...names))).rejects.toMatchObject({ code: 'file_corrupt' })
    }
  })
})
