import { describe, expect, test } from 'vitest'
import { markdownParser } from '../../../src/ingest/parsers/markdown.js'
import { parseContext } from '../../support/parse-context.js'

const parse = (source: string) => markdownParser().parse(Buffer.from(source), parseContext('a.md'))

describe('markdownParser', () => {
  test('keeps headings with their paths, paragraphs, lists, code and tables', async () => {
    const { blocks, title } = await parse(
      '# 手册\n\n前言。\n\n## 检查\n\n- 阀门\n  - 密封\n- 泵\n\n```sh\nnpm start\n  deep\n```\n\n| 部件 | 周期 |\n|---|---|\n| 滤芯 | 每月 |\n\n# 附录\n\n完。',
    )
    expect(title).toBe('手册')
    expect(blocks).toEqual([
      { kind: 'heading', text: '手册', page: null, headingPath: [], level: 1 },
      { kind: 'paragraph', text: '前言。', page: null, headingPath: ['手册'] },
      { kind: 'heading', text: '检查', page: null, headingPath: ['手册'], level: 2 },
      { kind: 'list', text: '- 阀门\n  - 密封\n- 泵', page: null, headingPath: ['手册', '检查'] },
      { kind: 'code', text: 'npm start\n  deep', page: null, headingPath: ['手册', '检查'] },
      { kind: 'table', text: '部件 | 周期\n滤芯 | 每月', page: null, headingPath: ['手册', '检查'] },
      { kind: 'heading', text: '附录', page: null, headingPath: [], level: 1 },
      { kind: 'paragraph', text: '完。', page: null, headingPath: ['附录'] },
    ])
  })

  test('takes front matter for metadata and its title for the title', async () => {
    const { title, metadata, blocks } = await parse('---\ntitle: 泵站\nauthor: 王工\n---\n# 一\n\n正文。')
    expect(title).toBe('泵站')
    expect(metadata).toEqual({ title: '泵站', author: '王工' })
    expect(blocks.map((block) => block.text)).toEqual(['一', '正文。'])
  })

  test('keeps text in angle brackets that is no HTML, and drops comments and scripts', async () => {
    const { blocks } = await parse(
      'Returns List<String> and <T>.\n\n<!-- hidden -->\n\n<script>alert(1)</script>\n\na &lt; b',
    )
    expect(blocks.map((block) => block.text)).toEqual(['Returns List<String> and <T>.', 'a < b'])
  })
})
