/** One event of a `text/event-stream`: its name (`message` when it has none) and its data lines joined by newlines. */
export interface ServerEvent {
  event: string
  data: string
}

/**
 * Reads server-sent events as they arrive, by the WHATWG HTML standard section 9.2.6. The bytes may be cut anywhere,
 * inside a character or between CR and LF. Comments, `id` and `retry` are passed over; an event that the end of the
 * stream cuts off is dropped.
 */
export async function* readEventStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  let event = ''
  let data: string[] = []
  for await (const line of readLines(bytes)) {
    if (line === '') {
      if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') }
      event = ''
      data = []
      continue
    }
    const field = readField(line)
    if (field.name === 'event') event = field.value
    if (field.name === 'data') data.push(field.value)
  }
}

function readField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  const value = line.slice(colon + 1)
  return { name: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value }
}

/** Lines ended by LF, CR or CRLF; a last line without an end is not a line. */
async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let afterCarriageReturn = false
  for await (const chunk of bytes) {
    let text = decoder.decode(chunk, { stream: true })
    if (text === '') continue
    if (afterCarriageReturn && text.startsWith('\n')) text = text.slice(1)
    afterCarriageReturn = text.endsWith('\r')
    const lines = (rest + text).split(/\r\n|\n|\r/)
    rest = lines.pop() ?? ''
    yield* lines
  }
}
