import { beforeEach, describe, expect, test } from 'vitest'
import { type AnswerLog, answerLog, type KeepOptions } from '../src/answer-log.js'
import type { AnswerEvent } from '../src/core/answer.js'
import type { AnswerRecord, NewAnswerRecord } from '../src/core/answer-record.js'
import { InkstoneError } from '../src/core/errors.js'
import { traceOf } from './support/answer-records.js'
import { collect, errorOf } from './support/collect.js'
import { emptyDocument } from './support/records.js'
import { type LogLine, recordingLog } from './support/running-app.js'
import { answerEvents, hitOf, wholeChunk } from './support/scripted-answer.js'

const document = { ...emptyDocument, id: 'doc_1', title: '手册', revision: 2, contentHash: 'h2' }
const hit = hitOf({ ...wholeChunk(document, '每运行两千小时更换一次机械密封。'), revision: 2 }, 1)
const events = answerEvents({ question: '多久更换？' }, [hit])
const id = 'ans_1'

let saved: NewAnswerRecord[]
let deleted: string[]
let pruned: { before: Date; keep: number }[]
let lines: LogLine[]
let beforeSave: () => Promise<void>
beforeEach(() => {
  saved = []
  deleted = []
  pruned = []
  lines = []
  beforeSave = async () => undefined
})

function log(config: { answersKept?: number } = {}): AnswerLog {
  return answerLog({
    catalogue: {
      async saveAnswer(record): Promise<AnswerRecord> {
        await beforeSave()
        saved.push(record)
        return { ...record, position: null, feedback: null }
      },
      async pruneAnswers(options) {
        pruned.push(options)
      },
      async deleteAnswer(answerId) {
        deleted.push(answerId)
      },
      getDocuments: async () => new Map([[document.id, document]]),
    },
    config: { answersKept: 100, answersKeptDays: 30, ...config },
    log: recordingLog(lines),
    version: '0.1.0',
  })
}

async function* played(given: readonly AnswerEvent[]): AsyncGenerator<AnswerEvent> {
  yield* given
}

const options = (given: Partial<KeepOptions> = {}): KeepOptions => ({
  asked: () => traceOf('kb_1').asked,
  conversationId: null,
  keep: true,
  open: () => played(events),
  ...given,
})

/** Takes events until the given one has come, then leaves. */
async function takeUntil(type: AnswerEvent['type'], answer: AsyncIterable<AnswerEvent>): Promise<void> {
  for await (const event of answer) if (event.type === type) return
}

describe('answerLog', () => {
  test('passes every event on, and has kept the answer when the last one comes', async () => {
    for await (const event of log().run(options())) {
      if (event.type === 'done') expect(saved).toHaveLength(1)
      else expect(saved).toEqual([])
    }
    expect(saved).toMatchObject([{ id, status: 'answered', modelId: 'scripted', knowledgeBaseIds: ['kb_1'] }])
    expect(saved[0]?.answer).toEqual(events.flatMap((event) => (event.type === 'done' ? [event.answer] : []))[0])
    expect(saved[0]?.trace.notices).toMatchObject([{ code: 'uncited' }])
    expect(await collect(log().run(options()))).toEqual(events)
  })

  test('notes the searches, the model and the documents of the answer', async () => {
    const search = { candidates: [hit], hits: [hit], searchedFor: '密封', timings: { embedMs: 1, retrieveMs: 2 } }
    const question = { text: '多久更换？', history: [], topK: 3, filter: { documentIds: ['doc_1'] } }
    const open: KeepOptions['open'] = async function* (recording) {
      recording.onRetrieved(question, search)
      yield* events
    }
    await collect(log().run(options({ open })))
    const { trace } = saved[0] ?? {}
    expect(trace?.searches).toMatchObject([
      { searchedFor: '密封', filter: { documentIds: ['doc_1'] }, topK: 3, considered: 1, embedMs: 1, retrieveMs: 2 },
    ])
    const { signals, score, chunk } = hit
    expect(trace?.searches[0]?.candidates).toMatchObject([{ rank: 1, signals, score, chunkId: chunk.id, revision: 2 }])
    expect(trace?.documents).toEqual([
      { documentId: 'doc_1', knowledgeBaseId: chunk.knowledgeBaseId, title: '手册', revision: 2, contentHash: 'h2' },
    ])
    const stages = [
      'prepareMs',
      'embedMs',
      'retrieveMs',
      'expandMs',
      'firstTextMs',
      'writeMs',
      'verifyMs',
      'generateMs',
      'totalMs',
    ]
    expect(Object.keys(trace?.timings ?? {}).sort()).toEqual(stages.sort())
  })

  test('keeps what was written when the reader leaves', async () => {
    await takeUntil('delta', log().run(options()))
    expect(saved).toMatchObject([
      { id, status: 'stopped', answer: { status: 'stopped', text: hit.chunk.text, hits: [hit], problem: null } },
    ])
  })

  test('keeps nothing of a question that was stopped before its answer had begun', async () => {
    const open: KeepOptions['open'] = async function* () {
      yield* await Promise.reject<AnswerEvent[]>(new InkstoneError('cancelled', 'stopped'))
    }
    expect(await errorOf(collect(log().run(options({ open }))))).toMatchObject({ code: 'cancelled' })
    expect(saved).toEqual([])
  })

  test('tells an answer that was stopped from one that failed', async () => {
    const broken = (thrown: Error): KeepOptions['open'] =>
      async function* () {
        yield* events.slice(0, 3)
        throw thrown
      }
    const busy = new InkstoneError('language_model_busy', 'too many wait', { remedy: 'ask again' })
    expect(await errorOf(collect(log().run(options({ open: broken(busy) }))))).toBe(busy)
    const stopped = new InkstoneError('cancelled', 'stopped')
    expect(await errorOf(collect(log().run(options({ open: broken(stopped) }))))).toBe(stopped)
    const gone = options({ open: broken(new Error('x')), signal: AbortSignal.abort(new Error('gone')) })
    await expect(collect(log().run(gone))).rejects.toThrow('x')
    expect(saved.map(({ status }) => status)).toEqual(['failed', 'stopped', 'stopped'])
    expect(saved[0]).toMatchObject({ answer: { problem: busy.toProblem() }, trace: { problem: busy.toProblem() } })
  })

  test('gives an answer that cannot be kept all the same', async () => {
    beforeSave = async () => {
      throw new InkstoneError('storage_full', 'the disk is full')
    }
    expect(await collect(log().run(options()))).toEqual(events)
    expect(lines).toMatchObject([{ level: 'warn', answerId: id, code: 'storage_full' }])
  })

  test('keeps nothing where nothing is to be kept', async () => {
    expect(await collect(log().run(options({ keep: false })))).toEqual(events)
    expect(await collect(log({ answersKept: 0 }).run(options()))).toEqual(events)
    await takeUntil('delta', log({ answersKept: 0 }).run(options()))
    expect(saved).toEqual([])
  })

  test('removes what is too old or too much with each answer that it keeps', async () => {
    const earliest = Date.now()
    await collect(log().run(options()))
    expect(pruned).toHaveLength(1)
    expect(pruned[0]?.keep).toBe(100)
    const month = 30 * 24 * 60 * 60 * 1000
    expect(pruned[0]?.before.getTime()).toBeGreaterThanOrEqual(earliest - month)
  })

  test('stops an answer that is removed while it is being written, and keeps nothing of it', async () => {
    const answers = log()
    const signals: AbortSignal[] = []
    const open: KeepOptions['open'] = (_recording, signal) => {
      signals.push(signal)
      return played(events)
    }
    const removing = async () => {
      for await (const event of answers.run(options({ open }))) if (event.type === 'delta') await answers.remove(id)
    }
    expect(await errorOf(removing())).toMatchObject({ code: 'cancelled', message: expect.stringContaining('deleted') })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(saved).toEqual([])
    await answers.remove(id)
    expect(deleted).toEqual([id])
  })

  test('removes an answer that was being kept just then', async () => {
    const answers = log()
    beforeSave = () => answers.remove(id)
    await collect(answers.run(options()))
    expect(deleted).toEqual([id])
  })
})
