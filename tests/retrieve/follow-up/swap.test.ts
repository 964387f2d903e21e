import { describe, expect, test } from 'vitest'
import { mentionsIn } from '../../../src/retrieve/follow-up/mentions.js'
import { swapAttribute, swapMentions, thingOf } from '../../../src/retrieve/follow-up/swap.js'

const swap = (context: string, question: string) => swapMentions(context, mentionsIn(question), question)

describe('swapMentions', () => {
  test('replaces each by the one of its family', () => {
    expect(swap('HQ41F-16P DN50 在 50 Hz 下', 'DN80 和 60 Hz')).toBe('HQ41F-16P DN80 在 60 Hz 下')
  })

  test.each([
    ['IH65 和 IH80 哪个大', 'IH100'],
    ['轴承多久换油', 'IH80'],
    ['IH65 的流量', '50 Hz'],
    ['IH65-16P 和 IH80-10P 的价格', '25P'],
  ])('replaces nothing where it is not clear what: "%s", "%s"', (context, question) => {
    expect(swap(context, question)).toBeNull()
  })
})

describe('swapAttribute', () => {
  test('replaces the one attribute, with what limits it', () => {
    expect(swapAttribute('泵的最大流量是多少', '扬程')).toBe('泵的扬程是多少')
  })

  test('does not put an attribute in another language, nor choose among several', () => {
    expect(swapAttribute('泵的最大流量是多少', 'weight')).toBeNull()
    expect(swapAttribute('泵的流量和扬程', '重量')).toBeNull()
  })
})

describe('thingOf', () => {
  test.each([
    ['请问 IH65 的额定流量是多少？', 'IH65'],
    ['循环水泵的电机功率？', '循环水泵的电机'],
    ['What is the weight of the HCZ50-160?', 'the HCZ50-160'],
    ['机械密封多久换一次', null],
    ['流量超过 30 m3/h 的泵', null],
  ])('of "%s" is %s', (question, thing) => {
    expect(thingOf(question)).toBe(thing)
  })
})
