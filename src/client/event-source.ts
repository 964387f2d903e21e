import { createParser } from 'eventsource-parser'

/** One server-sent event as it came. */
export interface ReceivedEvent {
  event: string
  data: string
}

/**
 * Reads server-sent events. Comments are skipped; an event that is cut off is no event.
 * @param bytes the body, in pieces cut anywhere
 */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  const decoder = new TextDecoder()
  const complete: ReceivedEvent[] = []
  const parser = createParser({ onEvent: ({ event = 'message', data }) => complete.push({ event, data }) })
  for await (const piece of bytes) {
    parser.feed(decoder.decode(piece, { stream: true }))
    yield* complete.splice(0)
  }
}
