import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { streamedCompletion, wholeCompletion } from '../../../src/generate/models/completion.js'
import { frame, piece } from '../../support/chat-server.js'
import { collect } from '../../support/collect.js'

const failed = (why: string) => new Error(why)

async function* bytes(...pieces: (string | Uint8Array)[]) {
  for (const each of pieces) yield Buffer.from(each)
}

const eventsOf = (body: AsyncIterable<Buffer>, maxTokens = 100) =>
  collect(streamedCompletion(body, { maxTokens, failed }))

const textOf = async (body: AsyncIterable<Buffer>) =>
  (await eventsOf(body)).map((event) => (event.type === 'delta' ? event.text : '')).join('')

describe('streamedCompletion', () => {
  test('reads the same text however the bytes are cut', async () => {
    const words = ['机械', '密封 𠮷', 'é\n\n', 'data: ']
    const whole = Buffer.from(`: hello\r\n\r\n${words.map(piece).join('')}data: [DONE]\n\n`)
    const cuts = fc.array(fc.nat(whole.length), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const edges = [0, ...places.toSorted((a, b) => a - b), whole.length]
        const pieces = edges.slice(1).map((end, index) => whole.subarray(edges[index], end))
        expect(await textOf(bytes(...pieces))).toBe(words.join(''))
      }),
    )
  })

  test('tells whether the text ended by itself or at its limit', async () => {
    const ending = (reason: string) => frame({ choices: [{ delta: {}, finish_reason: reason }] })
    expect(await eventsOf(bytes(ending('stop')))).toEqual([{ type: 'finish', reason: 'complete' }])
    expect(await eventsOf(bytes(ending('length'), 'data: [DONE]\n\n'))).toEqual([{ type: 'finish', reason: 'length' }])
    expect(await eventsOf(bytes('data: [DONE]\n\n'))).toEqual([{ type: 'finish', reason: 'complete' }])
    await expect(eventsOf(bytes(piece('a')))).rejects.toThrow('without a sign that it was done')
    await expect(eventsOf(bytes(ending('content_filter')))).rejects.toThrow('content filter')
  })

  test('knows a model that thinks before it answers', async () => {
    const thinking = frame({ choices: [{ delta: { reasoning_content: 'hm' } }] })
    expect(await eventsOf(bytes(thinking, piece('a'), 'data: [DONE]\n\n'))).toEqual([
      { type: 'thinking' },
      { type: 'delta', text: 'a' },
      { type: 'finish', reason: 'complete' },
    ])
  })

  test.each([
    ['JSON that is broken', 'data: {oops\n\n', 'not valid JSON'],
    ['JSON of something else', 'data: {"choices": 3}\n\n', 'not valid JSON'],
    ['an error', 'data: {"error": {"message": "out of memory"}}\n\n', 'out of memory'],
    ['UTF-8 that is broken', Uint8Array.of(0x64, 0xff), 'not UTF-8'],
  ])('refuses %s', async (_, sent, why) => {
    await expect(eventsOf(bytes(piece('a'), sent))).rejects.toThrow(why)
  })

  test('bounds the text, its pieces and all that is sent', async () => {
    async function* endless(part: string) {
      for (;;) yield Buffer.from(part)
    }
    const events = await eventsOf(endless(piece('词')), 100)
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'length' })
    expect(events).toHaveLength(2 * 100 + 64 + 2)
    await expect(eventsOf(endless('x'.repeat(10_000)))).rejects.toThrow('a piece of more than 262144 characters')
    await expect(eventsOf(endless(`: ${'x'.repeat(10_000)}\n\n`))).rejects.toThrow('bytes')
  })
})

describe('wholeCompletion', () => {
  test('reads an answer that comes in one piece', () => {
    const reply = { choices: [{ message: { content: '答' }, finish_reason: 'length' }] }
    expect([...wholeCompletion(JSON.stringify(reply), failed)]).toEqual([
      { type: 'delta', text: '答' },
      { type: 'finish', reason: 'length' },
    ])
  })
})
