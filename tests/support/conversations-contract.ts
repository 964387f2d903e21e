import { beforeEach, describe, expect, test } from 'vitest'
import type { Catalogue } from '../../src/core/catalogue.js'
import { newAnswerRecord, traceOf } from './answer-records.js'

/** How every Catalogue keeps conversations. `open` gives an empty one. */
export function conversationsContract(open: () => Promise<Catalogue>): void {
  let catalogue: Catalogue
  let kb: string
  beforeEach(async () => {
    catalogue = await open()
    kb = (await catalogue.createKnowledgeBase({ slug: 'default', name: 'Default' })).id
  })

  const begin = (title = '泵') => catalogue.createConversation({ title, knowledgeBaseIds: null })
  const say = (conversationId: string, id: string, documentIds: string[] = []) =>
    catalogue.saveAnswer(newAnswerRecord(id, { conversationId, trace: traceOf(kb, documentIds) }))

  describe('conversations', () => {
    test('hold their answers in the order in which they were given', async () => {
      const { id } = await begin()
      const other = await begin()
      for (const answerId of ['ans_1', 'ans_2', 'ans_3']) await say(id, answerId)
      await say(other.id, 'ans_4')
      expect(await catalogue.getConversation(id)).toMatchObject({ title: '泵', knowledgeBaseIds: null, turnCount: 3 })
      const turns = await catalogue.listTurns(id, { limit: 10 })
      expect(turns.map((turn) => [turn.id, turn.position])).toEqual([
        ['ans_1', 1],
        ['ans_2', 2],
        ['ans_3', 3],
      ])
      expect((await catalogue.listTurns(id, { limit: 2 })).map((turn) => turn.id)).toEqual(['ans_2', 'ans_3'])
    })

    test('know what they are asked of', async () => {
      const { id } = await catalogue.createConversation({ title: '', knowledgeBaseIds: [kb] })
      expect(await catalogue.getConversation(id)).toMatchObject({ title: '', knowledgeBaseIds: [kb], turnCount: 0 })
    })

    test('are listed by what was asked last, in pages', async () => {
      const ids: string[] = []
      for (const title of ['a', 'b', 'c', 'd', 'e']) ids.push((await begin(title)).id)
      const [first = ''] = ids
      await say(first, 'ans_1')
      const titles: string[] = []
      let cursor: string | undefined
      do {
        const page = await catalogue.listConversations({ limit: 2, ...(cursor ? { cursor } : {}) })
        titles.push(...page.items.map(({ title }) => title))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      expect(titles.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
      const { updatedAt } = await catalogue.getConversation(first)
      const { items } = await catalogue.listConversations({ limit: 10 })
      expect(items.every((item) => item.updatedAt <= updatedAt)).toBe(true)
      expect(items.map((item) => item.updatedAt)).toEqual(
        items
          .map((item) => item.updatedAt)
          .toSorted()
          .reverse(),
      )
      await expect(catalogue.listConversations({ limit: 2, cursor: 'x' })).rejects.toMatchObject({
        code: 'invalid_request',
      })
    })

    test('take another title, and keep their place', async () => {
      const { id, updatedAt } = await begin()
      expect(await catalogue.renameConversation(id, '阀门')).toMatchObject({ id, title: '阀门', updatedAt })
    })

    test('go with all their answers and nothing else', async () => {
      const { id } = await begin()
      const other = await begin()
      await say(id, 'ans_1')
      await say(other.id, 'ans_2')
      await catalogue.deleteConversation(id)
      await expect(catalogue.getAnswer('ans_1')).rejects.toMatchObject({ code: 'answer_not_found' })
      expect(await catalogue.getAnswer('ans_2')).toMatchObject({ conversationId: other.id })
      for (const gone of [
        () => catalogue.getConversation(id),
        () => catalogue.renameConversation(id, 'x'),
        () => catalogue.deleteConversation(id),
        () => catalogue.listTurns(id, { limit: 1 }),
      ]) {
        await expect(gone()).rejects.toMatchObject({ code: 'conversation_not_found' })
      }
    })

    test('go with the knowledge base that all their answers come from', async () => {
      const { id } = await begin()
      const mixed = await begin()
      await say(id, 'ans_1', ['doc_1'])
      await say(mixed.id, 'ans_2', ['doc_1'])
      await say(mixed.id, 'ans_3')
      await catalogue.deleteKnowledgeBase(kb)
      await expect(catalogue.getConversation(id)).rejects.toMatchObject({ code: 'conversation_not_found' })
      expect((await catalogue.listTurns(mixed.id, { limit: 10 })).map((turn) => turn.id)).toEqual(['ans_3'])
    })
  })
}
