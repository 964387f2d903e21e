import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textBlocksOf } from '../../../src/ingest/ocr/text-blocks.js'
import type { TextLine } from '../../../src/ingest/ocr/text-line.js'

const height = 20
const line = (text: string, x: number, y: number, width: number): TextLine => ({
  text,
  confidence: 1,
  place: { x, y, width, height },
})

/** Lines below each other, as wide as their column. */
const column = (texts: readonly string[], { x = 0, y = 0, width = 400, leading = 26 } = {}) =>
  texts.map((text, index) => line(text, x, y + index * leading, width))

const textsOf = (lines: readonly TextLine[]) => textBlocksOf(lines).map(({ text }) => text)

describe('textBlocksOf', () => {
  test('joins lines of Chinese without a space and others with one', () => {
    expect(textsOf(column(['商品首先是一个外界的', '对象，一个靠自己的属性', '来满足人的需要的物。']))).toEqual([
      '商品首先是一个外界的对象，一个靠自己的属性来满足人的需要的物。',
    ])
    expect(textsOf(column(['The pump must be', 'aligned again after', 'the pipes are fitted']))).toEqual([
      'The pump must be aligned again after the pipes are fitted',
    ])
  })

  test('joins a word that a hyphen parts', () => {
    expect(textsOf(column(['read the mainte-', 'nance manual']))).toEqual(['read the maintenance manual'])
  })

  test('parts paragraphs at a wider distance', () => {
    const lines = [...column(['one', 'two', 'three']), ...column(['four', 'five'], { y: 130 })]
    expect(textsOf(lines)).toEqual(['one two three', 'four five'])
  })

  test('parts paragraphs where a line ends early', () => {
    const first = [...column(['The first one ends']), line('here.', 0, 26, 90)]
    expect(textsOf([...first, ...column(['The second one', 'goes on'], { y: 52 })])).toEqual([
      'The first one ends here.',
      'The second one goes on',
    ])
  })

  test('parts paragraphs at an indented line', () => {
    const lines = [...column(['一段文字从这里开始，', '到这里写满整行的宽度']), line('二段缩进两个字', 40, 52, 360)]
    expect(textsOf([...lines, ...column(['后面的文字又顶格了'], { y: 78 })])).toEqual([
      '一段文字从这里开始，到这里写满整行的宽度',
      '二段缩进两个字后面的文字又顶格了',
    ])
  })

  test('parts items of a list and numbered ones', () => {
    expect(textsOf(column(['• first', '• second', '1. third', '（二）第四']))).toEqual([
      '• first',
      '• second',
      '1. third',
      '（二）第四',
    ])
  })

  test('parts a title from smaller text below it', () => {
    const title = { text: 'Title', confidence: 1, place: { x: 0, y: 0, width: 400, height: 40 } }
    expect(textsOf([title, ...column(['some text'], { y: 46 })])).toEqual(['Title', 'some text'])
  })

  test('does not take a note in the margin for the edge of the text', () => {
    const note = line('14', -60, 52, 30)
    const text = column(['one one one', 'two two two', 'three three', 'four four', 'five five', 'six six six'])
    expect(textsOf([...text.slice(0, 2), ...text.slice(3), note])).toContain('four four five five six six six')
  })

  test('reads two columns of prose one after the other, and what spans them where it stands', () => {
    const left = ['l one', 'l two', 'l three', 'l four', 'l five']
    const right = ['r one', 'r two', 'r three', 'r four', 'r five']
    const lines = [
      line('A heading over both', 100, 0, 640),
      ...column(left, { y: 60 }),
      ...column(right, { x: 440, y: 60 }),
      line('A footer over both', 100, 230, 640),
    ]
    expect(textsOf(lines)).toEqual(['A heading over both', left.join(' '), right.join(' '), 'A footer over both'])
  })

  test('reads three columns of prose', () => {
    const names = ['a', 'b', 'c']
    const lines = names.flatMap((name, index) =>
      column(
        Array.from({ length: 6 }, (_, row) => `${name}${row}`),
        { x: index * 430 },
      ),
    )
    expect(textsOf(lines)).toEqual(names.map((name) => [0, 1, 2, 3, 4, 5].map((row) => `${name}${row}`).join(' ')))
  })

  test('keeps the rows of a table, its cells parted by a bar', () => {
    const rows = [
      ['型号', '流量', '扬程'],
      ['HCZ50', '25', '32'],
      ['HCZ65', '50', '50'],
      ['HCZ80', '100', '80'],
    ]
    const lines = rows.flatMap((cells, row) => cells.map((cell, index) => line(cell, index * 200, row * 30, 60)))
    expect(textsOf([...lines, ...column(['表后的文字写在这里'], { y: 150 })])).toEqual([
      rows.map((cells) => cells.join(' | ')).join('\n'),
      '表后的文字写在这里',
    ])
  })

  test('does not take a footer for the last row of a table', () => {
    const lines = [0, 1, 2, 3, 20].flatMap((row) => [
      line(`第${row}章`, 0, row * 40, 90),
      line(`${row}`, 400, row * 40, 20),
    ])
    expect(textsOf(lines)).toEqual(['第0章 | 0\n第1章 | 1\n第2章 | 2\n第3章 | 3', '第20章 20'])
  })

  test('parts what stands far apart even where there are only two lines', () => {
    expect(textsOf([line('one', 0, 0, 400), line('two', 0, 100, 400)])).toEqual(['one', 'two'])
  })

  test('joins the pieces of one line', () => {
    expect(textsOf([line('world', 58, 1, 50), line('Hello', 0, 0, 50)])).toEqual(['Hello world'])
    expect(textsOf([line('世界', 58, 1, 50), line('你好', 0, 0, 50)])).toEqual(['你好世界'])
  })

  test('surrounds its lines', () => {
    const [block] = textBlocksOf([line('one', 10, 5, 300), line('two', 0, 31, 280)])
    expect(block?.place).toEqual({ x: 0, y: 5, width: 310, height: 46 })
  })

  test('has nothing to say of nothing', () => {
    expect(textBlocksOf([])).toEqual([])
  })

  test('puts each line into exactly one block, with all of its text', () => {
    const place = fc.record({
      x: fc.integer({ min: 0, max: 800 }),
      y: fc.integer({ min: 0, max: 1000 }),
      width: fc.integer({ min: 5, max: 700 }),
      height: fc.integer({ min: 5, max: 60 }),
    })
    fc.assert(
      fc.property(fc.array(place, { maxLength: 40 }), (places) => {
        const lines = places.map((each, index) => ({ text: `<${index}>`, confidence: 1, place: each }))
        const blocks = textBlocksOf(lines)
        const inBlocks = blocks.flatMap((block) => block.lines.map(({ text }) => text))
        expect(inBlocks.sort()).toEqual(lines.map(({ text }) => text).sort())
        for (const { text, lines: own } of blocks) {
          expect(text.match(/<\d+>/g)?.sort()).toEqual(own.map((each) => each.text).sort())
        }
      }),
    )
  })
})
