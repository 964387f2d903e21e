import { describe, expect, test } from 'vitest'
import { orgParser } from '../../../src/ingest/parsers/org.js'
import { parseContext } from '../../support/parse-context.js'

const parse = (...lines: string[]) => orgParser().parse(Buffer.from(lines.join('\n')), parseContext('a.org'))
const blocksOf = async (...lines: string[]) => (await parse(...lines)).blocks.map(({ kind, text }) => [kind, text])

describe('orgParser', () => {
  test('reads headings without their marks, and keywords as metadata', async () => {
    const parsed = await parse(
      '#+TITLE: 手册',
      '#+AUTHOR: 王工',
      '* TODO [#A] 检修 :a:b:',
      ':PROPERTIES:',
      ':ID: x',
      ':END:',
      '** 步骤',
      'text',
    )
    expect(parsed.blocks.map(({ kind, text, level }) => [kind, text, level])).toEqual([
      ['heading', '检修', 1],
      ['heading', '步骤', 2],
      ['paragraph', 'text', undefined],
    ])
    expect(parsed).toMatchObject({ title: '手册', metadata: { title: '手册', author: '王工' } })
    expect(await parse('* First', '** Second')).toMatchObject({ title: 'First' })
  })

  test('reads lists, tables with their captions, links and code', async () => {
    expect(
      await blocksOf(
        '- one',
        '  goes on',
        '  1. deep',
        '',
        '#+CAPTION: 参数',
        '| 型号 | 流量 |',
        '|------+------|',
        '| IH65 |   25 |',
        'See [[https://example.cn][the page]] or [[file:a.org]].',
        '#+begin_src sh',
        '  * no heading',
        '#+end_src',
        '# a comment',
        '#+BEGIN_QUOTE',
        'said',
        '#+END_QUOTE',
      ),
    ).toEqual([
      ['list', '- one goes on\n  1. deep'],
      ['caption', '参数'],
      ['table', '型号 | 流量\nIH65 | 25'],
      ['paragraph', 'See the page or file:a.org.'],
      ['code', '  * no heading'],
      ['paragraph', 'said'],
    ])
  })

  test('loses nothing of a block or drawer that never ends', async () => {
    expect(await blocksOf('#+begin_src sh', 'ls', ':LOGBOOK:', 'text')).toEqual([
      ['paragraph', 'ls'],
      ['paragraph', 'text'],
    ])
  })
})
