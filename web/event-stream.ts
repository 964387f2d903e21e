import { createParser } from 'eventsource-parser'

/** One event of a `text/event-stream`: its name (`message` when it has none) and its data lines joined by newlines. */
export interface ServerEvent {
  event: string
  data: string
}

/**
 * Reads server-sent events as they arrive. The bytes may be cut anywhere, inside a character or between CR and LF.
 * Comments are passed over; an event that the end of the stream cuts off is dropped.
 */
export async function* readEventStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  const complete: ServerEvent[] = []
  const parser = createParser({ onEvent: ({ event = 'message', data }) => complete.push({ event, data }) })
  for await (const chunk of bytes) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield* complete.splice(0)
  }
}
