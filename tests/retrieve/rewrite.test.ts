import { describe, expect, test } from 'vitest'
import { completeQuestion } from '../../src/retrieve/rewrite.js'

describe('completeQuestion', () => {
  const history = ['IH65-50-160 的额定流量是多少？']

  test.each(['那另一个型号呢？', '它的保修期多久？', '功率？', 'what about its weight?'])(
    'completes "%s" from the question before',
    (question) => {
      expect(completeQuestion(question, history)).toBe(`${history[0]} ${question}`)
    },
  )

  test('leaves a question alone that stands by itself', () => {
    const question = '机械密封的更换周期是多长时间？'
    expect(completeQuestion(question, history)).toBe(question)
  })

  test('leaves the first question of a conversation alone, however short', () => {
    expect(completeQuestion('功率？', [])).toBe('功率？')
  })

  test('goes back to the last question that could stand alone', () => {
    expect(completeQuestion('那扬程呢？', [...history, '它的功率呢？'])).toBe(`${history[0]} 那扬程呢？`)
  })
})
