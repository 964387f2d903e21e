import { describe, expect, onTestFinished, test } from 'vitest'
import type { Answer, AnswerEvent } from '../../../src/core/answer.js'
import type { Hit } from '../../../src/core/types.js'
import type { AnswerParts } from '../../../src/generate/answer.js'
import { type DeepParts, deepAnswer } from '../../../src/generate/deep/deep-answer.js'
import { openAiModel } from '../../../src/generate/models/openai.js'
import { type ChatReply, type ChatServer, chatServer, hangAfter } from '../../support/chat-server.js'
import {
  callOf,
  type DeepCall,
  type DeepScript,
  deepReply,
  enough,
  lacking,
  messagesOf,
  notesOf,
  planOf,
} from '../../support/deep-script.js'
import { until } from '../../support/until.js'
import { wordEmbedder } from '../../support/word-embedder.js'
import { foundOf, lineHit, lineText, oilHit, oilText, passage, question } from './corpus.js'

const twoHops: DeepScript<string | ChatReply> = {
  plan: planOf('三号线装的是哪台泵？'),
  read: [notesOf([1, '型号是 HCZ65-200A']), notesOf([3, '用 L-HM46 润滑油'])],
  decide: [lacking('HCZ65-200A 用什么油？'), enough],
  answer: '三号线安装的泵型号为 HCZ65-200A [1]，使用 L-HM46 润滑油 [2]。',
}
const far = passage('食堂周三供应面条。', 'menu')
const texts: Record<string, string> = {
  layout: lineText,
  oils: oilText,
  menu: far.chunk.text,
  direct: '三号线的泵用 L-HM46 润滑油。',
}

async function serverFor(given: Partial<DeepScript<string | ChatReply>> = {}): Promise<ChatServer> {
  const server = await chatServer(deepReply({ ...twoHops, ...given }))
  onTestFinished(() => server.close())
  return server
}

const patience = { connectMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000 }

/** The parts of an answer by the model of a server; without a server, by none. */
function partsWith(server: ChatServer | null, given: Partial<AnswerParts & DeepParts> = {}): AnswerParts & DeepParts {
  return {
    chatModel: server && openAiModel({ baseUrl: server.baseUrl, model: 'scripted', patience }),
    embedder: wordEmbedder(),
    catalogue: {
      getPages: async (id) => {
        const text = texts[id] ?? ''
        return [{ page: id === 'oils' ? 7 : 1, span: { start: 0, end: text.length }, text }]
      },
      getDocuments: async () => new Map(),
    },
    pending: { count: 0, names: [] },
    llmMaxTokens: 100,
    llmContextTokens: 4_000,
    bounds: { maxSteps: 50, maxTokens: 100_000, timeoutMs: 60_000 },
    search: async (subQuestion) => {
      const hits = subQuestion.includes('油') ? [oilHit, far] : [lineHit, far]
      return { hits, candidates: hits, rerankFailed: false }
    },
    gather: async (lists, { isUseful }) => {
      const unique = [...new Map(lists.flat().map((hit) => [hit.chunk.id, hit])).values()]
      const hits = unique.sort((a, b) => Number(isUseful(b)) - Number(isUseful(a)))
      return { hits, passages: hits.map((hit) => ({ ...hit, parts: [hit.chunk] })) }
    },
    ...given,
  }
}

async function answerOf(parts: AnswerParts & DeepParts, first: Hit[] = [far, lineHit]) {
  const events: AnswerEvent[] = []
  for await (const event of deepAnswer(question, foundOf(...first), parts)) events.push(event)
  const last = events.at(-1)
  if (last?.type !== 'done') throw new Error('no answer at the end')
  return { events, types: events.map(({ type }) => type), answer: last.answer }
}

const callsOf = (server: ChatServer): DeepCall[] => server.requests.map((body) => callOf(messagesOf(body)))
const kindsOf = ({ steps = [] }: Answer) => steps.map(({ kind }) => kind).join(' ')

describe('deepAnswer', () => {
  test('answers a question of two hops from two documents, each statement cited and verified', async () => {
    const server = await serverFor()
    const { answer, types, events } = await answerOf(partsWith(server))
    const steps = Array.from({ length: 8 }, () => 'step')
    expect(types).toEqual(['answer.started', ...steps, 'retrieval', 'delta', 'citation', 'citation', 'usage', 'done'])
    expect(answer).toMatchObject({
      status: 'answered',
      citations: [
        { marker: 1, documentId: 'layout', quote: lineText, verified: true },
        { marker: 2, documentId: 'oils', page: 7, quote: oilText, verified: true },
      ],
      notice: null,
      usage: { inputTokens: 60, outputTokens: 6 },
    })
    expect(events[0]).toEqual({ type: 'answer.started', id: answer.id, question: question.text })
    expect(answer.steps).toEqual(events.flatMap((event) => (event.type === 'step' ? event.step : [])))
    expect(events.find(({ type }) => type === 'usage')).toMatchObject({ usage: answer.usage })
    expect(callsOf(server)).toEqual(['plan', 'read', 'decide', 'read', 'decide', 'answer'])
  })

  test('has the time of the steps beside that of search and text, and in the whole', async () => {
    const { timings } = (await answerOf(partsWith(await serverFor()))).answer
    const { embedMs, retrieveMs, generateMs, deepMs = 0, totalMs } = timings
    expect(deepMs).toBeGreaterThan(0)
    expect(totalMs).toBeCloseTo(embedMs + retrieveMs + deepMs + generateMs)
  })

  test('puts the passages that say something before the others', async () => {
    const { answer } = await answerOf(partsWith(await serverFor()))
    expect(answer.hits.map(({ chunk }) => chunk.documentId)).toEqual(['layout', 'oils', 'menu'])
  })

  test('answers at once, with a notice, where there is no language model', async () => {
    const { answer, types } = await answerOf(partsWith(null), [passage(texts.direct ?? '', 'direct')])
    expect(types).toEqual(['answer.started', 'notice', 'retrieval', 'delta', 'citation', 'usage', 'done'])
    expect(answer).toMatchObject({
      status: 'answered',
      modelId: 'extractive',
      notice: expect.stringContaining('INKSTONE_LLM_BASE_URL'),
      usage: { inputTokens: 0, outputTokens: 0 },
    })
    expect(answer).not.toHaveProperty('steps')
    expect(answer).not.toHaveProperty('timings.deepMs')
  })

  test('says that a limit was reached, and answers from what it has', async () => {
    const bounds = { maxSteps: 5, maxTokens: 100_000, timeoutMs: 60_000 }
    const { answer, events } = await answerOf(partsWith(await serverFor(), { bounds }))
    expect(events.find(({ type }) => type === 'notice')).toMatchObject({ code: 'deep_steps' })
    expect(kindsOf(answer)).toBe('search plan search read decide')
    expect(answer).toMatchObject({ status: 'answered', notice: expect.stringContaining('步数上限') })
  })

  test('says that the time was over while the model hung, and lets go of the model', async () => {
    const server = await serverFor({ plan: hangAfter('{"') })
    const bounds = { maxSteps: 50, maxTokens: 100_000, timeoutMs: 300 }
    const { answer } = await answerOf(partsWith(server, { bounds }))
    expect(answer).toMatchObject({ status: 'answered', notice: expect.stringContaining('时间上限') })
    expect(kindsOf(answer)).toBe('search')
    await until(() => server.openConnections() === 0)
  })

  test('answers from what it has when the model fails on the way, and says both', async () => {
    const dropped: ChatReply = (response) => void response.destroy()
    const { answer, types } = await answerOf(
      partsWith(await serverFor({ decide: dropped, answer: '型号为 HCZ65-200A。' })),
    )
    expect(types.filter((type) => type === 'notice')).toHaveLength(2)
    expect(answer).toMatchObject({ status: 'answered', notice: expect.stringMatching(/中途失败.*没有标注出处/) })
    expect(kindsOf(answer)).toBe('search plan search read')
  })

  test('quotes the passages when the model is gone for good', async () => {
    const broken: ChatReply = (response) => void response.writeHead(500).end()
    const server = await serverFor({ read: broken, answer: broken })
    const { answer } = await answerOf(partsWith(server))
    expect(answer).toMatchObject({
      status: 'answered',
      modelId: 'extractive',
      notice: expect.stringMatching(/中途失败.*原文摘录/),
      citations: [{ verified: true }],
    })
  })

  test('refuses when the model finds no answer in all of it, and counts what that took', async () => {
    const { answer } = await answerOf(partsWith(await serverFor({ answer: 'NO_ANSWER' })))
    expect(answer).toMatchObject({ status: 'abstained', usage: { inputTokens: 60 } })
    expect(kindsOf(answer)).toContain('read')
  })

  test.each([
    ['plan', 'search'],
    ['read', 'search plan search'],
    ['decide', 'search plan search read'],
    ['answer', 'search plan search read decide search read decide'],
  ] as const)('ends at once when it is stopped at its %s, and the server sees it', async (call, kinds) => {
    for (const hanging of [hangAfter(), hangAfter('{"'), () => undefined] satisfies ChatReply[]) {
      const server = await serverFor({ [call]: hanging })
      const stop = new AbortController()
      const steps: string[] = []
      const asked = (async () => {
        for await (const event of deepAnswer(question, foundOf(far), partsWith(server, { signal: stop.signal }))) {
          if (event.type === 'step') steps.push(event.step.kind)
        }
      })()
      asked.catch(() => undefined)
      await until(() => callsOf(server).at(-1) === call)
      stop.abort()
      await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
      await until(() => server.abandonedAt.length > 0 && server.openConnections() === 0)
      expect(steps.join(' ')).toBe(kinds)
    }
  })

  test('lets go of the model when the reader leaves after a step', async () => {
    const server = await serverFor()
    for await (const event of deepAnswer(question, foundOf(far), partsWith(server))) {
      if (event.type === 'step' && event.step.kind === 'plan') break
    }
    await until(() => server.openConnections() === 0)
    expect(callsOf(server)).toEqual(['plan'])
  })
})
