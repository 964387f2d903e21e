import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentTerms, terms } from '../../src/core/terms.js'
import { completeQuestion } from '../../src/retrieve/rewrite.js'

const flow = 'IH65-50-160 的额定流量是多少？'
const ball = 'HQ41F-16P DN50 的球阀多少钱？'
const english = 'What is the rated flow of the IH65-50-160?'
const power = 'HCZ50-160 在 50 Hz 下的功率是多少？'
const price = 'What is the price of the HCZ50-160?'
const grease = 'How often is the bearing grease changed?'

/** Earlier questions, the following question, what is searched for. */
type Case = readonly [history: readonly string[], question: string, searchedFor: string]

const replaces: readonly Case[] = [
  [[flow], '那 IH80 呢？', 'IH80 的额定流量是多少？'],
  [[flow], '那IH80呢', 'IH80 的额定流量是多少？'],
  [[flow], '那 IH80 和 IH100 呢？', 'IH80 和 IH100 的额定流量是多少？'],
  [[english], 'and the IH80?', 'What is the rated flow of the IH80?'],
  [[price], 'And the HCZ65-200?', 'What is the price of the HCZ65-200?'],
  [[ball], '那 DN80 呢？', 'HQ41F-16P DN80 的球阀多少钱？'],
  [['GB/T 5656 对泵有什么要求？'], 'ISO 2858 呢？', 'ISO 2858 对泵有什么要求？'],
  [['“机械密封”多久更换一次？'], '那“轴承”呢？', '“轴承”多久更换一次？'],
  [['《供货协议》里的违约金比例是多少？'], '那《采购合同》呢？', '《采购合同》里的违约金比例是多少？'],
  [['What does "priming" mean?'], 'and "venting"?', 'What does "venting" mean?'],
  [['2024 年的出口价格是多少？'], '2025 年呢？', '2025 年的出口价格是多少？'],
  [['流量 25 m3/h 的泵有哪些？'], '50 m3/h 的呢？', '流量 50 m3/h 的泵有哪些？'],
  [[power], '60 Hz 呢？', 'HCZ50-160 在 60 Hz 下的功率是多少？'],
  [[power], '那 HCZ65-200 在 60 Hz 下呢？', 'HCZ65-200 在 60 Hz 下的功率是多少？'],
  [
    ['What is the power of the 2900 rpm pump at 50 Hz?'],
    'And at 60 Hz?',
    'What is the power of the 2900 rpm pump at 60 Hz?',
  ],
  [['A 型的最大流量是多少？'], 'B 型呢', 'B 型的最大流量是多少？'],
]

const replacesAPart: readonly Case[] = [
  [['HCZ65-200A 的额定流量是多少？'], '那 H 型呢？', 'HCZ65-200 的额定流量是多少？ 那 H 型呢？'],
  [[ball], '换成 25P 的要多少？', `${ball} 换成 25P 的要多少？`],
]

const asksAnotherAttribute: readonly Case[] = [
  [[flow], '那扬程呢？', 'IH65-50-160 的扬程是多少？'],
  [[flow], '功率？', 'IH65-50-160 的功率是多少？'],
  [[english], 'and the head?', 'What is the head of the IH65-50-160?'],
  [[english], 'What about its weight?', 'What is the weight of the IH65-50-160?'],
  [['A 型的最大流量是多少？'], '最小流量呢？', 'A 型的最小流量是多少？'],
  [['电机的额定电压是多少？'], '额定电流呢？', '电机的额定电流是多少？'],
  [['“HQ41F” 的保修期多久？'], '价格呢', '“HQ41F” 的价格？'],
]

const carriesTheThing: readonly Case[] = [
  [[flow], '它的保修期多久？', 'IH65-50-160 它的保修期多久？'],
  [[flow], 'what about its weight?', 'IH65-50-160 what about its weight?'],
  [['IH65-50-160 多久换油？'], '功率呢？', 'IH65-50-160 功率呢？'],
  [['Inkstone 的许可证是什么？'], '它支持 Windows 吗？', 'Inkstone 它支持 Windows 吗？'],
  [[power], '60 Hz 的转速呢？', 'HCZ50-160 60 Hz 的转速呢？'],
  [[ball], 'DN80 的重量呢？', 'HQ41F-16P DN80 的重量呢？'],
  [[flow], '是 GB/T 5656 吗？', 'IH65-50-160 是 GB/T 5656 吗？'],
  [[flow], '能替代 IH80 吗？', 'IH65-50-160 能替代 IH80 吗？'],
  [[flow], '它和 IH80 的流量哪个大？', 'IH65-50-160 它和 IH80 的流量哪个大？'],
  [[price], 'is it cheaper than the HCZ65-200?', 'HCZ50-160 is it cheaper than the HCZ65-200?'],
]

const carriesTheQuestion: readonly Case[] = [
  [[flow], '为什么？', `${flow} 为什么？`],
  [[flow], '和 IH80 比呢？', `${flow} 和 IH80 比呢？`],
  [[grease], 'And the seal?', `${grease} And the seal?`],
  [[grease], 'and for the HCZ50-160?', `${grease} and for the HCZ50-160?`],
  [['机械密封多久更换一次？'], '那轴承呢？', '机械密封多久更换一次？ 那轴承呢？'],
  [['IH65 和 IH80 哪个流量大？'], '那 IH100 呢？', 'IH65 和 IH80 哪个流量大？ 那 IH100 呢？'],
  [['旧版是几件'], '新版呢', '旧版是几件 新版呢'],
  [['合同约定的交货期是多久？'], '逾期怎么办？', '合同约定的交货期是多久？ 逾期怎么办？'],
  [
    ['Which Siemens motor drives the pump?'],
    'and its voltage?',
    'Which Siemens motor drives the pump? and its voltage?',
  ],
  [['额定流量是多少'], 'IH80 的', '额定流量是多少 IH80 的'],
]

const standsAlone: readonly Case[] = [
  [[flow], '机械密封的更换周期是多长时间？', '机械密封的更换周期是多长时间？'],
  [[flow], '机械密封的更换周期是多久呢？', '机械密封的更换周期是多久呢？'],
  [[flow], 'IH80 的扬程呢？', 'IH80 的扬程呢？'],
  [[flow], '其实想知道机械密封的更换周期', '其实想知道机械密封的更换周期'],
  [[english], 'How long does it take to change the seal?', 'How long does it take to change the seal?'],
  [[grease], 'Is it necessary to stop the pump for that work?', 'Is it necessary to stop the pump for that work?'],
  [[], '功率？', '功率？'],
  [[], '那 IH80 呢？', '那 IH80 呢？'],
]

const longConversations: readonly Case[] = [
  [[flow, '那 IH80 呢？'], '扬程呢', 'IH80 的扬程是多少？'],
  [[flow, '那 IH80 呢？', '它的重量？'], '那 IH100 呢', 'IH100 的重量是多少？'],
  [[flow, '为什么？'], '那扬程呢？', 'IH65-50-160 的扬程是多少？'],
  [[grease, flow], '功率？', 'IH65-50-160 的功率是多少？'],
  [
    ['HCZ 系列泵国内保修多久？', '里面的机械密封呢？'],
    '一套多少钱？',
    'HCZ 系列泵国内保修多久？ 里面的机械密封呢？ 一套多少钱？',
  ],
]

describe('completeQuestion', () => {
  test.each(replaces)('after %j, "%s" names something in place of what was named: %s', expectCompleted)
  test.each(replacesAPart)('after %j, "%s" names a part of it: %s', expectCompleted)
  test.each(asksAnotherAttribute)('after %j, "%s" asks for something else of it: %s', expectCompleted)
  test.each(carriesTheThing)('after %j, "%s" is put behind the thing: %s', expectCompleted)
  test.each(carriesTheQuestion)('after %j, "%s" is put behind the question before: %s', expectCompleted)
  test.each(standsAlone)('after %j, "%s" stays as it is', expectCompleted)
  test.each(longConversations)('after %j, "%s" is completed from all of them: %s', expectCompleted)

  test('carries no more of a very long question than what it names', () => {
    const long = `IH65-50-160 ${'在这种情况下应当注意的事项有很多，'.repeat(60)}请说明`
    expect(completeQuestion('为什么？', [long])).toBe('IH65-50-160 为什么？')
  })

  test('keeps every word of the question that carries its subject', () => {
    const word = fc.constantFrom(
      ...[
        '那',
        '它的',
        '呢',
        '的',
        '扬程',
        '机械密封',
        '和',
        'IH80',
        'HCZ65-200H',
        '50 Hz',
        '“轴承”',
        '多少',
        '更换',
        '？',
      ],
      ...['and', 'the', 'what about', 'its', 'weight', 'rated flow', 'of', 'seal', 'Siemens', 'grease?', 'DN80', '25P'],
    )
    const question = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(question, fc.array(question, { maxLength: 4 }), (asked, history) => {
        const found = new Set(terms(completeQuestion(asked, history)))
        const tying = new Set(terms('那 呢 它 它的 what about its'))
        expect(contentTerms(asked).filter((term) => !tying.has(term) && !found.has(term))).toEqual([])
      }),
    )
  })
})

function expectCompleted(history: readonly string[], question: string, searchedFor: string): void {
  expect(completeQuestion(question, history)).toBe(searchedFor)
}
