import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Block, type Inline, parseMarkdown, withoutHalfMarker } from '../../web/markdown.js'

function inlinesOf(text: string): Inline[] {
  const [first] = parseMarkdown(text)
  if (first?.kind !== 'paragraph') throw new Error(`not a paragraph: ${JSON.stringify(first)}`)
  return first.children
}

/** Everything of a tree, however deep it lies. */
function nodes(tree: readonly (Block | Inline)[]): (Block | Inline)[] {
  return tree.flatMap((node) => [node, ...nodes(childrenOf(node))])
}

function childrenOf(node: Block | Inline): (Block | Inline)[] {
  if (node.kind === 'list') return node.items.flat()
  if (node.kind === 'table') return [node.header, ...node.rows].flat(2)
  return 'children' in node ? node.children : []
}

function textOf(tree: readonly (Block | Inline)[]): string {
  return nodes(tree)
    .map((node) => ('text' in node ? node.text : ''))
    .join('')
}

describe('parseMarkdown', () => {
  test('finds markers between words, side by side and inside emphasis, lists and tables', () => {
    expect(inlinesOf('压力为 1.6 MPa[1]【2】。')).toEqual([
      { kind: 'text', text: '压力为 1.6 MPa' },
      { kind: 'marker', number: 1, occurrence: 0 },
      { kind: 'marker', number: 2, occurrence: 0 },
      { kind: 'text', text: '。' },
    ])
    const tree = parseMarkdown('**重要[3]**\n\n- 一[4]\n  - 二[5]\n\n| 项目 | 值 |\n| - | - |\n| 扬程 | 32 m[6] |')
    const markers = nodes(tree).flatMap((node) => (node.kind === 'marker' ? [node.number] : []))
    expect(markers).toEqual([3, 4, 5, 6])
  })

  test('puts the markers behind a table of one row into that row', () => {
    const table = '| 项目 | 值 |\n| - | - |\n| 扬程 | 32 m |\n'
    const [joined, ...rest] = parseMarkdown(`${table}\n[1] [2]\n\n完`)
    expect(joined?.kind === 'table' && joined.rows).toEqual([
      [
        [{ kind: 'text', text: '扬程' }],
        [
          { kind: 'text', text: '32 m' },
          { kind: 'marker', number: 1, occurrence: 0 },
          { kind: 'text', text: ' ' },
          { kind: 'marker', number: 2, occurrence: 0 },
        ],
      ],
    ])
    expect(rest.map(({ kind }) => kind)).toEqual(['paragraph'])
  })

  test('counts the markers of a number in the order of the text, those in code not', () => {
    const tree = parseMarkdown('一[1]二[2]`a[1]`\n\n- 三[1]\n- 四[2]\n\n| 五[1] | 六 |\n| - | - |\n| 七[1] | 八 |')
    const markers = nodes(tree).flatMap((node) => (node.kind === 'marker' ? [`${node.number}.${node.occurrence}`] : []))
    expect(markers).toEqual(['1.0', '2.0', '1.1', '2.1', '1.2', '1.3'])
  })

  test('leaves markers alone behind a table of several rows, and text behind any table', () => {
    const row = '| 扬程 | 32 m |\n'
    const head = '| 项目 | 值 |\n| - | - |\n'
    expect(parseMarkdown(`${head}${row}${row}\n[1]`).map(({ kind }) => kind)).toEqual(['table', 'paragraph'])
    expect(parseMarkdown(`${head}${row}\n见 [1]`).map(({ kind }) => kind)).toEqual(['table', 'paragraph'])
  })

  test('takes a marker for a marker even when the text defines it as a link', () => {
    const tree = parseMarkdown('见[1]。\n\n[1]: https://evil.example/')
    expect(tree[0]).toEqual({
      kind: 'paragraph',
      children: [
        { kind: 'text', text: '见' },
        { kind: 'marker', number: 1, occurrence: 0 },
        { kind: 'text', text: '。' },
      ],
    })
  })

  test('leaves brackets in code alone', () => {
    expect(inlinesOf('`a[1]`')).toEqual([{ kind: 'code', text: 'a[1]' }])
  })

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick="alert(1)">b</b>',
    '<iframe src="https://evil.example"></iframe>',
  ])('shows raw HTML as the text that it is: %s', (html) => {
    const tree = parseMarkdown(html)
    expect(textOf(tree)).toContain(html.slice(html.indexOf('<'), html.indexOf('>') + 1))
    expect(nodes(tree).every((node) => node.kind === 'paragraph' || node.kind === 'text')).toBe(true)
  })

  test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/v1/documents'])(
    'does not link to %s',
    (address) => {
      const tree = parseMarkdown(`[go](${address}) <${address}>`)
      expect(nodes(tree).filter((node) => node.kind === 'link')).toEqual([])
      expect(textOf(tree)).toContain('go')
    },
  )

  test('links to http and https', () => {
    expect(inlinesOf('[标准](https://example.org/a)')).toEqual([
      { kind: 'link', href: 'https://example.org/a', children: [{ kind: 'text', text: '标准' }] },
    ])
  })

  test('shows the description of an image and never its address', () => {
    expect(inlinesOf('![泵的剖面](https://evil.example/p.png)')).toEqual([{ kind: 'text', text: '泵的剖面' }])
  })

  test('takes sizes and ranges literally', () => {
    expect(textOf(parseMarkdown('尺寸 10*20*30，间隙 5~10 mm，温度 3~5 ℃'))).toBe(
      '尺寸 10*20*30，间隙 5~10 mm，温度 3~5 ℃',
    )
  })

  test('never makes anything but the known kinds, whatever the text', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '[',
      ']',
      '(',
      ')',
      '!',
      '*',
      '~',
      '`',
      '|',
      '\n',
      '- ',
      '1',
      'javascript:',
      'x',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const links = nodes(parseMarkdown(parts.join(''))).filter((node) => node.kind === 'link')
        expect(links.every((link) => /^https?:/.test(link.href))).toBe(true)
      }),
    )
  })
})

describe('withoutHalfMarker', () => {
  test('holds a marker back until it is whole', () => {
    expect(withoutHalfMarker('压力[')).toBe('压力')
    expect(withoutHalfMarker('压力[1')).toBe('压力')
    expect(withoutHalfMarker('压力【12')).toBe('压力')
    expect(withoutHalfMarker('压力[1]')).toBe('压力[1]')
    expect(withoutHalfMarker('表 [a')).toBe('表 [a')
  })
})
