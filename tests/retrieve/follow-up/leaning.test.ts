import { describe, expect, test } from 'vitest'
import { compares, coreOf, lacksSubject, leansBack } from '../../../src/retrieve/follow-up/leaning.js'

describe('leansBack', () => {
  test.each([
    '那扬程呢？',
    '它的保修期多久？',
    '为什么？',
    '前者的保修期比后者长多少？',
    'what about its weight?',
    'and for the other one?',
  ])('is true of "%s"', (question) => {
    expect(leansBack(question)).toBe(true)
  })

  test.each([
    '机械密封的更换周期是多久呢？',
    '其他人员能否进入受限空间作业？',
    'How long does it take to change the seal?',
  ])('is false of "%s"', (question) => {
    expect(leansBack(question)).toBe(false)
  })
})

describe('coreOf', () => {
  test.each([
    ['那扬程呢？', '扬程'],
    ['那么它的重量呢', '重量'],
    ['换成 25P 的呢', '25P'],
    ['And at 60 Hz?', '60 Hz'],
    ['What about its weight?', 'weight'],
    ['呢', ''],
  ])('takes from "%s" what only ties it to the question before', (question, core) => {
    expect(coreOf(question)).toBe(core)
  })
})

describe('compares', () => {
  test('tells a comparison from what merely sounds like one', () => {
    expect(compares('和 IH80 比呢')).toBe(true)
    expect(compares('Is it cheaper than the IH80?')).toBe(true)
    expect(compares('违约金比例是多少')).toBe(false)
  })
})

describe('lacksSubject', () => {
  test('tells a question without anything that it asks about', () => {
    expect(lacksSubject('能替代 IH80 吗？')).toBe(true)
    expect(lacksSubject('安全带能用五年吗？')).toBe(false)
  })
})
