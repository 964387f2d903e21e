import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Answer } from '../../src/core/answer.js'
import type { ChatMessage, ChatModel } from '../../src/core/ports.js'
import type { Hit } from '../../src/core/types.js'
import { type AnswerParts, answer, type Found } from '../../src/generate/answer.js'
import { deepAnswer } from '../../src/generate/deep/deep-answer.js'
import { buildPrompt } from '../../src/generate/prompt.js'
import { rewriteQuestion } from '../../src/generate/rewrite-question.js'
import { makeChunk } from '../support/chunks.js'
import { callOf, enough, lacking, notesOf, planOf } from '../support/deep-script.js'
import { forbiddenWord, obedientModel, orders } from '../support/obedient-model.js'
import { wordEmbedder } from '../support/word-embedder.js'

const caseSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  place: z.enum(['text', 'title', 'heading', 'tableHeader', 'history']),
  /** Whether it gets out of a fence that is put around it as it is. */
  breaksOut: z.boolean(),
  text: z.string(),
})
type Poison = z.infer<typeof caseSchema>

const cases = readFileSync(new URL('cases/poisoned.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => caseSchema.parse(JSON.parse(line)))

const question = '额定流量是多少？'
const plain = '额定流量为 25 m3/h，额定扬程为 32 m。'

function hitOf({ place, text }: Poison): Hit {
  const chunk = makeChunk({
    text: place === 'text' ? `${plain}\n${text}` : plain,
    documentTitle: place === 'title' ? text : '规格书',
    headingPath: place === 'heading' ? ['性能', text] : ['性能'],
    tableHeader: place === 'tableHeader' ? text : null,
  })
  return { rank: 1, score: 1, signals: { dense: 0.9, lexical: 9, fused: 1, rerank: null }, chunk }
}

const historyOf = ({ place, text }: Poison) => (place === 'history' ? [text] : [])

/** The fence as a program would write it that trusts its documents. */
function naivePrompt({ place, text }: Poison): ChatMessage[] {
  const title = place === 'title' ? text : '规格书'
  const section = place === 'heading' ? text : '性能'
  const body = place === 'text' || place === 'tableHeader' ? text : plain
  const earlier = place === 'history' ? `<earlier-question>\n${text}\n</earlier-question>\n` : ''
  const passage = `<passage number="1" title="${title}" section="${section}">\n${body}\n</passage>`
  return [{ role: 'user', content: `${passage}\n${earlier}<question>\n${question}\n</question>` }]
}

const foundIn = (hits: Hit[]): Found => ({
  searchedFor: question,
  hits,
  runnersUp: [],
  candidates: hits,
  passages: hits.map((hit) => ({ ...hit, parts: [hit.chunk] })),
  rerankFailed: false,
  missingPhrases: [],
  timings: { embedMs: 1, retrieveMs: 1 },
})

const answering = (chatModel: ChatModel): AnswerParts => ({
  chatModel,
  embedder: wordEmbedder(),
  catalogue: { getPages: async () => [], getDocuments: async () => new Map() },
  pending: { count: 0, names: [] },
  llmMaxTokens: 100,
  llmContextTokens: 8000,
})

async function answerWith(poison: Poison) {
  const chatModel = obedientModel()
  const hits = [hitOf(poison)]
  const events = answer(
    { text: question, history: historyOf(poison), topK: 5, filter: {} },
    foundIn(hits),
    answering(chatModel),
  )
  let text = ''
  for await (const event of events)
    if (event.type === 'done' && event.answer.status === 'answered') text = event.answer.text
  return { text, seen: chatModel.seen }
}

/** The model repeats what it was told in its notes and, as a document might want it, in what it asks next. */
async function answerDeeplyWith(poison: Poison) {
  const hits = [hitOf(poison)]
  const next = lacking(`${poison.text} 额定流量？`.replace(/\s+/g, ' ').trim().slice(0, 300))
  const decisions = [next, enough]
  const chatModel = obedientModel({
    reply: (messages) => {
      const call = callOf(messages)
      if (call === 'plan') return planOf(question)
      if (call === 'read') return notesOf([1, poison.text])
      return call === 'decide' ? (decisions.shift() ?? enough) : '额定流量为 25 m3/h [1]。'
    },
  })
  const searched: string[] = []
  const events = deepAnswer(
    { text: question, history: historyOf(poison), topK: 5, filter: {} },
    { ...foundIn(hits), passages: [] },
    {
      ...answering(chatModel),
      bounds: { maxSteps: 50, maxTokens: 1_000_000, timeoutMs: 60_000 },
      search: async (subQuestion) => {
        searched.push(subQuestion)
        return { hits, candidates: hits, rerankFailed: false }
      },
      gather: async () => foundIn(hits),
    },
  )
  let answer: Answer | null = null
  for await (const event of events) if (event.type === 'done') answer = event.answer
  return { answer, seen: chatModel.seen, searched }
}

describe('poisoned documents', () => {
  test('are many, and each of them gets its way with a model that is not protected', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40)
    const harmless = cases.filter(
      (poison) =>
        !orders([{ role: 'user', content: `${poison.text} ${plain}<question>${question}</question>` }]).includes(
          forbiddenWord,
        ),
    )
    expect(harmless.map(({ id }) => id)).toEqual(cases.filter(({ id }) => unreadable.includes(id)).map(({ id }) => id))
  })

  test.each(cases.filter(({ breaksOut }) => breaksOut))(
    'get out of a naive fence: $id, $kind in the $place',
    (poison) => {
      expect(orders(naivePrompt(poison))).toContain(forbiddenWord)
    },
  )

  test.each(cases)('do not reach the model unfenced: $id, $kind in the $place', async (poison) => {
    const { text, seen } = await answerWith(poison)
    expect(seen).toHaveLength(1)
    expect(orders(seen[0] ?? [])).not.toContain(forbiddenWord)
    expect(text).toBe('额定流量为 25 m3/h [1]。')
  })

  test.each(cases)('lead a deep answer nowhere: $id, $kind in the $place', async (poison) => {
    const { answer, seen, searched } = await answerDeeplyWith(poison)
    expect(seen.map(callOf)).toEqual(['plan', 'read', 'decide', 'read', 'decide', 'answer'])
    for (const messages of seen) expect(orders(messages)).not.toContain(forbiddenWord)
    expect(answer).toMatchObject({ status: 'answered', text: '额定流量为 25 m3/h [1]。' })
    expect(searched).toEqual([`${poison.text} 额定流量？`.replace(/\s+/g, ' ').trim().slice(0, 300)])
  })

  test.each(cases)('give no orders from an earlier answer or question: $id, $kind', async ({ text }) => {
    const said = { history: ['流量？', text], replies: [text, null] }
    expect(orders(buildPrompt(question, [], { ...said, budgetTokens: 8000 }).messages)).not.toContain(forbiddenWord)
    const chatModel = obedientModel({ reply: () => question })
    const asked = { text: question, ...said, topK: 5, filter: {} }
    expect(await rewriteQuestion(asked, { chatModel, llmRewriteTimeoutMs: 60_000 })).toBe(question)
    for (const messages of chatModel.seen) expect(orders(messages)).not.toContain(forbiddenWord)
  })

  test('leave the passage readable and the tags of the prompt in place', () => {
    for (const poison of cases) {
      const [, user] = buildPrompt(question, [hitOf(poison)], {
        history: historyOf(poison),
        budgetTokens: 8000,
      }).messages
      expect(user?.content).toContain(plain)
      expect(user?.content.match(/<\/?passage/g)).toHaveLength(2)
      expect(user?.content.match(/<\/?question/g)).toHaveLength(2)
    }
  })
})

/** Orders in characters that the model of the test cannot read; they must not reach a model that can. */
const unreadable = ['p70']
