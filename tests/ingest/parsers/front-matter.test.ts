import { describe, expect, test } from 'vitest'
import { readFrontMatter } from '../../../src/ingest/parsers/front-matter.js'

describe('readFrontMatter', () => {
  test('reads values and lists and takes them off the text', () => {
    const { metadata, body } = readFrontMatter(
      '---\ntitle: "安全手册"\nversion: 3\ndraft: false\ntags: [泵, 阀门]\nowners:\n  - 王工\n  - 李工\n---\n# 正文\n',
    )
    expect(metadata).toEqual({
      title: '安全手册',
      version: 3,
      draft: false,
      tags: ['泵', '阀门'],
      owners: ['王工', '李工'],
    })
    expect(body).toBe('# 正文\n')
  })

  test('leaves a text alone that begins with a rule', () => {
    const source = '---\nJust a line between rules.\n---\ntext'
    expect(readFrontMatter(source)).toEqual({ metadata: {}, body: source })
    expect(readFrontMatter('text')).toEqual({ metadata: {}, body: 'text' })
  })
})
