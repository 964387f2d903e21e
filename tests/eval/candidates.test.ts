import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Abstained, Answered, Citation } from '../../src/core/answer.js'
import type { AnswerRecord, Feedback } from '../../src/core/answer-record.js'
import { answerTriples, candidateQuestions, questionKey, type RatedAnswer } from '../../src/eval/candidates.js'
import { readGolden } from '../../src/eval/golden.js'
import { answeredRecord, newAnswerRecord } from '../support/answer-records.js'
import { emptyDocument } from '../support/records.js'
import { hitOf, wholeChunk } from '../support/scripted-answer.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const source = '每运行四千小时更换一次机械密封，由厂家进行。'
const hit = hitOf({ ...wholeChunk({ ...emptyDocument, id: 'doc_1', title: '手册' }, source), page: 3 }, 1)
const citation: Citation = {
  marker: 1,
  documentId: 'doc_1',
  documentTitle: '手册',
  chunkId: hit.chunk.id,
  page: 3,
  headingPath: [],
  quote: '每运行四千小时更换一次机械密封',
  sourceSpan: { start: 0, end: 15 },
  answerSpan: { start: 0, end: 15 },
  verified: true,
}
const answered: Answered = {
  ...answeredRecord,
  text: '每运行四千小时更换一次。 [1]',
  hits: [hit],
  citations: [citation],
}
const { id, question, searchedFor, hits, usage, timings } = answered
const abstained: Abstained = {
  id,
  question,
  searchedFor,
  hits,
  usage,
  timings,
  status: 'abstained',
  reason: 'no_match',
  message: '没有',
}

function rated(
  rating: Feedback['rating'],
  {
    answer = answered,
    at = '2026-11-20T09:00:00.000Z',
    history = [],
    correctedAnswer = null,
    ...rest
  }: Partial<
    Pick<AnswerRecord, 'answer' | 'id' | 'question'> & { at: string; history: string[]; correctedAnswer: string | null }
  > = {},
): RatedAnswer {
  const { trace: _, ...record } = newAnswerRecord('ans_1', { answer, ...rest })
  return { record: { ...record, position: null, feedback: { rating, reason: null, correctedAnswer, at } }, history }
}

const fileNameOf = (documentId: string) => (documentId.startsWith('doc_') ? `${documentId}.pdf` : null)
const candidates = (...answers: RatedAnswer[]) => candidateQuestions(answers, fileNameOf)
const triples = (...answers: RatedAnswer[]) => answerTriples(answers, fileNameOf)

describe('candidateQuestions', () => {
  test('expects of a liked answer what it has cited and what was verified', () => {
    const loose = { ...citation, quote: '由厂家进行', verified: false }
    const gone = { ...citation, documentId: 'gone' }
    const answer = { ...answered, citations: [citation, citation, loose, gone] }
    expect(candidates(rated('up', { answer }))).toEqual([
      {
        id: 'ans_1',
        kind: 'single',
        language: 'zh',
        question,
        history: [],
        expected: [{ document: 'doc_1.pdf', page: 3, quote: citation.quote }],
        alternatives: [],
        answer: '每运行四千小时更换一次。',
      },
    ])
  })

  test('expects of a disliked one the corrected answer, where the passages hold it', () => {
    const corrected = rated('down', { correctedAnswer: ' 由厂家 进行 ' })
    expect(candidates(corrected)).toMatchObject([
      { answer: ' 由厂家 进行 ', expected: [{ document: 'doc_1.pdf', page: 3, quote: '由厂家 进行' }] },
    ])
    const now = { ...hit, chunk: { ...hit.chunk, documentId: 'doc_2', page: 9, text: '自 2026 年起由厂家进行。' } }
    expect(candidates({ ...corrected, hitsNow: [now] })).toMatchObject([
      { expected: [{ document: 'doc_2.pdf', page: 9, quote: '由厂家 进行' }] },
    ])
    expect(candidates(rated('down', { correctedAnswer: '每月' }))).toMatchObject([{ answer: '每月', expected: [] }])
    expect(candidates(rated('down'))).toMatchObject([{ kind: 'single', answer: null, expected: [] }])
  })

  test('takes a refusal that was liked for a question without an answer', () => {
    expect(candidates(rated('up', { answer: abstained }))).toMatchObject([{ kind: 'unanswerable', answer: null }])
    expect(candidates(rated('down', { answer: abstained }))).toMatchObject([{ kind: 'single', answer: null }])
    expect(candidates(rated('up', { answer: abstained, correctedAnswer: '四千小时' }))).toMatchObject([
      { kind: 'single' },
    ])
  })

  test('tells follow-ups and questions of several documents from single ones', () => {
    const answer = { ...answered, citations: [citation, { ...citation, documentId: 'doc_2' }] }
    expect(candidates(rated('up', { answer }))).toMatchObject([{ kind: 'multi' }])
    expect(candidates(rated('up', { history: ['机械密封'] }))).toMatchObject([
      { kind: 'follow_up', history: ['机械密封'] },
    ])
  })

  test('has each question once, with its last rating', () => {
    const asked = ['机械密封多久更换一次？', '机械密封多久更换一次 ', '机械密封多久更换一次?'].map((text, at) =>
      rated(at === 1 ? 'down' : 'up', {
        question: text,
        id: `ans_${at}`,
        at: `2026-11-2${at === 1 ? 9 : at}T09:00:00.000Z`,
      }),
    )
    expect(candidates(...asked)).toMatchObject([{ id: 'ans_1', answer: null }])
    expect(candidates(...asked, rated('up', { history: ['另一个问题'] }))).toHaveLength(2)
  })

  test('gives lines that eval reads as they are', async () => {
    const lines = candidates(
      rated('up'),
      rated('down', { question: '轴承？', id: 'ans_2' }),
      rated('up', { question: '天气？', id: 'ans_3', answer: abstained }),
    )
    const path = join(await temporaryFolder(), 'candidates.jsonl')
    await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'))
    expect(await readGolden(path)).toEqual(lines)
  })
})

describe('questionKey', () => {
  const keyOf = (text: string, history: string[] = []) => questionKey(rated('up', { question: text, history }))

  test('does not change with widths, case, white space and the mark at the end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('泵多久换', 'Pump seal 25 m3/h', 'ＨＣＺ65'),
        fc.constantFrom('', '?', '？', ' 。', ' ...'),
        (text, end) => {
          expect(keyOf(` ${text.replace(' ', '  ').toUpperCase()}${end}`)).toBe(keyOf(text))
        },
      ),
    )
  })

  test('tells questions apart, also by the ones before them', () => {
    expect(keyOf('泵？')).not.toBe(keyOf('阀？'))
    expect(keyOf('泵？', ['阀？'])).not.toBe(keyOf('泵？'))
    expect(keyOf('b', ['a'])).not.toBe(keyOf('a b'))
  })
})

describe('answerTriples', () => {
  test('holds question, answer and what it rests on', () => {
    expect(triples(rated('up'))).toEqual([
      {
        question,
        answer: '每运行四千小时更换一次。',
        sources: [{ document: 'doc_1.pdf', title: '手册', page: 3, quote: citation.quote, passage: source }],
      },
    ])
  })

  test('leaves out whatever nobody should learn from', () => {
    const bad: Answered[] = [
      { ...answered, citations: [] },
      { ...answered, citations: [citation, { ...citation, verified: false }] },
      { ...answered, finishReason: 'cut_off' },
      { ...answered, problem: { code: 'language_model_failed', message: 'x' } },
    ]
    expect(bad.flatMap((answer) => triples(rated('up', { answer })))).toEqual([])
    expect(triples(rated('down'))).toEqual([])
    expect(triples(rated('up', { answer: abstained }))).toEqual([])
  })

  test('leaves out a question whose last rating was bad', () => {
    const later = '2026-11-21T09:00:00.000Z'
    expect(triples(rated('up'), rated('down', { at: later }))).toEqual([])
    expect(triples(rated('down'), rated('up', { at: later }))).toHaveLength(1)
  })
})
