import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { ChatEvent, ChatMessage, ChatModel } from '../../src/core/ports.js'
import { acceptRewriting, rewriteQuestion } from '../../src/generate/rewrite-question.js'

const flow = 'IH65-50-160 的额定流量是多少？'
const followUp = { text: '那 IH80 呢？', history: [flow], topK: 5, filter: {} }

type Stream = ChatModel['stream']

function model(stream: Stream): ChatModel & { seen: ChatMessage[][] } {
  const seen: ChatMessage[][] = []
  return {
    modelId: 'scripted',
    seen,
    stream(messages, options) {
      seen.push([...messages])
      return stream(messages, options)
    },
  }
}

const writes = (...pieces: string[]) =>
  model(async function* (): AsyncIterable<ChatEvent> {
    for (const text of pieces) yield { type: 'delta', text }
    yield { type: 'finish', reason: 'complete' }
  })

const rewrite = (chatModel: ChatModel | null, given: object = {}, llmRewriteTimeoutMs = 60_000, signal?: AbortSignal) =>
  rewriteQuestion({ ...followUp, ...given }, { chatModel, llmRewriteTimeoutMs, ...(signal ? { signal } : {}) })

describe('rewriteQuestion', () => {
  test('has the model complete a follow-up, from the questions alone', async () => {
    const chatModel = writes('IH80 的额定', '流量是多少？\n')
    const replies = ['流量为 25 m3/h，见保密手册 [1]。']
    expect(await rewrite(chatModel, { replies })).toBe('IH80 的额定流量是多少？')
    const prompt = chatModel.seen.flat().map(({ content }) => content)
    expect(prompt.join('\n')).not.toContain('保密手册')
    expect(prompt[1]).toBe(
      `<earlier-question>\n${flow}\n</earlier-question>\n<question>\n${followUp.text}\n</question>`,
    )
  })

  test.each([
    ['the first question', { history: [] }],
    ['a long one', { text: '很'.repeat(301) }],
    ['one with operators', { text: '那 -IH80 呢 "机械密封"' }],
  ])('does not ask the model about %s', async (_, given) => {
    const chatModel = writes('IH80 的额定流量是多少？')
    expect(await rewrite(chatModel, given)).toBeNull()
    expect(chatModel.seen).toEqual([])
  })

  test('asks no model where there is none or it has no time', async () => {
    const chatModel = writes('IH80 的额定流量是多少？')
    expect(await rewrite(null)).toBeNull()
    expect(await rewrite(chatModel, {}, 0)).toBeNull()
    expect(chatModel.seen).toEqual([])
  })

  test('does without a model that fails, or that goes on for too long', async () => {
    const failing = model(() => {
      throw new InkstoneError('language_model_busy', 'too many wait')
    })
    expect(await rewrite(failing)).toBeNull()
    const endless = model(async function* () {
      yield { type: 'delta', text: 'IH80 的' }
      yield { type: 'finish', reason: 'length' }
    })
    expect(await rewrite(endless)).toBeNull()
  })

  test('gives a model that hangs up when its time is over', async () => {
    const hanging = model(async function* (_, { signal }): AsyncIterable<ChatEvent> {
      yield { type: 'delta', text: 'IH80' }
      await stopped(signal)
    })
    expect(await rewrite(hanging, {}, 1)).toBeNull()
  })

  test('stops when the question is given up', async () => {
    const abort = new AbortController()
    const hanging = model(async function* (_, { signal }): AsyncIterable<ChatEvent> {
      abort.abort(new InkstoneError('cancelled', 'gone'))
      yield { type: 'delta', text: 'IH80' }
      await stopped(signal)
    })
    await expect(rewrite(hanging, {}, 60_000, abort.signal)).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('acceptRewriting', () => {
  const accept = (written: string) => acceptRewriting(written, followUp)

  test.each([
    ['IH80 的额定流量是多少？', 'IH80 的额定流量是多少？'],
    ['  问题：“IH80 的额定流量是多少？”\n', 'IH80 的额定流量是多少？'],
    ['与 IH65-50-160 相比，IH80 的额定流量是多少？', '与 IH65-50-160 相比，IH80 的额定流量是多少？'],
  ])('takes "%s"', (written, line) => {
    expect(accept(written)).toBe(line)
  })

  test.each([
    ['nothing', ' \n'],
    ['two lines', 'IH80 的额定流量是多少？\n因为它更大。'],
    ['too long a line', `IH80 ${'的'.repeat(400)}`],
    ['another language', 'What is the rated flow of the IH80?'],
    ['one that lost the part number', '额定流量是多少？'],
    ['one that made up a part number', 'IH80-65-160 的额定流量与 IH80 相同吗？'],
    ['one that answers', 'IH80 的额定流量是 50 m3/h'],
    ['operators', 'IH80 的流量 -IH65'],
    ['a tag', 'IH80 <b>流量</b>'],
    ['signs without words', '80？'],
  ])('does not take %s', (_, written) => {
    expect(accept(written)).toBeNull()
  })
})

/** Rejects with the signal's reason, as a model that was stopped does. */
function stopped(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}
