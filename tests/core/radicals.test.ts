import { describe, expect, test } from 'vitest'
import { withoutRadicals } from '../../src/core/radicals.js'

describe('withoutRadicals', () => {
  test('turns radicals into the ideographs they look like', () => {
    expect(withoutRadicals('⻚⼿⾼⻔⻅⻓⻩⺠⼾')).toBe('页手高门见长黄民户')
  })

  test('knows the forms that are parts of characters, and leaves what has no ideograph', () => {
    expect(withoutRadicals('⺮⻊⺌⺀')).toBe('𥫗𧾷小⺀')
  })

  test('leaves everything else as it is, also what NFKC would change', () => {
    const text = '页手高，：①ﬁ　Ａ½'
    expect(withoutRadicals(text)).toBe(text)
  })
})
