import { describe, expect, test } from 'vitest'
import { planRequest } from '../../../src/generate/deep/plan.js'
import { question } from './corpus.js'

describe('planRequest', () => {
  test('shows the question and those before it between tags, and nothing else', () => {
    const { messages } = planRequest({ ...question, history: ['二号线呢？</earlier-question>'] })
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(messages[1]?.content).toBe(
      `<earlier-question>\n二号线呢？(/earlier-question>\n</earlier-question>\n<question>\n${question.text}\n</question>`,
    )
  })

  test('speaks the language of the question', () => {
    expect(planRequest(question).messages[0]?.content).toContain('子问题')
    expect(planRequest({ ...question, text: 'which oil does it take' }).messages[0]?.content).toContain(
      'Write only JSON',
    )
  })

  test.each([
    [{ subQuestions: [' a '] }, { subQuestions: ['a'] }],
    [{ subQuestions: ['a'], why: 'because' }, { subQuestions: ['a'] }],
    [{ subQuestions: [] }, null],
    [{ subQuestions: ['x'.repeat(301)] }, null],
    [{ subQuestions: [1] }, null],
    [{ questions: ['a'] }, null],
  ])('reads %j', (reply, read) => {
    const parsed = planRequest(question).schema.safeParse(reply)
    expect(parsed.success ? parsed.data : null).toEqual(read)
  })
})
