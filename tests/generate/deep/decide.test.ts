import { describe, expect, test } from 'vitest'
import { decideRequest } from '../../../src/generate/deep/decide.js'
import { type Lookup, numbering } from '../../../src/generate/deep/lookup.js'
import { tokensOf } from '../../../src/generate/meter.js'
import { lineHit, oilHit, oilText, passage, question } from './corpus.js'

const lookup = (given: Partial<Lookup>): Lookup => ({
  subQuestion: '哪台泵？',
  hits: [lineHit],
  candidates: [],
  rerankFailed: false,
  notes: null,
  ...given,
})
const contentOf = (lookups: readonly Lookup[], budgetTokens = 4000) => {
  const { messages } = decideRequest(question.text, lookups, { numberOf: numbering(), budgetTokens })
  return { content: messages[1]?.content ?? '', tokens: tokensOf(messages) }
}

describe('decideRequest', () => {
  test('shows notes in place of the passages that were read, and passages that nobody has read', () => {
    const read = lookup({ notes: [{ hit: lineHit, text: '型号是 HCZ65-200A' }] })
    const { content } = contentOf([read, lookup({ subQuestion: '什么油？', hits: [oilHit] })])
    expect(content).toBe(
      [
        '<sub-question>\n哪台泵？\n</sub-question>',
        '<passage number="1" title="layout" page="1">\n型号是 HCZ65-200A\n</passage>',
        '<sub-question>\n什么油？\n</sub-question>',
        `<passage number="2" title="oils" page="7">\n${oilText}\n</passage>`,
        `<question>\n${question.text}\n</question>`,
      ].join('\n'),
    )
  })

  test('says where nothing was found', () => {
    const { content } = contentOf([lookup({ hits: [], notes: [] }), lookup({ notes: [] })])
    expect(content.match(/（没有找到）/g)).toHaveLength(2)
  })

  test('gives each sub-question its share of the room and keeps within it', () => {
    const long = Array.from({ length: 5 }, (_, index) => passage('长'.repeat(100), 'long', index + 1))
    const { content, tokens } = contentOf(
      [lookup({ hits: long }), lookup({ subQuestion: '油？', hits: [oilHit] })],
      900,
    )
    expect(content).toContain(oilText)
    expect(content.match(/长{100}/g)?.length).toBeLessThan(5)
    expect(tokens).toBeLessThanOrEqual(900)
  })

  test.each([
    [{ enough: true }, { enough: true, next: [] }],
    [
      { enough: false, next: ['a'] },
      { enough: false, next: ['a'] },
    ],
    [{ enough: 'yes' }, null],
    [{ next: ['a'] }, null],
  ])('reads %j', (reply, read) => {
    const { schema } = decideRequest(question.text, [], { numberOf: numbering(), budgetTokens: 100 })
    const parsed = schema.safeParse(reply)
    expect(parsed.success ? parsed.data : null).toEqual(read)
  })
})
