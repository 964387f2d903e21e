import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEvents } from '../../src/client/event-source.js'
import { eventStream } from '../../src/server/event-stream.js'

async function read(...pieces: (string | Uint8Array)[]) {
  async function* bytes() {
    for (const piece of pieces) yield Buffer.from(piece)
  }
  const events: { event: string; data: string }[] = []
  for await (const event of readEvents(bytes())) events.push(event)
  return events
}

describe('readEvents', () => {
  test('reads events, skips comments and unknown fields', async () => {
    expect(await read(': hello\n\nid: 3\nevent: a\ndata: 1\nretry: 5\n\ndata:2\n\n')).toEqual([
      { event: 'a', data: '1' },
      { event: 'message', data: '2' },
    ])
  })

  test('joins the lines of one event and keeps all but the first space', async () => {
    expect(await read('data: a\ndata:  b\ndata\n\n')).toEqual([{ event: 'message', data: 'a\n b\n' }])
  })

  test.each(['\n', '\r\n'])('takes %j as the end of a line', async (end) => {
    expect(await read(`event: a${end}data: 1${end}${end}`)).toEqual([{ event: 'a', data: '1' }])
  })

  test('does not take an event that is cut off', async () => {
    expect(await read('data: 1\n\ndata: 2\n')).toEqual([{ event: 'message', data: '1' }])
  })

  test('reads what the server writes, wherever it is cut', async () => {
    const event = fc.record({ event: fc.constantFrom('delta', 'done'), data: fc.jsonValue() })
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        async (events, cuts) => {
          async function* source() {
            yield* events
          }
          const signal = new AbortController().signal
          const reply = await eventStream(source, { signal, onFailure: () => ({ event: 'error', data: null }) })
          const bytes = Buffer.from(await reply.arrayBuffer())
          const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
          const received = await read(...places.slice(1).map((end, index) => bytes.subarray(places[index], end)))
          expect(received.map(({ event: name, data }) => ({ event: name, data: JSON.parse(data) }))).toEqual(
            events.map(({ event: name, data }) => ({ event: name, data: JSON.parse(JSON.stringify(data)) })),
          )
        },
      ),
    )
  })
})
