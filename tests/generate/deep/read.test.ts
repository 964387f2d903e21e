import { describe, expect, test } from 'vitest'
import { numbering } from '../../../src/generate/deep/lookup.js'
import { notesOf, readRequest } from '../../../src/generate/deep/read.js'
import { tokensOf } from '../../../src/generate/meter.js'
import { lineHit, lineText, oilHit, passage } from './corpus.js'

const subQuestion = 'HCZ65-200A 用什么油？'

describe('readRequest', () => {
  test('shows passages whole, by their numbers, before the sub-question', () => {
    const numberOf = numbering()
    numberOf(lineHit)
    const { messages, shown } = readRequest(subQuestion, [oilHit, lineHit], { numberOf, budgetTokens: 4000 })
    expect(shown).toEqual([oilHit, lineHit])
    const content = messages[1]?.content ?? ''
    expect(content).toMatch(/^<passage number="2" title="oils" page="7">[\s\S]*<passage number="1" title="layout"/)
    expect(content).toContain(lineText)
    expect(content).toMatch(/<question>\n.*\n<\/question>$/)
  })

  test('leaves out what does not fit, and stays within its room', () => {
    const long = passage('长'.repeat(500), 'long')
    const { messages, shown } = readRequest(subQuestion, [lineHit, long], { numberOf: numbering(), budgetTokens: 500 })
    expect(shown).toEqual([lineHit])
    expect(tokensOf(messages)).toBeLessThanOrEqual(500)
    expect(readRequest(subQuestion, [long], { numberOf: numbering(), budgetTokens: 500 }).shown).toEqual([])
  })
})

describe('notesOf', () => {
  test('keeps notes of passages that were shown and say something', () => {
    const numberOf = numbering()
    const shown = [lineHit, oilHit]
    shown.map(numberOf)
    numberOf(passage('x', 'unseen'))
    const notes = [
      { passage: 2, note: 'L-HM46' },
      { passage: 3, note: 'not shown' },
      { passage: 9, note: 'invented' },
      { passage: 1, note: '' },
    ]
    expect(notesOf({ notes }, { shown, numberOf })).toEqual([{ hit: oilHit, text: 'L-HM46' }])
  })

  test('takes numbers that are written as text', () => {
    const { schema } = readRequest(subQuestion, [], { numberOf: numbering(), budgetTokens: 500 })
    expect(schema.parse({ notes: [{ passage: '2', note: ' a ' }] })).toEqual({ notes: [{ passage: 2, note: 'a' }] })
    expect(schema.safeParse({ notes: [{ passage: 'two', note: 'a' }] }).success).toBe(false)
  })
})
