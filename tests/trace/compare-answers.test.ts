import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Abstained, Answered, Citation } from '../../src/core/answer.js'
import type { AnswerTrace } from '../../src/core/answer-record.js'
import type { Hit } from '../../src/core/types.js'
import { compareAnswers, compareCitations, compareHits } from '../../src/trace/compare-answers.js'
import { answeredRecord, traceOf } from '../support/answer-records.js'
import { emptyDocument } from '../support/records.js'
import { hitOf, wholeChunk } from '../support/scripted-answer.js'

const seal = '每运行两千小时更换一次机械密封。'
const sealRevised = '每运行四千小时更换一次机械密封。'
const bearing = '轴承温度不得超过八十度。'

const documentOf = (id: string) => ({ ...emptyDocument, id, title: `${id}.txt` })
const hit = (rank: number, text: string, { document = 'doc_1', revision = 1, page = 3 } = {}): Hit => {
  const chunk = { ...wholeChunk(documentOf(document), text), id: `chk_${document}_${revision}_${text}`, revision, page }
  return hitOf(chunk, rank)
}
const citation = (quote: string, { document = 'doc_1', page = 3, verified = true, marker = 1 } = {}): Citation => ({
  marker,
  documentId: document,
  documentTitle: `${document}.txt`,
  chunkId: 'chk_1',
  page,
  headingPath: [],
  quote,
  sourceSpan: { start: 0, end: quote.length },
  answerSpan: { start: 0, end: quote.length },
  verified,
})
const answered = (text: string, given: Partial<Answered> = {}): Answered => ({ ...answeredRecord, text, ...given })
const withRevision = (trace: AnswerTrace, revision: number): AnswerTrace => ({
  ...trace,
  documents: trace.documents.map((document) => ({ ...document, revision, contentHash: `h${revision}` })),
})
const nothingNow = { documentsNow: new Map() }

describe('compareAnswers', () => {
  const trace = traceOf('kb_1', ['doc_1'])

  test('finds an answer unchanged that is compared with itself', () => {
    const same = { answer: answered(seal, { hits: [hit(1, seal)], citations: [citation(seal)] }), trace }
    const changes = compareAnswers(same, same, nothingNow)
    expect(changes).toMatchObject({ sameAnswer: true, settings: [], prompt: { kind: 'none' } })
    const kinds = [changes.text, changes.citations, changes.hits, changes.documents].flat().map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['same']))
  })

  test('shows what a changed document has changed', () => {
    const before = answered(`${seal} [1]`, { hits: [hit(1, seal), hit(2, bearing)], citations: [citation(seal)] })
    const after = answered(`${sealRevised} [1]`, {
      hits: [hit(1, bearing, { revision: 2 }), hit(2, sealRevised, { revision: 2 })],
      citations: [citation(sealRevised, { page: 4 })],
    })
    const changes = compareAnswers(
      { answer: before, trace: withRevision(trace, 1) },
      { answer: after, trace: withRevision(trace, 2) },
      nothingNow,
    )
    expect(changes.sameAnswer).toBe(false)
    expect(changes.text.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'gone', text: '两' },
      { kind: 'new', text: '四' },
    ])
    expect(changes.citations).toMatchObject([
      { kind: 'changed', before: { quote: seal, page: 3 }, after: { quote: sealRevised, page: 4 } },
    ])
    expect(changes.hits).toMatchObject([
      { kind: 'moved', textChanged: true, before: { rank: 1 }, after: { rank: 2 } },
      { kind: 'moved', textChanged: false, before: { rank: 2 }, after: { rank: 1 } },
    ])
    expect(changes.documents).toEqual([
      {
        kind: 'changed',
        documentId: 'doc_1',
        title: 'doc_1',
        before: { revision: 1, contentHash: 'h1' },
        after: { revision: 2, contentHash: 'h2' },
      },
    ])
  })

  test('tells documents that are gone from those that were not found again', () => {
    const before = traceOf('kb_1', ['doc_1', 'doc_2', 'doc_3'])
    const after = traceOf('kb_1', ['doc_4'])
    const state = { revision: 1, contentHash: 'hash of doc_2' }
    const documentsNow = new Map([
      ['doc_2', state],
      ['doc_3', { revision: 5, contentHash: 'x' }],
    ])
    const changes = compareAnswers(
      { answer: answered(seal), trace: before },
      { answer: answered(seal), trace: after },
      { documentsNow },
    )
    expect(changes.documents.map(({ documentId, kind }) => [documentId, kind])).toEqual([
      ['doc_1', 'gone'],
      ['doc_2', 'unused'],
      ['doc_3', 'changed'],
      ['doc_4', 'new'],
    ])
  })

  test('compares an answer that was stopped, and one that became a refusal', () => {
    const { id, question, searchedFor, hits, usage, timings } = answeredRecord
    const common = { id, question, searchedFor, hits, usage, timings }
    const refusal: Abstained = { ...common, status: 'abstained', reason: 'no_match', message: '没有找到' }
    const stopped = { ...common, status: 'stopped', text: '每运行', problem: null } as const
    const changes = compareAnswers({ answer: stopped, trace }, { answer: refusal, trace }, nothingNow)
    expect(changes).toMatchObject({ sameAnswer: false, status: { before: 'stopped', after: 'abstained' } })
  })

  test('names the settings that are others, and says what of the prompt is', () => {
    const prompt = (system: string, user: string) => ({
      messages: [
        { role: 'system' as const, content: system },
        { role: 'user' as const, content: user },
      ],
      sha256: `${system}/${user}`,
      maxTokens: 10,
      usage: { inputTokens: 1, outputTokens: 1 },
      firstTokenMs: null,
      totalMs: 1,
    })
    const model = { modelId: 'a', temperature: 0, maxTokens: 10, contextTokens: 100 }
    const asked = (modelId: string) => ({ ...trace.asked, model: { ...model, modelId } })
    const traced = (modelId: string, system: string, user: string) => ({
      answer: answered(seal),
      trace: { ...trace, asked: asked(modelId), prompts: [prompt(system, user)], timings: { [`${modelId}Ms`]: 1 } },
    })
    const kindOf = (system: string, user: string) =>
      compareAnswers(traced('a', 's', 'u'), traced('b', system, user), nothingNow).prompt.kind
    expect([kindOf('s', 'u'), kindOf('s', 'v'), kindOf('t', 'u')]).toEqual(['same', 'passages', 'instructions'])
    const changes = compareAnswers(traced('a', 's', 'u'), traced('b', 's', 'u'), nothingNow)
    expect(changes.settings).toEqual([{ name: 'modelId', before: 'a', after: 'b' }])
    expect(changes.timings).toEqual([
      { stage: 'aMs', beforeMs: 1, afterMs: null },
      { stage: 'bMs', beforeMs: null, afterMs: 1 },
    ])
    const quotes = compareAnswers(traced('a', 's', 'u'), { answer: answered(seal), trace }, nothingNow)
    expect(quotes.settings).toContainEqual({ name: 'modelId', before: 'a', after: 'extractive' })
  })
})

describe('compareCitations', () => {
  test('follows a quote to another page, and notices when it is no longer verified', () => {
    const before = [citation(seal), citation(bearing, { marker: 2 })]
    const after = [
      citation(bearing, { verified: false }),
      citation(seal, { page: 9 }),
      citation('全新', { document: 'doc_2' }),
    ]
    expect(compareCitations(before, after).map(({ kind, after: now }) => [kind, now?.quote])).toEqual([
      ['moved', seal],
      ['changed', bearing],
      ['new', '全新'],
    ])
  })

  test('does not take a quote of another document for the same', () => {
    const kinds = compareCitations([citation(seal)], [citation(seal, { document: 'doc_2' })]).map(({ kind }) => kind)
    expect(kinds).toEqual(['gone', 'new'])
  })
})

describe('compareHits', () => {
  const texts = fc.uniqueArray(fc.constantFrom(seal, sealRevised, bearing, '泵', '阀门', 'pump seal'), { maxLength: 6 })
  const hits = texts.map((found) => found.map((text, at) => hit(at + 1, text)))

  test('tells of every hit once, and of nothing that stayed as a change', () => {
    fc.assert(
      fc.property(hits, hits, (before, after) => {
        const changes = compareHits(before, after)
        const ranks = (side: 'before' | 'after') => changes.flatMap((change) => change[side]?.rank ?? []).sort()
        expect(ranks('before')).toEqual(before.map(({ rank }) => rank))
        expect(ranks('after')).toEqual(after.map(({ rank }) => rank))
        for (const { kind, before: was, after: is } of changes) {
          expect(kind === 'same').toBe(was !== null && is !== null && was.rank === is.rank)
          expect(kind === 'entered').toBe(was === null)
          expect(kind === 'left').toBe(is === null)
        }
      }),
    )
  })
})
