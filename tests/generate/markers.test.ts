import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decidedLength, markersIn, settleMarkers } from '../../src/generate/markers.js'

function settled(text: string, passageCount = 5) {
  const { markers, ...rest } = settleMarkers(text, { passageCount })
  return rest
}

describe('settleMarkers', () => {
  test.each([
    ['甲[1]。', '甲[1]。'],
    ['甲 [1][2]。', '甲 [1][2]。'],
    ['甲 [1, 2]。', '甲 [1][2]。'],
    ['甲[1，3]。', '甲[1][3]。'],
    ['甲 [1-3]。', '甲 [1][2][3]。'],
    ['甲【2】乙［1］', '甲[2]乙[1]'],
    ['A [^1] and B ^[2].', 'A [1] and B [2].'],
    ['A<sup>[1]</sup>.', 'A[1].'],
    ['A [passage 2] and 乙[资料1]', 'A [2] and 乙[1]'],
    ['A 【1†source】.', 'A [1].'],
    ['流量 [1](额定工况)', '流量 [1] (额定工况)'],
  ])('writes %s as %s', (text, expected) => {
    expect(settled(text)).toEqual({ text: expected, invented: 0 })
  })

  test('leaves out and counts the markers that name no passage', () => {
    expect(settled('一 [1]。二 [9]。三 【2】。四[0]。', 2)).toEqual({ text: '一 [1]。二。三 [2]。四。', invented: 2 })
    expect(settled('一 [1, 7]。', 2)).toEqual({ text: '一 [1]。', invented: 1 })
  })

  test.each(['`a[1]`', '```\nx = a[2]\n```', '[1](https://example.com)', '![1](x.png)', 'a[i] 与 [附录 2]'])(
    'leaves %s alone',
    (text) => {
      expect(settled(text)).toEqual({ text, invented: 0 })
    },
  )

  test('changes nothing in what it has settled', () => {
    const piece = fc.constantFrom('甲', ' ', '[1]', '[1, 9]', '【2】', '[^3]', '`', '```\n', '\n', '(', '!', '1', '-')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const once = settled(pieces.join('')).text
        expect(settled(once)).toEqual({ text: once, invented: 0 })
      }),
    )
  })
})

describe('decidedLength', () => {
  test.each([
    ['流量 25 [1', ' [1'],
    ['流量 25 [1]', ' [1]'],
    ['流量 25 [1].', ''],
    ['A<sup>[1]</su', '<sup>[1]</su'],
    ['A [1](http', ' [1](http'],
    ['A [1](https:', ''],
    ['A [sour', ' [sour'],
    ['A [see the', ''],
    ['A `b[1] c', '`b[1] c'],
    ['A `b[1]` c', ''],
    ['A\n```js\nb[1', '[1'],
    ['A\n~~~ x', '~~~ x'],
    ['甲。 ', ' '],
  ])('leaves of %j what the next characters decide: %j', (text, rest) => {
    expect(text.slice(decidedLength(text))).toBe(rest)
  })
})

describe('markersIn', () => {
  test('finds markers with their places, not those in code', () => {
    expect(markersIn('甲[1] `b[2]` 丙[3]')).toEqual([
      { number: 1, span: { start: 1, end: 4 } },
      { number: 3, span: { start: 13, end: 16 } },
    ])
  })
})
