/** One server-sent event as it came. */
export interface ReceivedEvent {
  event: string
  data: string
}

/**
 * Reads server-sent events by the rules of the HTML standard: comments and unknown fields are skipped, lines end with
 * CR, LF or both, and an event that is cut off is no event.
 * @param bytes the body, in pieces cut anywhere
 */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  let event = ''
  let data: string[] = []
  for await (const line of readLines(bytes)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n') }
      event = ''
      data = []
      continue
    }
    const { name, value } = splitField(line)
    if (name === 'event') event = value
    else if (name === 'data') data.push(value)
  }
}

async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of bytes) {
    rest += decoder.decode(piece, { stream: true })
    // A CR at the end may be the first half of CR LF: it waits for the next piece.
    const complete = rest.endsWith('\r') ? rest.slice(0, -1) : rest
    const lines = complete.split(/\r\n|\r|\n/)
    rest = (lines.pop() ?? '') + rest.slice(complete.length)
    yield* lines
  }
  if (rest.endsWith('\r')) yield rest.slice(0, -1)
}

function splitField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') }
}
