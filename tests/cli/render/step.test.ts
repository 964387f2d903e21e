import { describe, expect, test } from 'vitest'
import { stepLines } from '../../../src/cli/render/step.js'
import type { StepPlace } from '../../../src/core/answer.js'

const took = { ms: 1_240, usage: { inputTokens: 90, outputTokens: 10 } }
const free = { ms: 40, usage: { inputTokens: 0, outputTokens: 0 } }
const place = (page: number | null): StepPlace => ({ documentId: 'doc_1', documentTitle: 'Manual', page })

describe('stepLines', () => {
  test('shows what was done, how long it took, and what came of it', () => {
    expect(stepLines({ kind: 'plan', subQuestions: ['a?', 'b?'], understood: true, ...took })).toEqual([
      'plan (1.2 s, 100 tokens)',
      '  a?',
      '  b?',
    ])
    const note = { ...place(4), text: 'L-HM46' }
    expect(stepLines({ kind: 'read', subQuestion: 'a?', notes: [note], understood: true, ...took })).toEqual([
      'read: a? (1.2 s, 100 tokens)',
      '  L-HM46 (Manual, p. 4)',
    ])
  })

  test('names three of the places that a search found', () => {
    const found = [1, 2, 3, 4, null].map(place)
    expect(stepLines({ kind: 'search', subQuestion: 'a?', found, ...free })).toEqual([
      'search: a? (0.0 s)',
      '  Manual, p. 1; Manual, p. 2; Manual, p. 3; and 2 more',
    ])
    expect(stepLines({ kind: 'search', subQuestion: 'a?', found: [], ...free })[1]).toBe('  nothing found')
  })

  test.each([
    [{ enough: true, subQuestions: [] }, 'decide: enough is known'],
    [{ enough: false, subQuestions: ['c?'] }, 'decide: more to look into'],
    [{ enough: false, subQuestions: [] }, 'decide: nothing more to look into'],
  ])('says what was decided: %j', (decision, line) => {
    const lines = stepLines({ kind: 'decide', understood: true, ...decision, ...free })
    expect(lines).toEqual([`${line} (0.0 s)`, ...decision.subQuestions.map((text) => `  ${text}`)])
  })

  test('says where a reply was of no use, and where nothing was', () => {
    expect(stepLines({ kind: 'read', subQuestion: 'a?', notes: [], understood: false, ...free })).toEqual([
      "read (the model's reply could not be used): a? (0.0 s)",
      '  nothing useful',
    ])
  })

  test('lets nothing of a model or a document speak to the terminal', () => {
    const evil = '\u001b[2Jx'
    const found = [{ ...place(null), documentTitle: evil }]
    expect(stepLines({ kind: 'search', subQuestion: evil, found, ...free }).join()).not.toContain('\u001b')
  })
})
