import { beforeEach, describe, expect, test } from 'vitest'
import type { UnfinishedAnswer } from '../../src/core/answer-record.js'
import type { Catalogue } from '../../src/core/catalogue.js'
import { answeredRecord, newAnswerRecord, traceOf } from './answer-records.js'

/** How every Catalogue keeps answers. `open` gives an empty one. */
export function answersContract(open: () => Promise<Catalogue>): void {
  let catalogue: Catalogue
  let kb: string
  beforeEach(async () => {
    catalogue = await open()
    kb = (await catalogue.createKnowledgeBase({ slug: 'default', name: 'Default' })).id
  })

  const record = (id: string, documentIds: string[] = [], rest: Parameters<typeof newAnswerRecord>[1] = {}) =>
    newAnswerRecord(id, { trace: traceOf(kb, documentIds), ...rest })
  const listed = async (options: Omit<Parameters<Catalogue['listAnswers']>[0], 'limit'> = {}) =>
    (await catalogue.listAnswers({ limit: 100, ...options })).items.map(({ id }) => id)

  describe('answers', () => {
    test('are kept whole with their trace, until they are deleted', async () => {
      const { trace, ...kept } = record('ans_1', ['doc_1'])
      const saved = await catalogue.saveAnswer({ ...kept, trace })
      expect(saved).toEqual({ ...kept, position: null, feedback: null })
      expect(await catalogue.getAnswer('ans_1')).toEqual(saved)
      expect(await catalogue.getAnswerTrace('ans_1')).toEqual(trace)
      await catalogue.deleteAnswer('ans_1')
      for (const gone of [
        () => catalogue.getAnswer('ans_1'),
        () => catalogue.getAnswerTrace('ans_1'),
        () => catalogue.deleteAnswer('ans_1'),
        () => catalogue.setFeedback('ans_1', { rating: 'up' }),
      ]) {
        await expect(gone()).rejects.toMatchObject({ code: 'answer_not_found' })
      }
    })

    test('that were stopped keep what had been written', async () => {
      const { hits, usage, timings, searchedFor } = answeredRecord
      const common = { id: 'ans_1', question: answeredRecord.question, searchedFor, hits, usage, timings }
      const answer: UnfinishedAnswer = { status: 'stopped', text: '每运行', problem: null, ...common }
      await catalogue.saveAnswer(record('ans_1', [], { status: 'stopped', answer }))
      expect(await catalogue.getAnswer('ans_1')).toMatchObject({ status: 'stopped', answer })
    })

    test('are listed newest first, in pages, and by what they have to do with', async () => {
      for (const at of [1, 2, 3, 4, 5]) await catalogue.saveAnswer(record(`ans_${at}`, at > 3 ? ['doc_1'] : []))
      const first = await catalogue.listAnswers({ limit: 2 })
      expect(first.items.map(({ id }) => id)).toEqual(['ans_5', 'ans_4'])
      await catalogue.saveAnswer(record('ans_6'))
      const second = await catalogue.listAnswers({ limit: 3, ...(first.nextCursor && { cursor: first.nextCursor }) })
      expect(second).toMatchObject({ items: [{ id: 'ans_3' }, { id: 'ans_2' }, { id: 'ans_1' }], nextCursor: null })
      expect(await listed({ documentId: 'doc_1' })).toEqual(['ans_5', 'ans_4'])
      expect(await listed({ knowledgeBaseId: kb, documentId: 'doc_2' })).toEqual([])
      expect(await listed({ knowledgeBaseId: kb })).toHaveLength(6)
      expect(await listed({ knowledgeBaseId: 'kb_other' })).toEqual([])
      expect(await listed({ conversationId: 'cnv_1' })).toEqual([])
      await expect(catalogue.listAnswers({ limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_request' })
    })

    test('take what readers say of them, the last word alone', async () => {
      await catalogue.saveAnswer(record('ans_1'))
      await catalogue.saveAnswer(record('ans_2'))
      const first = await catalogue.setFeedback('ans_1', {
        rating: 'down',
        reason: '旧版',
        correctedAnswer: '四千小时',
      })
      expect(first.feedback).toMatchObject({ rating: 'down', reason: '旧版', correctedAnswer: '四千小时' })
      expect(await listed({ rating: 'down' })).toEqual(['ans_1'])
      const { feedback } = await catalogue.setFeedback('ans_1', { rating: 'up' })
      expect(feedback).toEqual({ rating: 'up', reason: null, correctedAnswer: null, at: expect.any(String) })
      expect(await listed({ rating: 'down' })).toEqual([])
    })

    test('go when they are older than they may be, or more than may be kept', async () => {
      const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04']
      for (const [at, day] of days.entries()) {
        await catalogue.saveAnswer(record(`ans_${at + 1}`, [], { askedAt: `${day}T00:00:00.000Z` }))
      }
      await catalogue.pruneAnswers({ before: new Date('2026-11-02'), keep: 100 })
      expect(await listed()).toEqual(['ans_4', 'ans_3', 'ans_2'])
      await catalogue.pruneAnswers({ before: new Date(0), keep: 2 })
      expect(await listed()).toEqual(['ans_4', 'ans_3'])
    })

    test('take their conversation along with the last of them, but none in which nothing was asked yet', async () => {
      const conversation = async (title: string) =>
        (await catalogue.createConversation({ title, knowledgeBaseIds: [kb] })).id
      const [old, lasting] = [await conversation('old'), await conversation('lasting')]
      const empty = await conversation('empty')
      const asked = [
        ['ans_1', old, '2026-11-01'],
        ['ans_2', lasting, '2026-11-01'],
        ['ans_3', lasting, '2026-11-03'],
      ] as const
      for (const [id, conversationId, day] of asked) {
        await catalogue.saveAnswer(record(id, [], { conversationId, askedAt: `${day}T00:00:00.000Z` }))
      }
      await catalogue.pruneAnswers({ before: new Date('2026-11-02'), keep: 100 })
      expect(await listed()).toEqual(['ans_3'])
      const left = (await catalogue.listConversations({ limit: 9 })).items.map(({ id }) => id)
      expect(left.sort()).toEqual([lasting, empty].sort())
      expect((await catalogue.getAnswer('ans_3')).position).toBe(2)
      await catalogue.pruneAnswers({ before: new Date(0), keep: 0 })
      expect((await catalogue.listConversations({ limit: 9 })).items.map(({ id }) => id)).toEqual([empty])
    })

    test('go with the knowledge base whose text they hold, and none comes after it', async () => {
      const other = (await catalogue.createKnowledgeBase({ slug: 'other', name: 'Other' })).id
      const both = { ...traceOf(kb, ['doc_1']), documents: [traceOf(kb, ['doc_1']), traceOf(other, ['doc_2'])] }
      const mixed = { ...both, documents: both.documents.flatMap(({ documents }) => documents) }
      await catalogue.saveAnswer(record('ans_nothing_found'))
      await catalogue.saveAnswer(record('ans_only', ['doc_1']))
      await catalogue.saveAnswer(record('ans_both', [], { trace: mixed }))
      await catalogue.saveAnswer(record('ans_other', [], { trace: traceOf(other, ['doc_2']) }))
      await catalogue.deleteKnowledgeBase(kb)
      expect(await listed()).toEqual(['ans_other', 'ans_nothing_found'])
      await expect(catalogue.saveAnswer(record('ans_late', ['doc_1']))).rejects.toMatchObject({
        code: 'knowledge_base_not_found',
      })
      expect(await listed()).toEqual(['ans_other', 'ans_nothing_found'])
    })

    test('are not taken into a conversation that is not there', async () => {
      const lost = catalogue.saveAnswer(record('ans_1', [], { conversationId: 'cnv_1' }))
      await expect(lost).rejects.toMatchObject({ code: 'conversation_not_found' })
    })
  })
}
