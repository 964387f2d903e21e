import { describe, expect, test } from 'vitest'
import { fileNameOf } from '../../web/file-name.js'

describe('fileNameOf', () => {
  test.each([
    ['机械密封多久更换一次？', '机械密封多久更换一次.md'],
    ['a/b\\c: "d" <e>|?*', 'a b c d e.md'],
    ['../../etc', 'etc.md'],
    ['???', 'conversation.md'],
    ['长'.repeat(200), `${'长'.repeat(80)}.md`],
  ])('makes of "%s" a name that every system takes', (title, name) => {
    expect(fileNameOf(title, 'md')).toBe(name)
  })
})
