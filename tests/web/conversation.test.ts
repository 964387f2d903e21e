import { describe, expect, test } from 'vitest'
import type { Answer, AnswerEvent, NoticeCode, Step } from '../../src/core/answer.js'
import { applyEvent, failTurn, historyOf, startTurn, stopTurn, turnOf } from '../../web/conversation.js'
import { newAnswerRecord } from '../support/answer-records.js'

const base = {
  id: 'ans_1',
  question: '怎么启动？',
  searchedFor: '怎么启动？',
  hits: [],
  usage: { inputTokens: 0, outputTokens: 0 },
  timings: { embedMs: 1, retrieveMs: 1, generateMs: 1, totalMs: 3 },
}
const answered: Answer = {
  ...base,
  status: 'answered',
  text: '先灌泵[1]。',
  modelId: 'extractive',
  citations: [],
  finishReason: 'complete',
  notice: null,
  problem: null,
  inventedMarkers: 0,
}
const noticeOf = (code: NoticeCode): AnswerEvent => ({ type: 'notice', code, message: '模型没有回应', problem: null })
const turnAfter = (...events: AnswerEvent[]) => events.reduce(applyEvent, startTurn('怎么启动？', '1'))

describe('applyEvent', () => {
  test('shows sources before there is text, then lets the text grow', () => {
    const searched = turnAfter({ type: 'retrieval', searchedFor: '怎么启动？', hits: [] })
    expect(searched).toMatchObject({ state: 'writing', hits: [], text: '', searchedFor: null })
    const growing = [{ type: 'delta', text: '先灌' } as const, { type: 'delta', text: '泵' } as const]
    expect(growing.reduce(applyEvent, searched).text).toBe('先灌泵')
  })

  test('gathers the steps of a deep answer while it searches, and keeps those of the whole answer', () => {
    const usage = { inputTokens: 0, outputTokens: 0 }
    const step: Step = { kind: 'search', subQuestion: '哪台泵？', found: [], ms: 1, usage }
    const searching = applyEvent(startTurn('怎么启动？', '1', { mode: 'deep' }), { type: 'step', step })
    expect(searching).toMatchObject({ mode: 'deep', state: 'searching', steps: [step] })
    expect(applyEvent(searching, { type: 'done', answer: { ...answered, steps: [step, step] } }).steps).toHaveLength(2)
    expect(turnAfter({ type: 'done', answer: answered })).toMatchObject({ mode: 'quick', steps: [] })
  })

  test('tells what was searched for when that is not the question', () => {
    expect(turnAfter({ type: 'retrieval', searchedFor: '离心泵怎么启动', hits: [] }).searchedFor).toBe('离心泵怎么启动')
  })

  test('ends with the answer as the server holds it', () => {
    const ended = turnAfter({ type: 'delta', text: '先灌' }, { type: 'done', answer: answered })
    expect(ended).toMatchObject({ state: 'answered', text: '先灌泵[1]。', modelId: 'extractive', totalMs: 3 })
  })

  test('shows a notice once, though it comes as an event and with the answer', () => {
    const ended = turnAfter(noticeOf('model_failed'), { type: 'done', answer: { ...answered, notice: '模型没有回应' } })
    expect(ended.notices).toEqual(['模型没有回应'])
  })

  test('keeps the text of a model that broke off, and that it is not whole', () => {
    const turn = turnAfter({ type: 'delta', text: '先灌' }, noticeOf('cut_off'))
    expect(turn).toMatchObject({ text: '先灌', notices: ['模型没有回应'], finishReason: null })
    const answer: Answer = { ...answered, text: '先灌', finishReason: 'cut_off', notice: '模型没有回应' }
    expect(applyEvent(turn, { type: 'done', answer })).toMatchObject({ state: 'answered', finishReason: 'cut_off' })
  })

  test('ends a refusal as abstained', () => {
    const answer: Answer = { ...base, status: 'abstained', reason: 'low_confidence', message: '不足以回答' }
    expect(turnAfter({ type: 'done', answer })).toMatchObject({
      state: 'abstained',
      refusal: { reason: 'low_confidence', message: '不足以回答' },
    })
  })

  test('drops what a failed model had written when there is no answer in the end', () => {
    const answer: Answer = { ...base, status: 'abstained', reason: 'low_confidence', message: '不足以回答' }
    const ended = turnAfter({ type: 'delta', text: '先灌' }, noticeOf('model_failed'), { type: 'done', answer })
    expect(ended).toMatchObject({ state: 'abstained', text: '', notices: ['模型没有回应'] })
  })

  test('changes nothing after the user has stopped the answer', () => {
    const stopped = stopTurn(turnAfter({ type: 'delta', text: '先' }))
    expect(applyEvent(stopped, { type: 'delta', text: '灌' })).toBe(stopped)
    expect(failTurn(stopped, { code: 'internal', message: '' })).toBe(stopped)
  })
})

describe('historyOf', () => {
  const turn = (question: string) => startTurn(question, question)

  test('holds the earlier questions that got through, oldest first', () => {
    const failed = failTurn(turn('b'), { code: 'unreachable', message: '' })
    expect(historyOf([turn('a'), failed, stopTurn(turn('c'))])).toEqual(['a', 'c'])
  })

  test('holds the last ten', () => {
    expect(historyOf(Array.from({ length: 12 }, (_, index) => turn(String(index))))).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index + 2)),
    )
  })
})

describe('turnOf', () => {
  const { trace: _, ...record } = newAnswerRecord('ans_1')
  const kept = { ...record, position: 1, feedback: null }

  test('is the turn as it was when its answer had come', () => {
    const answer = { ...answered, searchedFor: '离心泵怎么启动' }
    expect(turnOf({ ...kept, question: answered.question, answer })).toMatchObject({
      key: 'ans_1',
      state: 'answered',
      mode: 'quick',
      searchedFor: '离心泵怎么启动',
      text: answered.text,
    })
    expect(turnOf({ ...kept, answer: { ...answered, steps: [] } }).mode).toBe('deep')
  })

  test('knows under which name it can be rated, and how it was', () => {
    expect(turnOf(kept)).toMatchObject({ answerId: 'ans_1', rating: null })
    const feedback = { rating: 'down', reason: null, correctedAnswer: null, at: '2026-11-20T09:00:00.000Z' } as const
    expect(turnOf({ ...kept, feedback }).rating).toBe('down')
    expect(turnAfter({ type: 'answer.started', id: 'ans_9', question: '怎么启动？' })).toMatchObject({
      answerId: 'ans_9',
    })
  })

  test('keeps what there is of an answer that was stopped or failed', () => {
    const problem = { code: 'internal', message: 'no' }
    const stopped = { ...base, status: 'stopped', text: '先', problem: null } as const
    expect(turnOf({ ...kept, answer: stopped })).toMatchObject({ state: 'stopped', text: '先' })
    expect(turnOf({ ...kept, answer: { ...stopped, status: 'failed', problem } })).toMatchObject({
      state: 'failed',
      problem,
    })
  })
})
