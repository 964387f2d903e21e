import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { settings } from '../src/config/settings.js'
import type { Answer } from '../src/core/answer.js'
import type { AnswerRequest } from '../src/core/service.js'
import { type Inkstone, openInkstone } from '../src/inkstone.js'
import { chatServer, streamText } from './support/chat-server.js'
import { collect, errorOf } from './support/collect.js'
import { embeddingServer } from './support/embedding-server.js'
import { temporaryFolder } from './support/temporary-folder.js'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const seal = 'How often is the seal of pump IH65 replaced?'

async function open(given: Record<string, unknown> = {}): Promise<Inkstone> {
  const home = await temporaryFolder()
  const embedding = await embeddingServer()
  const common = { home, modelsDir: join(home, 'models'), embedBaseUrl: embedding.url, embedModel: 'words' }
  const inkstone = await openInkstone(settings.parse({ ...common, ...given }), { log: silent })
  onTestFinished(() => inkstone.close())
  const bytes = Readable.from([
    Buffer.from('The seal of pump IH65 is replaced every 2000 hours, that of IH80 every 4000.'),
  ])
  const { job } = await inkstone.submit('default', { sourceUri: 'seal.txt', bytes })
  await collect(inkstone.watchJob(job?.id ?? ''))
  return inkstone
}

async function ask(inkstone: Inkstone, request: AnswerRequest): Promise<Answer & { startedIn: string | undefined }> {
  let startedIn: string | undefined
  for await (const event of inkstone.answer(request)) {
    if (event.type === 'answer.started') startedIn = event.conversationId
    if (event.type === 'done') return { ...event.answer, startedIn }
  }
  throw new Error('there was no last event')
}

describe('conversations', () => {
  test('begin with a question, are named after it, and understand the next one', async () => {
    const inkstone = await open()
    const first = await ask(inkstone, { question: seal, conversationId: 'new' })
    const id = first.conversationId ?? ''
    expect(id).toMatch(/^cnv_/)
    expect(first.startedIn).toBe(id)
    const second = await ask(inkstone, { question: 'And IH80?', conversationId: id })
    expect(second.searchedFor).toBe('How often is the seal of pump IH80 replaced?')
    const conversation = await inkstone.getConversation(id)
    expect(conversation).toMatchObject({ title: seal, knowledgeBaseIds: null, turnCount: 2 })
    expect(conversation.turns.map(({ question, position }) => [question, position])).toEqual([
      [seal, 1],
      ['And IH80?', 2],
    ])
    expect((await inkstone.listConversations()).items.map((each) => each.id)).toEqual([id])
  })

  test('may begin empty, and are asked of what they say', async () => {
    const inkstone = await open()
    const other = await inkstone.createKnowledgeBase({ slug: 'other' })
    const { id, title } = await inkstone.createConversation({ knowledgeBaseIds: ['other', other.id] })
    expect(title).toBe('')
    const answer = await ask(inkstone, { question: seal, conversationId: id })
    expect(answer).toMatchObject({ status: 'abstained', hits: [] })
    expect(await inkstone.getConversation(id)).toMatchObject({ title: seal, knowledgeBaseIds: [other.id] })
    const elsewhere = await ask(inkstone, { question: seal, conversationId: id, knowledgeBaseIds: ['default'] })
    expect(elsewhere.status).toBe('answered')
  })

  test('are renamed, exported and deleted with their answers', async () => {
    const inkstone = await open()
    const { conversationId: id = '', id: answerId } = await ask(inkstone, { question: seal, conversationId: 'new' })
    expect(await inkstone.renameConversation(id, { title: '  Seals\nof pumps ' })).toMatchObject({
      title: 'Seals of pumps',
    })
    expect(await errorOf(inkstone.renameConversation(id, { title: ' \n' }))).toMatchObject({ code: 'invalid_request' })
    const markdown = await inkstone.exportConversation(id, 'md')
    expect(markdown).toContain(`# Seals of pumps\n\n## 1. ${seal}\n`)
    expect(markdown).toContain('[1] seal')
    expect(JSON.parse(await inkstone.exportConversation(id, 'json'))).toEqual(await inkstone.getConversation(id))
    await inkstone.deleteConversation(id)
    expect(await errorOf(inkstone.getAnswer(answerId))).toMatchObject({ code: 'answer_not_found' })
    for (const gone of [
      inkstone.getConversation(id),
      inkstone.exportConversation(id, 'md'),
      inkstone.deleteConversation(id),
      ask(inkstone, { question: seal, conversationId: id }),
    ]) {
      expect(await errorOf(gone)).toMatchObject({ code: 'conversation_not_found' })
    }
  })

  test('have their history from nowhere else, and hold every answer', async () => {
    const inkstone = await open()
    for (const given of [{ history: ['IH65?'] }, { keep: false }]) {
      const refused = ask(inkstone, { question: seal, conversationId: 'new', ...given })
      expect(await errorOf(refused)).toMatchObject({ code: 'invalid_request' })
    }
    expect((await inkstone.listConversations()).items).toEqual([])
  })

  test('do not begin with a question that cannot be asked', async () => {
    const inkstone = await open()
    const asked = ask(inkstone, {
      question: seal,
      conversationId: 'new',
      filter: { field: 'createdAt', gt: 'x', lt: 1 },
    })
    expect(await errorOf(asked)).toMatchObject({ code: 'invalid_request' })
    expect((await inkstone.listConversations()).items).toEqual([])
  })

  test('do not begin where no answers are kept', async () => {
    const inkstone = await open({ answersKept: 0 })
    const answer = await ask(inkstone, { question: seal, conversationId: 'new' })
    expect(answer.status).toBe('answered')
    expect(answer.conversationId).toBeUndefined()
    expect((await inkstone.listConversations()).items).toEqual([])
  })

  test('have a language model complete the next question, and tell it what was answered', async () => {
    const server = await chatServer(streamText(['Every 2000 hours [1].']))
    onTestFinished(() => server.close())
    const inkstone = await open({ llmBaseUrl: server.baseUrl })
    const { conversationId: id = '' } = await ask(inkstone, { question: seal, conversationId: 'new' })
    expect(server.requests).toHaveLength(1)
    server.answerWith(streamText(['How often is the seal of pump IH80 replaced?']))
    const second = await ask(inkstone, { question: 'And that of IH80?', conversationId: id })
    expect(second.searchedFor).toBe('How often is the seal of pump IH80 replaced?')
    // Both calls of the model: this server counts 10 and 1 for each.
    expect(second.usage).toEqual({ inputTokens: 20, outputTokens: 2 })
    expect((await inkstone.getAnswerTrace(second.id)).usage).toEqual(second.usage)
    const [, rewriting, answering] = server.requests.map((request) => JSON.stringify(request))
    expect(rewriting).toContain(seal)
    expect(rewriting).not.toContain('2000')
    expect(answering).toContain('<earlier-answer>\\nEvery 2000 hours.\\n</earlier-answer>')
    expect(answering).toContain('And that of IH80?')
  })
})
