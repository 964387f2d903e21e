import { createParser } from 'eventsource-parser'

export interface ServerSentEvent {
  /** Null where the server gives it no name. */
  name: string | null
  data: string
}

export interface EventStreamOptions {
  /** Longest answer that was asked for: it bounds the size of the whole. */
  maxTokens: number
  /** Makes the error of a reply that is not what it should be. */
  failed: (why: string) => Error
}

/** No single event of an answer is near this large. */
const longestEventCharacters = 256 * 1024
/** What a token takes on the wire at most, with the names around it, and what a reply may hold besides tokens. */
const bytesPerToken = 2 * 1024
const spareBytes = 1024 * 1024

/**
 * The events of a reply of type `text/event-stream` (WHATWG HTML, 9.2), bounded in size.
 * @throws what `failed` makes of broken UTF-8, an event that is too long, and too many bytes
 */
export async function* serverSentEvents(
  body: AsyncIterable<Buffer>,
  { maxTokens, failed }: EventStreamOptions,
): AsyncGenerator<ServerSentEvent> {
  const maxBytes = spareBytes + maxTokens * bytesPerToken
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const ready: ServerSentEvent[] = []
  let tooLong = false
  const parser = createParser({
    onEvent: ({ event, data }) => ready.push({ name: event ?? null, data }),
    onError: ({ type }) => {
      tooLong ||= type === 'max-buffer-size-exceeded'
    },
    maxBufferSize: longestEventCharacters,
  })
  let sizeBytes = 0
  for await (const piece of body) {
    sizeBytes += piece.length
    parser.feed(decoded(decoder, piece, failed))
    yield* ready.splice(0)
    if (tooLong) throw failed(`it sent a piece of more than ${longestEventCharacters} characters`)
    if (sizeBytes > maxBytes) throw failed(`it sent more than ${maxBytes} bytes`)
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece: Buffer, failed: (why: string) => Error): string {
  try {
    return decoder.decode(piece, { stream: true })
  } catch {
    throw failed('it sent bytes that are not UTF-8')
  }
}
