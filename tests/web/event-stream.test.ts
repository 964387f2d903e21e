import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEventStream, type ServerEvent } from '../../web/event-stream.js'

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0
  for (const size of [...sizes, bytes.length]) {
    if (start >= bytes.length) return
    yield bytes.slice(start, start + size)
    start += size
  }
}

async function read(text: string, sizes: readonly number[] = []): Promise<ServerEvent[]> {
  const read: ServerEvent[] = []
  for await (const event of readEventStream(cut(new TextEncoder().encode(text), sizes))) read.push(event)
  return read
}

const stream = ': 心跳\n\nevent: delta\ndata: {"text":"泵轴🌊"}\n\ndata: 一\ndata:  二\nid: 7\n\nevent: done\ndata\n\n'
const events: ServerEvent[] = [
  { event: 'delta', data: '{"text":"泵轴🌊"}' },
  { event: 'message', data: '一\n 二' },
  { event: 'done', data: '' },
]

describe('readEventStream', () => {
  test('passes over comments and joins the data lines of an event', async () => {
    expect(await read(stream)).toEqual(events)
  })

  test.each(['\n', '\r\n'])(
    'reads the same events, however their lines end and wherever they are cut (%j)',
    async (end) => {
      const text = stream.replaceAll('\n', end)
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 120 }), async (sizes) => {
          expect(await read(text, sizes)).toEqual(events)
        }),
      )
    },
  )

  test('reads a stream that arrives byte by byte, characters of several bytes included', async () => {
    expect(await read(stream.replaceAll('\n', '\r\n'), Array(200).fill(1))).toEqual(events)
  })

  test('gives an event out as soon as its empty line is there', async () => {
    const first = 'data: 1\n\n'
    async function* slow() {
      yield new TextEncoder().encode(first)
      throw new Error('read on before the event was given out')
    }
    const reading = readEventStream(slow())
    expect(await reading.next()).toEqual({ done: false, value: { event: 'message', data: '1' } })
  })

  test('drops an event that the end of the stream cuts off', async () => {
    expect(await read('data: whole\n\ndata: half\n')).toEqual([{ event: 'message', data: 'whole' }])
  })
})
