import { describe, expect, test } from 'vitest'
import { epubParser } from '../../../src/ingest/parsers/epub.js'
import { parseContext } from '../../support/parse-context.js'
import { type ChapterSource, epubParts, makeEpub } from '../fixtures/epub.js'
import { makePng } from '../fixtures/picture.js'
import { scratchFolder } from '../fixtures/scratch.js'
import { makeZip } from '../fixtures/zip.js'

const parse = (bytes: Uint8Array, scratchDir = '/nowhere') =>
  epubParser().parse(bytes, parseContext('a.epub', { scratchDir }))
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
      { name: 'nav.xhtml', body: '<p><a href="a.xhtml">维护一章</a></p>', attributes: 'properties="nav scripted"' },
      { name: 'toc.xhtml', body: '<h1>目录</h1><p><a href="a.xhtml">维护一章</a></p>' },
      { name: 'a.xhtml', body: '<nav><a>上一章</a></nav><p>正文</p>' },
    ]
    const extra = '<guide><reference type="toc" href="toc.xhtml#top"/></guide>'
    expect((await parse(makeEpub(chapters, { extra }))).blocks.map(({ text }) => text)).toEqual(['正文'])
    const [, only] = chapters
    expect((await parse(makeEpub(only ? [only] : [], { extra }))).blocks).toHaveLength(2)
  })

  test('keeps a page in whose middle a list of the others stands', async () => {
    const chapters = [
      {
        name: 'a.xhtml',
        body: '<p>正文从这里开始。</p><p id="list"><a href="b.xhtml">二</a></p><p>正文在此继续。</p>',
      },
      { name: 'b.xhtml', body: '<p>二</p>' },
    ]
    const extra = '<guide><reference type="toc" href="a.xhtml#list"/></guide>'
    const { blocks } = await parse(makeEpub(chapters, { extra }))
    expect(blocks.map(({ text }) => text)).toEqual(['正文从这里开始。', '二', '正文在此继续。', '二'])
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
  })

  test('puts the pictures of the archive aside, those of covers too, by where each chapter lies', async () => {
    const scratchDir = await scratchFolder()
    const parts = epubParts([
      { name: 'cover.xhtml', body: '<svg><image xlink:href="img/cover.png"/></svg>' },
      {
        name: 'text/a.xhtml',
        body: '<p>一</p><p><img src="../img/a%20b.png" alt="水泵的剖面图"/></p><img src="gone.png"/><img src="http://x.test/a.png"/><p>二</p>',
      },
    ])
    const entries = [
      { name: 'OEBPS/img/cover.png', content: makePng(300, 400) },
      { name: 'OEBPS/img/a b.png', content: makePng(100, 100) },
    ]
    const { blocks, pictures, losses, warnings } = await parse(makeZip([...parts, ...entries]), scratchDir)
    expect(blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', '一'],
      ['caption', '水泵的剖面图'],
      ['paragraph', '二'],
    ])
    expect(pictures.map(({ at }) => at)).toEqual([0, 2])
    expect(losses.map(({ kind, count }) => [kind, count])).toEqual([['image', 1]])
    expect(warnings).toEqual(['pictures that are not in the file, only linked to: 1'])
  })

  test('names a chapter without a heading as the list of contents does, in both versions of the format', async () => {
    const chapters = [
      { name: 'text/a.xhtml', body: '<p>正文一</p>' },
      { name: 'text/b.xhtml', body: '<h2>自有标题</h2><p>正文二</p>' },
    ]
    const nav = {
      name: 'nav.xhtml',
      body: '<nav epub:type="landmarks"><a href="text/a.xhtml">x</a></nav><nav epub:type="toc"><ol><li><a href="text/a.xhtml">维护</a></li><li><a href="text/b.xhtml">别的</a></li></ol></nav>',
      attributes: 'properties="nav"',
    }
    expect(await texts(nav, ...chapters)).toEqual(['维护', '正文一', '自有标题', '正文二'])
    const ncx = `<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "ncx.dtd"><ncx><navMap><navPoint><navLabel><text>保养</text></navLabel><content src="text/a.xhtml#x"/></navPoint></navMap></ncx>`
    const parts = epubParts(chapters).map((part) =>
      part.name === 'OEBPS/content.opf'
        ? {
            ...part,
            content: `${part.content}`.replace(
              '</manifest>',
              '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>',
            ),
          }
        : part,
    )
    const { blocks } = await parse(makeZip([...parts, { name: 'OEBPS/toc.ncx', content: ncx }]))
    expect(blocks.map(({ text }) => text)).toEqual(['保养', '正文一', '自有标题', '正文二'])
  })

  test('marks footnotes as such', async () => {
    const body =
      '<p>压力<a epub:type="noteref" href="#n1">1</a>不得超过。</p><aside epub:type="footnote" id="n1"><p>见附录。<a href="#r1">↩</a></p></aside>'
    expect((await parse(makeEpub([{ name: 'a.xhtml', body }]))).blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', '压力1不得超过。'],
      ['footnote', '见附录。'],
    ])
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

  test('reads what is there of a book with a missing chapter, and says that one is not', async () => {
    const parts = epubParts([
      { name: 'a.xhtml', body: '<p>一</p>' },
      { name: 'b.xhtml', body: '<p>二</p>' },
    ])
    const without = (...names: string[]) => makeZip(parts.filter((part) => !names.includes(part.name)))
    const { blocks, losses } = await parse(without('OEBPS/a.xhtml'))
    expect(blocks.map(({ text }) => text)).toEqual(['二'])
    expect(losses).toEqual([{ kind: 'text', count: 1, pages: [], reason: 'chapters that are missing in the file' }])
    for (const names of [['META-INF/container.xml'], ['OEBPS/content.opf'], ['OEBPS/a.xhtml', 'OEBPS/b.xhtml']]) {
      await expect(parse(without(...names))).rejects.toMatchObject({ code: 'file_corrupt' })
    }
  })
})
