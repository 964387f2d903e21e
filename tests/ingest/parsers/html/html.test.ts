import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { htmlParser } from '../../../../src/ingest/parsers/html/html.js'
import { parseContext } from '../../../support/parse-context.js'
import { makePng } from '../../fixtures/picture.js'
import { scratchFolder } from '../../fixtures/scratch.js'

const parse = (source: string | Uint8Array, scratchDir = '/nowhere') =>
  htmlParser().parse(typeof source === 'string' ? Buffer.from(source) : source, parseContext('a.html', { scratchDir }))
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

  test('leaves out banners that ask for consent, and asides and footers that only lead elsewhere', async () => {
    const links = '<a href="/1">First story of today</a> <a href="/2">Second story</a>'
    const page =
      '<div id="cookie-banner"><p>We use cookies.</p></div><div role="dialog">Subscribe!</div>' +
      `<p>Close the valve.</p><aside>${links}</aside><aside>Wear a helmet when you do this.</aside><footer>${links}</footer>`
    expect(await texts(page)).toEqual(['Close the valve.', 'Wear a helmet when you do this.'])
  })

  test('reads formulas by their MathML and by what was typed, never by their drawn form too', async () => {
    const math =
      '<math><semantics><mrow><mi>x</mi><mo>=</mo><msup><mi>y</mi><mn>2</mn></msup></mrow><annotation encoding="application/x-tex">x=y^2</annotation></semantics></math>'
    const page = `<p>It is <span class="katex-mathml">${math}</span><span class="katex-html">x=y2</span> here.</p><ul><li>${math}</li></ul><p><script type="math/tex">a^2</script></p>`
    expect(await texts(page)).toEqual(['It is x = y^2 here.', '- x = y^2', 'a^2'])
  })

  test('marks the notes of a page, each with its number', async () => {
    const page =
      '<p>Up to 16 bar<sup><a href="#f1">1</a></sup>.</p><section class="footnotes"><ol><li id="f1"><p>At 20 °C. <a href="#r1">↩︎</a></p></li></ol></section>'
    expect((await parse(page)).blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', 'Up to 16 bar1.'],
      ['footnote', '[1] At 20 °C.'],
    ])
  })

  test('puts pictures aside that the page brings along, describes others, and loses none that it only links to', async () => {
    const data = `data:image/png;base64,${Buffer.from(makePng(60, 60)).toString('base64')}`
    const page =
      `<p>Before <img src="${data}"> after.</p><figure><img src="http://x.test/a.png" alt="The pump in section"><figcaption>Figure 1</figcaption></figure>` +
      '<img src="http://x.test/pixel.gif" width="1" height="1"><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td><img src="b.png"></td></tr></table>'
    const { blocks, pictures, losses, warnings } = await parse(page, await scratchFolder())
    expect(blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', 'Before after.'],
      ['caption', 'The pump in section'],
      ['caption', 'Figure 1'],
      ['table', 'a | b\nc'],
    ])
    expect(pictures.map(({ at }) => at)).toEqual([1])
    expect(losses).toEqual([])
    expect(warnings).toEqual(['pictures that are not in the file, only linked to: 1'])
  })

  test('reads an element of more children than a call takes arguments', async () => {
    const [text = ''] = await texts(`<p>${'a<br>'.repeat(150_000)}`)
    expect(text.split('\n')).toHaveLength(150_000)
  })

  test('takes the line above a table for its caption where it begins like one', async () => {
    const table = '<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>'
    const kinds = async (line: string) => (await parse(`<p>${line}</p>${table}`)).blocks[0]?.kind
    expect(await kinds('Table 2. Torques')).toBe('caption')
    expect(await kinds('Table 2 shows the torques')).toBe('paragraph')
  })

  test('survives deep nesting', async () => {
    expect(await texts(`${'<div>'.repeat(500)}deep`)).toEqual(['deep'])
  })
})
