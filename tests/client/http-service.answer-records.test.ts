import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { httpService } from '../../src/client/http-service.js'
import type { InkstoneService } from '../../src/core/service.js'
import { answeredRecord, newAnswerRecord, traceOf } from '../support/answer-records.js'
import { errorOf } from '../support/collect.js'
import type { KeptAnswer } from '../support/kept-answers.js'
import { type RunningApp, startApp } from '../support/running-app.js'
import { scriptedService } from '../support/scripted-service.js'

function kept(id: string, documentId: string): KeptAnswer {
  const { trace, ...record } = newAnswerRecord(id, { trace: traceOf('kb_1', [documentId]) })
  const answer = { ...answeredRecord, id, text: '每运行四千小时更换一次。 [1]' }
  const replayed = { answer, trace, documentsNow: new Map() }
  return { record: { ...record, position: null, feedback: null }, trace, replayed }
}

let running: RunningApp
let client: InkstoneService
beforeEach(async () => {
  const { replayed: _, ...unrepeatable } = kept('ans_1', 'doc_1')
  running = await startApp({ service: scriptedService({ answers: [kept('ans_2', 'doc_2'), unrepeatable] }) })
  client = httpService({ baseUrl: running.url })
})
afterEach(async () => {
  await client.close()
  await running.close()
})

describe('httpService › answers that were kept', () => {
  test('are listed in pages and by what they have to do with', async () => {
    const first = await client.listAnswers({ limit: 1 })
    expect(first).toEqual(await running.service.listAnswers({ limit: 1 }))
    expect(first.items).toMatchObject([{ id: 'ans_2' }])
    const second = await client.listAnswers({ limit: 1, ...(first.nextCursor && { cursor: first.nextCursor }) })
    expect(second).toMatchObject({ items: [{ id: 'ans_1' }], nextCursor: null })
    expect((await client.listAnswers({ documentId: 'doc_1' })).items).toMatchObject([{ id: 'ans_1' }])
    expect(await errorOf(client.listAnswers({ limit: 0 }))).toMatchObject({ code: 'invalid_request' })
  })

  test('are read with their traces, and removed', async () => {
    expect(await client.getAnswer('ans_2')).toEqual(await running.service.getAnswer('ans_2'))
    expect(await client.getAnswerTrace('ans_2')).toEqual(await running.service.getAnswerTrace('ans_2'))
    await client.deleteAnswer('ans_2')
    for (const gone of [client.getAnswer('ans_2'), client.getAnswerTrace('ans_2'), client.deleteAnswer('ans_2')]) {
      expect(await errorOf(gone)).toMatchObject({ code: 'answer_not_found' })
    }
  })

  test('take feedback', async () => {
    const said = { rating: 'down', reason: '旧版', correctedAnswer: '四千小时' } as const
    expect(await client.rateAnswer('ans_2', said)).toMatchObject({ feedback: said })
    expect((await client.listAnswers({ rating: 'down' })).items).toMatchObject([{ id: 'ans_2', feedback: said }])
    expect(await errorOf(client.rateAnswer('ans_9', said))).toMatchObject({ code: 'answer_not_found' })
    const longest = { rating: 'up', reason: 'x'.repeat(20_001) } as const
    expect(await errorOf(client.rateAnswer('ans_2', longest))).toMatchObject({ code: 'invalid_request' })
  })

  test('are asked again', async () => {
    const replay = await client.replayAnswer('ans_2')
    expect(replay).toEqual(await running.service.replayAnswer('ans_2'))
    expect(replay.changes).toMatchObject({ sameAnswer: false, documents: [{ kind: 'same' }] })
    expect(await errorOf(client.replayAnswer('ans_1'))).toMatchObject({ code: 'language_model_busy' })
    expect(await errorOf(client.replayAnswer('ans_9'))).toMatchObject({ code: 'answer_not_found' })
  })
})
