import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { httpService } from '../../src/client/http-service.js'
import type { InkstoneService } from '../../src/core/service.js'
import { newAnswerRecord } from '../support/answer-records.js'
import { errorOf } from '../support/collect.js'
import { keptConversation } from '../support/kept-conversations.js'
import { type RunningApp, startApp } from '../support/running-app.js'
import { scriptedService } from '../support/scripted-service.js'

const { trace: _, ...record } = newAnswerRecord('ans_1', { conversationId: 'cnv_1' })
const turn = { ...record, position: 1, feedback: null }

let running: RunningApp
let client: InkstoneService
beforeEach(async () => {
  const conversations = [keptConversation('cnv_1', [turn]), keptConversation('cnv_2')]
  running = await startApp({ service: scriptedService({ conversations }) })
  client = httpService({ baseUrl: running.url })
})
afterEach(async () => {
  await client.close()
  await running.close()
})

describe('httpService › conversations', () => {
  test('are listed in pages, and read with their answers', async () => {
    const first = await client.listConversations({ limit: 1 })
    expect(first.items).toMatchObject([{ id: 'cnv_1', turnCount: 1 }])
    const second = await client.listConversations({ limit: 1, ...(first.nextCursor && { cursor: first.nextCursor }) })
    expect(second).toMatchObject({ items: [{ id: 'cnv_2' }], nextCursor: null })
    expect(await client.getConversation('cnv_1')).toEqual(await running.service.getConversation('cnv_1'))
    expect(await errorOf(client.listConversations({ limit: 0 }))).toMatchObject({ code: 'invalid_request' })
  })

  test('are begun', async () => {
    const begun = await client.createConversation({ title: '密封', knowledgeBaseIds: ['manuals'] })
    expect(begun).toMatchObject({ title: '密封', knowledgeBaseIds: ['manuals'], turnCount: 0 })
    expect(await client.createConversation()).toMatchObject({ title: '', knowledgeBaseIds: null })
    expect((await client.listConversations()).items).toHaveLength(4)
  })

  test('are renamed and deleted', async () => {
    expect(await client.renameConversation('cnv_1', { title: '阀门' })).toMatchObject({ title: '阀门' })
    expect(await errorOf(client.renameConversation('cnv_1', { title: ' ' }))).toMatchObject({ code: 'invalid_request' })
    await client.deleteConversation('cnv_1')
    for (const gone of [client.getConversation('cnv_1'), client.deleteConversation('cnv_1')]) {
      expect(await errorOf(gone)).toMatchObject({ code: 'conversation_not_found' })
    }
  })

  test('are exported as files', async () => {
    expect(await client.exportConversation('cnv_1', 'md')).toBe('# 对话 cnv_1\n')
    expect(JSON.parse(await client.exportConversation('cnv_1', 'json'))).toMatchObject({ id: 'cnv_1' })
    const reply = await fetch(`${running.url}/v1/conversations/cnv_1/export?format=md`)
    expect(reply.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(reply.headers.get('content-disposition')).toContain('attachment; filename="cnv_1.md"')
    expect((await fetch(`${running.url}/v1/conversations/cnv_1/export?format=exe`)).status).toBe(400)
    expect(await errorOf(client.exportConversation('cnv_9', 'md'))).toMatchObject({ code: 'conversation_not_found' })
  })
})
