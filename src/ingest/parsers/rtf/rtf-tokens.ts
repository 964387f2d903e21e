export type RtfToken =
  | { kind: 'open' }
  | { kind: 'close' }
  /** A control word such as `\outlinelevel2`, or a control symbol such as `\~`. */
  | { kind: 'word'; name: string; value: number | null }
  /** Text as it stands in the file, in whatever encoding. */
  | { kind: 'bytes'; bytes: Buffer }
  /** What `\bin` announces: never text. */
  | { kind: 'binary'; bytes: Buffer }

const [backslash, openBrace, closeBrace, quote, carriageReturn, lineFeed] = [...Buffer.from("\\{}'\r\n")]
const longestWord = 32
const longestNumber = 10

/** Cuts RTF into its tokens, one after the other: linear in the bytes, whatever they are. Source: RTF 1.9.1. */
export function* rtfTokens(data: Buffer): Generator<RtfToken> {
  let at = 0
  while (at < data.length) {
    const byte = data[at]
    if (byte === openBrace || byte === closeBrace) {
      yield { kind: byte === openBrace ? 'open' : 'close' }
      at += 1
    } else if (byte === carriageReturn || byte === lineFeed) at += 1
    else if (byte !== backslash) {
      const end = endOfText(data, at)
      yield { kind: 'bytes', bytes: data.subarray(at, end) }
      at = end
    } else {
      const { token, next } = readControl(data, at + 1)
      at = next
      if (token?.kind === 'word' && token.name === 'bin') {
        const end = Math.min(data.length, at + Math.max(0, token.value ?? 0))
        yield { kind: 'binary', bytes: data.subarray(at, end) }
        at = end
      } else if (token !== null) yield token
    }
  }
}

function endOfText(data: Buffer, start: number): number {
  let end = start + 1
  for (; end < data.length; end += 1) {
    const byte = data[end]
    const isSpecial = byte === backslash || byte === openBrace || byte === closeBrace
    if (isSpecial || byte === carriageReturn || byte === lineFeed) break
  }
  return end
}

/** @param at behind the backslash */
function readControl(data: Buffer, at: number): { token: RtfToken | null; next: number } {
  const byte = data[at]
  if (byte === undefined) return { token: null, next: data.length }
  if (isLetter(byte)) return readWord(data, at)
  if (byte === quote) {
    const value = Number.parseInt(data.toString('latin1', at + 1, at + 3), 16)
    return { token: Number.isNaN(value) ? null : { kind: 'bytes', bytes: Buffer.of(value) }, next: at + 3 }
  }
  if (byte === backslash || byte === openBrace || byte === closeBrace) {
    return { token: { kind: 'bytes', bytes: data.subarray(at, at + 1) }, next: at + 1 }
  }
  // A line end behind a backslash ends the paragraph.
  const name = byte === carriageReturn || byte === lineFeed ? 'par' : String.fromCharCode(byte)
  return { token: { kind: 'word', name, value: null }, next: at + 1 }
}

function readWord(data: Buffer, start: number): { token: RtfToken; next: number } {
  let at = start
  while (at < data.length && at - start < longestWord && isLetter(data[at])) at += 1
  const name = data.toString('latin1', start, at)
  const number = /^-?\d+/.exec(data.toString('latin1', at, at + longestNumber))?.[0] ?? ''
  at += number.length
  if (data[at] === 0x20) at += 1
  return { token: { kind: 'word', name, value: number === '' ? null : Number(number) }, next: at }
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a))
}
