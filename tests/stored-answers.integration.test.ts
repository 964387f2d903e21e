import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { settings } from '../src/config/settings.js'
import type { Answer } from '../src/core/answer.js'
import type { AnswerRequest } from '../src/core/service.js'
import { type Inkstone, openInkstone } from '../src/inkstone.js'
import { promptHash } from '../src/trace/traced-model.js'
import { chatServer, streamForever, streamText } from './support/chat-server.js'
import { collect, errorOf } from './support/collect.js'
import { embeddingServer } from './support/embedding-server.js'
import { temporaryFolder } from './support/temporary-folder.js'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const question = 'How often is the pump seal replaced?'
const request: AnswerRequest = { question }

async function open(given: Record<string, unknown> = {}): Promise<Inkstone> {
  const home = await temporaryFolder()
  const embedding = await embeddingServer()
  const common = { home, modelsDir: join(home, 'models'), embedBaseUrl: embedding.url, embedModel: 'words' }
  const inkstone = await openInkstone(settings.parse({ ...common, ...given }), { log: silent })
  onTestFinished(() => inkstone.close())
  return inkstone
}

async function ingest(inkstone: Inkstone, sourceUri: string, content: string, knowledgeBase = 'default') {
  const { document, job } = await inkstone.submit(knowledgeBase, {
    sourceUri,
    bytes: Readable.from([Buffer.from(content)]),
  })
  const changes = await collect(inkstone.watchJob(job?.id ?? ''))
  expect(changes.at(-1)).toMatchObject({ status: 'done' })
  return inkstone.getDocument(document.id)
}

async function ask(inkstone: Inkstone, asked: AnswerRequest = request): Promise<Answer> {
  for await (const event of inkstone.answer(asked)) if (event.type === 'done') return event.answer
  throw new Error('there was no last event')
}

async function scriptedModel(...pieces: string[]) {
  const server = await chatServer(streamText(pieces))
  onTestFinished(() => server.close())
  return server
}

describe('storedAnswers', () => {
  test('keep an answer with what it was made of', async () => {
    const inkstone = await open()
    const document = await ingest(inkstone, 'seal.txt', 'The pump seal is replaced every 2000 hours.')
    const { id: knowledgeBaseId } = await inkstone.getKnowledgeBase('default')
    const answer = await ask(inkstone, { ...request, topK: 3, filter: { documentIds: [document.id] } })
    const record = await inkstone.getAnswer(answer.id)
    expect(record).toMatchObject({ status: 'answered', modelId: 'extractive', knowledgeBaseIds: [knowledgeBaseId] })
    expect(record.answer).toEqual(answer)
    const trace = await inkstone.getAnswerTrace(answer.id)
    expect(trace).toMatchObject({
      asked: { topK: 3, filter: { documentIds: [document.id] }, model: null, rerankModelId: null },
      searches: [{ searchedFor: question, topK: 3, considered: 1, candidates: [{ rank: 1, documentId: document.id }] }],
      prompts: [],
      documents: [{ documentId: document.id, revision: 1, contentHash: document.contentHash }],
      problem: null,
    })
    expect(trace.searches[0]?.candidates[0]?.signals).toEqual(answer.hits[0]?.signals)
    expect((await inkstone.listAnswers({ knowledgeBaseId: 'default' })).items.map(({ id }) => id)).toEqual([answer.id])
  })

  test('show on replay what a changed document has changed, and keep nothing of it', async () => {
    const inkstone = await open()
    await ingest(inkstone, 'seal.txt', 'The pump seal is replaced every 2000 hours.')
    await ingest(inkstone, 'bearing.txt', 'The bearing of the pump is greased every 500 hours.')
    const { id } = await ask(inkstone)
    expect((await inkstone.replayAnswer(id)).changes).toMatchObject({ sameAnswer: true, settings: [] })
    const changed = await ingest(inkstone, 'seal.txt', 'The pump seal is replaced every 4000 hours.')
    const { before, after, changes } = await inkstone.replayAnswer(id)
    expect(changes.sameAnswer).toBe(false)
    expect(changes.text.filter(({ kind }) => kind !== 'same').map(({ text }) => text)).toEqual(['2000', '4000'])
    expect(changes.citations).toMatchObject([
      { kind: 'changed', before: { verified: true }, after: { quote: 'The pump seal is replaced every 4000 hours.' } },
    ])
    expect(changes.documents).toContainEqual({
      kind: 'changed',
      documentId: changed.id,
      title: 'seal.txt',
      before: { revision: 1, contentHash: expect.any(String) },
      after: { revision: 2, contentHash: changed.contentHash },
    })
    expect([before.id, after.id]).toEqual([id, expect.not.stringMatching(id)])
    expect((await inkstone.listAnswers()).items).toHaveLength(1)
    await inkstone.deleteDocument(changed.id)
    expect((await inkstone.replayAnswer(id)).changes.documents).toContainEqual(
      expect.objectContaining({ kind: 'gone', documentId: changed.id, after: null }),
    )
  })

  test('ask a language model as it was asked then', async () => {
    const server = await scriptedModel('Every 2000 hours ', '[1].')
    const inkstone = await open({ llmBaseUrl: server.baseUrl, llmModel: 'm', llmTemperature: 0.5, llmMaxTokens: 99 })
    await ingest(inkstone, 'seal.txt', 'The pump seal is replaced every 2000 hours.')
    const { id } = await ask(inkstone)
    const { prompts, asked, usage } = await inkstone.getAnswerTrace(id)
    expect(asked.model).toEqual({ modelId: 'm', temperature: 0.5, maxTokens: 99, contextTokens: 8192 })
    expect(usage).toEqual({ inputTokens: 10, outputTokens: 2 })
    expect(prompts).toMatchObject([{ maxTokens: 99, usage, firstTokenMs: expect.any(Number) }])
    expect(prompts[0]?.sha256).toBe(promptHash(prompts[0]?.messages ?? []))
    expect(prompts[0]?.messages).toEqual(Reflect.get(Object(server.requests[0]), 'messages'))
    expect((await inkstone.replayAnswer(id)).changes).toMatchObject({ sameAnswer: true, prompt: { kind: 'same' } })
    expect(server.requests).toMatchObject([{ temperature: 0.5 }, { temperature: 0.5, max_tokens: 99 }])
  })

  test('keep what a model had written when the reader left', async () => {
    const server = await chatServer(streamForever('word ', 5))
    onTestFinished(() => server.close())
    const inkstone = await open({ llmBaseUrl: server.baseUrl, llmModel: 'm' })
    await ingest(inkstone, 'seal.txt', 'The pump seal is replaced every 2000 hours.')
    for await (const event of inkstone.answer(request)) if (event.type === 'delta') break
    const { items } = await inkstone.listAnswers()
    expect(items).toMatchObject([{ status: 'stopped', modelId: 'm', question }])
    const { answer } = await inkstone.getAnswer(items[0]?.id ?? '')
    expect(answer).toMatchObject({ status: 'stopped', text: expect.stringMatching(/^word/), problem: null })
  })

  test('stop one that is being written when it is deleted, and keep nothing of it', async () => {
    const server = await chatServer(streamForever('word ', 5))
    onTestFinished(() => server.close())
    const inkstone = await open({ llmBaseUrl: server.baseUrl, llmModel: 'm' })
    await ingest(inkstone, 'seal.txt', 'The pump seal is replaced every 2000 hours.')
    let id = ''
    const reading = async () => {
      for await (const event of inkstone.answer(request)) {
        if (event.type === 'answer.started') id = event.id
        if (event.type === 'delta') await inkstone.deleteAnswer(id)
      }
    }
    expect(await errorOf(reading())).toMatchObject({ code: 'cancelled' })
    expect((await inkstone.listAnswers()).items).toEqual([])
    expect(await errorOf(inkstone.deleteAnswer(id))).toMatchObject({ code: 'answer_not_found' })
  })

  test('go with a knowledge base, even when it goes while they are written', async () => {
    const server = await scriptedModel('Every 2000 hours [1].')
    const inkstone = await open({ llmBaseUrl: server.baseUrl, llmModel: 'm' })
    await inkstone.createKnowledgeBase({ slug: 'pumps' })
    await ingest(inkstone, 'seal.txt', 'The pump seal is replaced every 2000 hours.', 'pumps')
    await ask(inkstone)
    const reading = async () => {
      for await (const event of inkstone.answer(request)) {
        if (event.type === 'delta') await inkstone.deleteKnowledgeBase('pumps')
      }
    }
    await reading().catch((error: unknown) => expect(error).toMatchObject({ code: 'document_not_found' }))
    expect((await inkstone.listAnswers()).items).toEqual([])
  })

  test('say when nothing is left to ask again', async () => {
    const inkstone = await open()
    const { id } = await ask(inkstone)
    await inkstone.createKnowledgeBase({ slug: 'other' })
    await inkstone.deleteKnowledgeBase('default')
    expect(await errorOf(inkstone.replayAnswer(id))).toMatchObject({ code: 'knowledge_base_not_found' })
  })
})
