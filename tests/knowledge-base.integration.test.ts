import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { settings } from '../src/config/settings.js'
import type { AnswerRequest } from '../src/core/service.js'
import { type Inkstone, openInkstone } from '../src/inkstone.js'
import { type ChatReply, chatServer, hangAfter, streamText } from './support/chat-server.js'
import { collect } from './support/collect.js'
import { type DeepScript, deepReply, enough, lacking, messagesOf, notesOf, planOf } from './support/deep-script.js'
import { embeddingServer } from './support/embedding-server.js'
import { temporaryFolder } from './support/temporary-folder.js'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const patience = { timeout: 60_000 }

const question = 'which oil does the pump of line three take'
const layout = 'The pump of line three is an HCZ65-200A.'
const oils = 'An HCZ65-200A takes the oil L-HM46.'

/** Cites each of the two sentences by the number that it was shown under. */
const readerOfBoth: ChatReply = (response, request, body) => {
  const shown = messagesOf(body).at(-1)?.content ?? ''
  const numberOf = (sentence: string) => {
    const before = shown.slice(0, shown.indexOf(sentence))
    return before.slice(before.lastIndexOf('number="')).match(/\d+/)?.[0]
  }
  const text = `${layout.slice(0, -1)} [${numberOf(layout)}]. It takes the oil L-HM46 [${numberOf(oils)}].`
  return streamText([text])(response, request)
}

const twoHops: DeepScript<string | ChatReply> = {
  plan: planOf('what is the pump of line three'),
  read: notesOf([1, 'it is an HCZ65-200A']),
  decide: [lacking('oil of the HCZ65-200A'), enough],
  answer: readerOfBoth,
}

async function ingest(inkstone: Inkstone, texts: Record<string, string>, knowledgeBase = 'default') {
  for (const [sourceUri, text] of Object.entries(texts)) {
    await inkstone.submit(knowledgeBase, { sourceUri, bytes: Readable.from([Buffer.from(text)]) })
  }
  await expect.poll(async () => (await inkstone.status()).pendingJobs, patience).toBe(0)
}

/** A home with the two documents, and with a model behind a server that follows a script. */
async function openWith(script: DeepScript<string | ChatReply> | null, given: Record<string, unknown> = {}) {
  const home = await temporaryFolder()
  const vectors = await embeddingServer()
  const chat = await chatServer(script ? deepReply(script) : streamText([]))
  onTestFinished(() => chat.close())
  const embedding = { embedBaseUrl: vectors.url, embedModel: 'words' }
  const model = script ? { llmBaseUrl: chat.baseUrl, llmModel: 'scripted' } : {}
  const config = settings.parse({ home, modelsDir: join(home, 'models'), topK: 2, ...embedding, ...model, ...given })
  const inkstone = await openInkstone(config, { log: silent })
  onTestFinished(() => inkstone.close())
  await ingest(inkstone, { 'layout.txt': layout, 'oils.txt': oils })
  return { inkstone, chat }
}

async function answerOf(inkstone: Inkstone, given: Partial<AnswerRequest> = {}) {
  const events = await collect(inkstone.answer({ question, mode: 'deep', ...given }))
  const last = events.at(-1)
  if (last?.type !== 'done') throw new Error('no answer at the end')
  return last.answer
}

describe('askDeeply', () => {
  test('finds in two documents what neither says, and only in the knowledge bases that were asked', async () => {
    const { inkstone } = await openWith(twoHops)
    await inkstone.createKnowledgeBase({ slug: 'other' })
    await ingest(inkstone, { 'secret.txt': 'The oil of the HCZ65-200A of line three is secret.' }, 'other')
    const answer = await answerOf(inkstone, { knowledgeBaseIds: ['default'] })
    const kinds = answer.steps?.map(({ kind }) => kind).join(' ')
    expect(kinds).toBe('search plan search read decide search read decide')
    expect(answer).toMatchObject({
      status: 'answered',
      notice: null,
      citations: [
        { documentTitle: 'layout.txt', quote: layout, verified: true },
        { documentTitle: 'oils.txt', quote: oils, verified: true },
      ],
    })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  test('is kept with its steps and every search and prompt, and is asked deeply again', async () => {
    const { inkstone } = await openWith({ ...twoHops, decide: [lacking('oil of the HCZ65-200A'), enough, enough] })
    const answer = await answerOf(inkstone)
    expect((await inkstone.getAnswer(answer.id)).answer).toEqual(answer)
    const { asked, searches, prompts } = await inkstone.getAnswerTrace(answer.id)
    expect(asked.mode).toBe('deep')
    expect(searches.map(({ searchedFor }) => searchedFor)).toEqual([
      question,
      'what is the pump of line three',
      'oil of the HCZ65-200A',
    ])
    expect(prompts).toHaveLength(6)
    const { after } = await inkstone.replayAnswer(answer.id)
    expect(after.steps?.map(({ kind }) => kind).join(' ')).toBe('search plan search read decide')
  })

  test('keeps to the bounds of the configuration', async () => {
    const { inkstone } = await openWith(twoHops, { deepMaxSteps: 4 })
    const answer = await answerOf(inkstone)
    expect(answer).toMatchObject({
      status: 'answered',
      steps: { length: 4 },
      notice: expect.stringMatching(/of steps/),
    })
  })

  test('is an ordinary answer, with a notice, where there is no language model', async () => {
    const { inkstone, chat } = await openWith(null)
    const answer = await answerOf(inkstone, { question: 'which oil does an HCZ65-200A take', evenIfUnsure: true })
    expect(answer).toMatchObject({
      status: 'answered',
      modelId: 'extractive',
      notice: expect.stringContaining('Deep mode needs a language model'),
    })
    expect(chat.requests).toEqual([])
  })

  test('refuses what a search refuses, before anything is said', async () => {
    const { inkstone, chat } = await openWith(twoHops)
    const asked = collect(inkstone.answer({ question: 'oil -title:x', mode: 'deep' }))
    await expect(asked).rejects.toMatchObject({ code: 'invalid_request' })
    expect(chat.requests).toEqual([])
  })

  test('lets go of the model at once when nobody listens any more', async () => {
    const { inkstone, chat } = await openWith({ ...twoHops, read: hangAfter() })
    const stop = new AbortController()
    const asked = collect(inkstone.answer({ question, mode: 'deep' }, { signal: stop.signal }))
    asked.catch(() => undefined)
    await expect.poll(() => chat.requests.length, patience).toBe(2)
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => chat.abandonedAt.length, patience).toBeGreaterThan(0)
    const { items } = await inkstone.listAnswers()
    expect(items).toMatchObject([{ status: 'stopped', question }])
    const { answer } = await inkstone.getAnswer(items[0]?.id ?? '')
    expect(answer.steps?.map(({ kind }) => kind)).toEqual(['search', 'plan', 'search'])
  })
})
