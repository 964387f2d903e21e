import { describe, expect, test } from 'vitest'
import type { AnswerEvent, Question } from '../../src/core/answer.js'
import { InkstoneError } from '../../src/core/errors.js'
import type { ChatModel } from '../../src/core/ports.js'
import type { Hit } from '../../src/core/types.js'
import { type AnswerParts, answer, type Found } from '../../src/generate/answer.js'
import { builtInModel } from '../../src/generate/confidence.js'
import { makeChunk } from '../support/chunks.js'
import { wordEmbedder } from '../support/word-embedder.js'

const text = '机械密封每 8000 小时更换一次。'
const hit: Hit = {
  rank: 1,
  score: 1,
  signals: { dense: 0.9, lexical: 9, fused: 1, rerank: null },
  chunk: makeChunk({ text, page: 2 }),
}
const found: Found = {
  searchedFor: '机械密封多久更换一次？',
  hits: [hit],
  runnersUp: [],
  candidates: [hit],
  passages: [{ ...hit, parts: [hit.chunk] }],
  rerankFailed: false,
  missingPhrases: [],
  timings: { embedMs: 1, retrieveMs: 2 },
}
const nothing: Found = { ...found, hits: [], candidates: [] }
const question: Question = { text: '机械密封多久更换一次？', history: [], topK: 5, filter: {} }

const parts = (given: Partial<AnswerParts> = {}): AnswerParts => ({
  chatModel: null,
  embedder: wordEmbedder(),
  catalogue: {
    getPages: async () => [{ page: 2, span: { start: 0, end: text.length }, text }],
    getDocuments: async () => new Map(),
  },
  pending: { count: 0, names: [] },
  llmMaxTokens: 100,
  llmContextTokens: 4000,
  ...given,
})

/** A model that says what it is told to say. */
const saying = (...pieces: (string | Error)[]): ChatModel => ({
  modelId: 'scripted',
  async *stream() {
    for (const piece of pieces) {
      if (piece instanceof Error) throw piece
      yield { type: 'delta', text: piece }
    }
    yield { type: 'usage', usage: { inputTokens: 7, outputTokens: 3 } }
  },
})

/** A model that tells how it ended. */
const ending = (reason: 'complete' | 'length', ...pieces: string[]): ChatModel => ({
  modelId: 'scripted',
  async *stream() {
    for (const piece of pieces) yield { type: 'delta', text: piece }
    yield { type: 'finish', reason }
  },
})

async function collect(given: Partial<AnswerParts> = {}, what = found, { question: asked = question } = {}) {
  const events: AnswerEvent[] = []
  for await (const event of answer(asked, what, parts(given))) events.push(event)
  const last = events.at(-1)
  if (last?.type !== 'done') throw new Error('no answer at the end')
  return { events, types: events.map(({ type }) => type), answer: last.answer, text: written(events) }
}

const written = (events: readonly AnswerEvent[]) =>
  events.map((event) => (event.type === 'delta' ? event.text : '')).join('')

describe('answer', () => {
  test('sends sources first, then text, then citations, then the whole', async () => {
    const { types, answer } = await collect()
    expect(types).toEqual(['answer.started', 'retrieval', 'delta', 'citation', 'usage', 'done'])
    expect(answer).toMatchObject({
      status: 'answered',
      modelId: 'extractive',
      citations: [{ quote: text, page: 2, verified: true }],
      timings: { embedMs: 1, retrieveMs: 2 },
    })
  })

  test('refuses when nothing was found, with the reason', async () => {
    const { types, answer } = await collect({}, nothing)
    expect(types).toEqual(['answer.started', 'retrieval', 'refusal', 'done'])
    expect(answer).toMatchObject({ status: 'abstained', reason: 'no_match' })
  })

  test('refuses with the nearest passages when they do not carry an answer', async () => {
    const far: Hit = {
      ...hit,
      signals: { dense: 0.1, lexical: null, fused: 1, rerank: null },
      chunk: makeChunk({ text: '食堂周三供应面条。' }),
    }
    const { answer } = await collect({}, { ...found, hits: [far], candidates: [far] })
    expect(answer).toMatchObject({ status: 'abstained', reason: 'out_of_scope', hits: [far] })
  })

  test('tells a subject that is there and not answered from one that is not there', async () => {
    const near: Hit = { ...hit, chunk: makeChunk({ text: '机械密封由装配车间更换。' }) }
    const { answer } = await collect({}, { ...found, hits: [near], candidates: [near] })
    expect(answer).toMatchObject({ status: 'abstained', reason: 'low_confidence' })
  })

  test('refuses by what the knowledge base has learned', async () => {
    const answerabilityModel = { ...builtInModel, least: 1 }
    expect((await collect({ answerabilityModel })).answer).toMatchObject({ status: 'abstained' })
    expect((await collect({ answerabilityModel: null })).answer).toMatchObject({ status: 'answered' })
  })

  test('answers from the nearest passages when asked to even if unsure, and says so', async () => {
    const near: Hit = { ...hit, chunk: makeChunk({ text: '机械密封由装配车间更换。', page: 2 }) }
    const unsure = { question: { ...question, evenIfUnsure: true } }
    const { answer, types } = await collect({}, { ...found, hits: [near], candidates: [near] }, unsure)
    expect(types).toEqual(['answer.started', 'retrieval', 'notice', 'delta', 'citation', 'usage', 'done'])
    expect(answer).toMatchObject({ status: 'answered', notice: expect.stringContaining('请自行核对') })
    expect((await collect({}, nothing, unsure)).answer).toMatchObject({ status: 'abstained', reason: 'no_match' })
    const sure = await collect({}, found, unsure)
    expect(sure.answer).toMatchObject({ status: 'answered', notice: null })
  })

  test('quotes where a model declines and an answer is wanted even if unsure', async () => {
    const unsure = { question: { ...question, evenIfUnsure: true } }
    const { answer, types } = await collect({ chatModel: saying('NO_ANSWER') }, found, unsure)
    expect(types.filter((type) => type === 'notice')).toHaveLength(1)
    expect(answer).toMatchObject({ status: 'answered', modelId: 'extractive', notice: expect.stringContaining('核对') })
  })

  test('says that documents are still being read', async () => {
    const { answer } = await collect({ pending: { count: 2, names: ['手册.pdf'] } }, nothing)
    expect(answer).toMatchObject({ status: 'abstained', reason: 'still_indexing', pendingDocuments: ['手册.pdf'] })
    expect(answer).toMatchObject({ message: expect.stringContaining('正在处理：手册.pdf 等 2 个。') })
  })

  test('streams what a language model writes and checks its citations', async () => {
    const { answer, text: streamed } = await collect({ chatModel: saying('每 8000 小时', '更换一次 [1]。另见 [7]。') })
    expect(streamed).toBe('每 8000 小时更换一次 [1]。另见。')
    expect(answer).toMatchObject({
      status: 'answered',
      modelId: 'scripted',
      text: '每 8000 小时更换一次 [1]。另见。',
      citations: [{ marker: 1, quote: text, verified: true }],
      usage: { inputTokens: 7, outputTokens: 3 },
    })
  })

  test('sends a citation as soon as its sentence has ended', async () => {
    const chatModel = saying('每 8000 小时', '更换一次 [', '1]。', '另', '见 [9', ']。')
    const { events, answer } = await collect({ chatModel })
    const shown = events
      .filter((event) => event.type === 'delta' || event.type === 'citation')
      .map((event) => (event.type === 'delta' ? event.text : event.citation))
    const cited = expect.objectContaining({ marker: 1, quote: text, verified: true, answerSpan: { start: 0, end: 18 } })
    expect(shown).toEqual(['每 8000 小时', '更换一次', ' [1]。', '另', cited, '见', '。'])
    expect(answer).toMatchObject({ text: '每 8000 小时更换一次 [1]。另见。', citations: [cited], inventedMarkers: 1 })
  })

  test('stops the model when nobody reads any more', async () => {
    const left: string[] = []
    const chatModel: ChatModel = {
      modelId: 'scripted',
      async *stream() {
        try {
          for (;;) yield { type: 'delta', text: '每 8000 小时更换。' }
        } finally {
          left.push('stopped')
        }
      },
    }
    for await (const event of answer(question, found, parts({ chatModel }))) if (event.type === 'delta') break
    expect(left).toEqual(['stopped'])
  })

  test('says when the reranking model could not be used, and answers', async () => {
    const { answer, types } = await collect({}, { ...found, rerankFailed: true })
    expect(types).toEqual(['answer.started', 'retrieval', 'notice', 'delta', 'citation', 'usage', 'done'])
    expect(answer).toMatchObject({ status: 'answered', notice: expect.stringContaining('精排') })
    const both = await collect({ chatModel: saying('每 8000 小时更换。') }, { ...found, rerankFailed: true })
    expect(both.answer).toMatchObject({ notice: expect.stringMatching(/精排.*没有标注出处/) })
  })

  test('says when no passage holds the quoted phrases, before anything else', async () => {
    const { answer, types } = await collect({}, { ...found, missingPhrases: ['密封机械'], rerankFailed: true })
    expect(types.slice(0, 4)).toEqual(['answer.started', 'retrieval', 'notice', 'notice'])
    expect(answer).toMatchObject({ status: 'answered', notice: expect.stringMatching(/引号.*精排/) })
  })

  test('has the model read the passages in place of the hits, and cites the chunk in which a quote stands', async () => {
    const after = makeChunk({ text: '轴承温度不得超过 75 ℃。', id: 'chk_after', span: { start: 20, end: 35 }, page: 2 })
    const whole = `${text}${' '.repeat(20 - text.length)}${after.text}`
    const chunk = { ...hit.chunk, text: whole, span: { start: 0, end: whole.length } }
    const passages = [{ ...hit, chunk, parts: [hit.chunk, after] }]
    const { catalogue: rest } = parts()
    const catalogue = {
      ...rest,
      getPages: async () => [{ page: 2, span: { start: 0, end: whole.length }, text: whole }],
    }
    const chatModel = saying('轴承温度不得超过 75 ℃ [1]。')
    const { answer } = await collect({ chatModel, catalogue }, { ...found, passages })
    expect(answer).toMatchObject({
      hits: [hit],
      citations: [{ chunkId: 'chk_after', quote: after.text, sourceSpan: { start: 20 }, verified: true }],
    })
  })

  test('shows nothing of the sign by which a model says that it has no answer', async () => {
    const { types, text: streamed, answer } = await collect({ chatModel: saying('NO_', 'ANSWER') })
    expect(streamed).toBe('')
    expect(types).not.toContain('delta')
    expect(answer).toMatchObject({ status: 'abstained', reason: 'low_confidence' })
  })

  test('notes an answer that names no source', async () => {
    const { answer, types } = await collect({ chatModel: saying('每 8000 小时更换。') })
    expect(types).toContain('notice')
    expect(answer).toMatchObject({ status: 'answered', citations: [], notice: expect.stringContaining('没有标注出处') })
  })

  test('quotes the passages when the language model is down, with a notice', async () => {
    const down = new InkstoneError('language_model_unreachable', 'it is off')
    const { answer, types } = await collect({ chatModel: saying(down) })
    expect(types).toEqual(['answer.started', 'retrieval', 'notice', 'delta', 'citation', 'usage', 'done'])
    expect(answer).toMatchObject({
      modelId: 'extractive',
      finishReason: 'complete',
      notice: expect.stringContaining('it is off'),
      problem: { code: 'language_model_unreachable' },
      citations: [{ verified: true }],
    })
  })

  test('keeps and marks what a language model had written before it broke off, and checks it', async () => {
    const lost = new InkstoneError('language_model_unreachable', 'it hung up', { remedy: 'start it' })
    const { answer, types, events } = await collect({ chatModel: saying('每 8000 小时更换一次 [1]。另', '见 [', lost) })
    expect(types.slice(-6)).toEqual(['delta', 'citation', 'delta', 'notice', 'usage', 'done'])
    const problem = { code: 'language_model_unreachable', message: 'it hung up', remedy: 'start it' }
    expect(events.find(({ type }) => type === 'notice')).toMatchObject({ code: 'cut_off', problem })
    expect(answer).toMatchObject({
      status: 'answered',
      modelId: 'scripted',
      text: '每 8000 小时更换一次 [1]。另见',
      finishReason: 'cut_off',
      notice: '语言模型中途断开，以下回答不完整。 (it hung up)',
      problem,
      citations: [{ marker: 1, quote: text, verified: true }],
    })
  })

  test('says of a piece without sources both that it is a piece and that it names none', async () => {
    const lost = new InkstoneError('language_model_failed', 'it broke')
    const { answer } = await collect({ chatModel: saying('每 8000', lost) })
    expect(answer).toMatchObject({ notice: expect.stringMatching(/不完整.*it broke.*没有标注出处/), citations: [] })
  })

  test('marks an answer that ended at its greatest length', async () => {
    const { answer } = await collect({ chatModel: ending('length', '每 8000 小时更换一次 [1]') })
    expect(answer).toMatchObject({ finishReason: 'length', notice: expect.stringContaining('长度上限'), problem: null })
  })

  test.each([
    ['complete', 'wrote nothing'],
    ['length', 'spent its tokens before its first word'],
  ] as const)('quotes the passages when a model ends (%s) without a word', async (reason, why) => {
    const { answer } = await collect({ chatModel: ending(reason) })
    expect(answer).toMatchObject({ modelId: 'extractive', problem: { message: expect.stringContaining(why) } })
  })

  test('leaves it to the user to ask again when the model is merely busy', async () => {
    const busy = new InkstoneError('language_model_busy', 'too much to do')
    await expect(collect({ chatModel: saying(busy) })).rejects.toBe(busy)
  })

  test('ends when it is stopped', async () => {
    const stopped = new InkstoneError('cancelled', 'stopped')
    await expect(collect({ chatModel: saying('每', stopped) })).rejects.toMatchObject({ code: 'cancelled' })
  })
})
