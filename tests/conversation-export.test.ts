import { describe, expect, test } from 'vitest'
import { conversationMarkdown } from '../src/conversation-export.js'
import type { Citation } from '../src/core/answer.js'
import type { AnswerRecord } from '../src/core/answer-record.js'
import { answeredRecord, newAnswerRecord } from './support/answer-records.js'
import { keptConversation } from './support/kept-conversations.js'

const citation: Citation = {
  marker: 1,
  documentId: 'doc_1',
  documentTitle: '维护手册.pdf',
  chunkId: 'chk_1',
  page: 3,
  headingPath: ['维护', '密封'],
  quote: '每运行两千小时\n更换一次。',
  sourceSpan: { start: 0, end: 8 },
  answerSpan: { start: 0, end: 8 },
  verified: true,
}

function turn(position: number, change: Partial<AnswerRecord>): AnswerRecord {
  const { trace: _, ...record } = newAnswerRecord(`ans_${position}`)
  return { ...record, position, feedback: null, ...change }
}

const answered = (change: object = {}) => ({ ...answeredRecord, ...change })

describe('conversationMarkdown', () => {
  test('writes questions, answers and their numbered sources', () => {
    const first = turn(1, { answer: answered({ citations: [{ ...citation, marker: 2, page: null }, citation] }) })
    const second = turn(2, {
      question: '那轴承呢？',
      answer: {
        ...answered({ searchedFor: '轴承多久更换一次？' }),
        status: 'abstained',
        reason: 'no_match',
        message: '没有找到。',
      },
    })
    expect(conversationMarkdown({ ...keptConversation('cnv_1'), title: '密封', turns: [first, second] })).toBe(
      `# 密封

## 1. 机械密封多久更换一次？

*提问时间: 2026-11-20 08:00 UTC*

每运行两千小时更换一次。 [1]

### 来源

[1] 维护手册.pdf, 第 3 页, 维护 › 密封

> 每运行两千小时
> 更换一次。

[2] 维护手册.pdf, 维护 › 密封

> 每运行两千小时
> 更换一次。

## 2. 那轴承呢？

*提问时间: 2026-11-20 08:00 UTC · 检索内容: 轴承多久更换一次？*

没有找到。
`,
    )
  })

  test('says what is not verified, not whole or failed, in the language of the conversation', () => {
    const { status: _, citations: __, ...rest } = answeredRecord
    const turns = [
      turn(1, {
        question: 'How often?',
        answer: answered({ citations: [{ ...citation, verified: false }], notice: 'The model broke off.' }),
      }),
      turn(2, { answer: { ...rest, status: 'stopped', text: 'Every', problem: null } }),
      turn(3, { answer: { ...rest, status: 'failed', text: '', problem: null } }),
    ]
    const text = conversationMarkdown({ ...keptConversation('cnv_1'), title: '', turns })
    expect(text).toContain('# Untitled conversation')
    expect(text).toContain('> The model broke off.')
    expect(text).toContain('[1] 维护手册.pdf, page 3, 维护 › 密封, **not verified**')
    expect(text).toContain('Every\n\n(The answer was stopped.)')
    expect(text).toContain('(The answer broke off by an error.)')
  })

  test('lets nothing in it run or be fetched', () => {
    const hostile = '<img src=x onerror=alert(1)> ![x](https://evil.example/y.png)'
    const turns = [
      turn(1, {
        question: hostile,
        answer: answered({ text: hostile, citations: [{ ...citation, quote: hostile, documentTitle: hostile }] }),
      }),
    ]
    const text = conversationMarkdown({ ...keptConversation('cnv_1'), title: hostile, turns })
    expect(text).not.toMatch(/<|(?<!\\)!\[/)
  })
})
