import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { htmlParser } from '../../../src/ingest/parsers/html.js'

const parse = (source: string | Uint8Array) =>
  htmlParser().parse(typeof source === 'string' ? Buffer.from(source) : source, { fileName: 'a.html' })
const texts = async (source: string) => (await parse(source)).blocks.map((block) => block.text)

describe('htmlParser', () => {
  test('reads the main content without scripts, navigation and hidden parts', async () => {
    const { blocks, title, metadata } = await parse(
      '<html><head><title> Pump  P-101 </title><meta name="author" content="Lee"></head><body><nav>Home</nav>' +
        '<script>x()</script><style>p{}</style><p hidden>h1</p><p style="display: none">h2</p><noscript>h3</noscript>' +
        '<p>Open the <b>valve</b>\n slowly.<br>Then wait.</p></body></html>',
    )
    expect(blocks).toEqual([
      { kind: 'paragraph', text: 'Open the valve slowly.\nThen wait.', page: null, headingPath: [] },
    ])
    expect(title).toBe('Pump P-101')
    expect(metadata).toEqual({ author: 'Lee' })
  })

  test('prefers <main> when it carries the page', async () => {
    expect(
      await texts('<body><div>teaser</div><main><p>The whole long article stands here.</p></main></body>'),
    ).toEqual(['The whole long article stands here.'])
    expect(await texts('<body><p>The whole long article stands outside of it.</p><main>x</main></body>')).toHaveLength(
      2,
    )
  })

  test('repeats a cell that spans rows, and joins header rows', async () => {
    const [table] = await texts(
      '<table><thead><tr><th rowspan=2>部件</th><th colspan=2>周期</th></tr><tr><th>检查</th><th>更换</th></tr></thead>' +
        '<tr><td rowspan=2>泵</td><td>日</td><td>年</td></tr><tr><td>周</td><td>月</td></tr></table>',
    )
    expect(table).toBe('部件 | 周期 检查 | 周期 更换\n泵 | 日 | 年\n泵 | 周 | 月')
  })

  test('reads a layout table as the sections it holds', async () => {
    const { blocks } = await parse(
      '<table><tr><td><h2>Safety</h2><p>Wear a helmet.</p></td><td><p>Aside.</p></td></tr></table>',
    )
    expect(blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'paragraph'])
  })

  test('reads a nested table after the one around it', async () => {
    expect(
      await texts(
        '<table><tr><td>a</td><td>b<table><tr><td>1</td><td>2</td></tr></table></td></tr><tr><td>c</td><td>d</td></tr></table>',
      ),
    ).toEqual(['a | b\nc | d', '1 | 2'])
  })

  test('reads bullets set as a table as a list, and definitions as one', async () => {
    expect(await texts('<table><tr><td>•</td><td>Check the seal</td></tr></table>')).toEqual(['• Check the seal'])
    expect(await texts('<dl><dt>P-101</dt><dd>Feed pump</dd></dl>')).toEqual(['P-101: Feed pump'])
    expect(await texts('<ol start=3><li>three<li>four<ul><li>deep</ul></ol>')).toEqual(['3. three\n4. four\n  - deep'])
  })

  test('trusts the declared charset where the bytes agree', async () => {
    const bytes = iconv.encode('<meta charset="gbk"><p>阀门</p>', 'gbk')
    expect((await parse(bytes)).blocks[0]?.text).toBe('阀门')
  })

  test('survives deep nesting', async () => {
    expect(await texts(`${'<div>'.repeat(500)}deep`)).toEqual(['deep'])
  })
})
