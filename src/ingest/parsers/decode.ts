import iconv from 'iconv-lite'
import { legacyEncoding } from './legacy-encoding.js'

export interface Decoded {
  text: string
  encoding: string
}

const marks: readonly { bytes: readonly number[]; encoding: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe, 0x00, 0x00], encoding: 'utf-32le' },
  { bytes: [0x00, 0x00, 0xfe, 0xff], encoding: 'utf-32be' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
]
const sampleBytes = 65_536

/**
 * Text of a file whose encoding is not known. In order: byte order mark, UTF-16/32 by their zero bytes, strict UTF-8,
 * the encoding that the file declares (where its bytes agree), UTF-8 with few damaged characters, UTF-16 without zero
 * bytes, then the older encodings.
 * @param declared what the file says of itself, such as an HTML meta charset
 */
export function decodeText(bytes: Uint8Array, { declared = null }: { declared?: string | null } = {}): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = byteOrderMark(bytes)
  if (mark !== null) return as(mark, buffer)
  const wide = wideByZeros(bytes.subarray(0, sampleBytes))
  if (wide !== null) return as(wide, buffer)
  const utf8 = strictUtf8(bytes)
  if (utf8 !== null) return { text: utf8, encoding: 'utf-8' }
  if (declared !== null && iconv.encodingExists(declared)) {
    const decoded = as(declared, buffer)
    if (!decoded.text.includes('\uFFFD')) return decoded
  }
  if (isMostlyUtf8(buffer)) return as('utf-8', buffer)
  return as(wideByCharacters(buffer) ?? legacyEncoding(foreignSample(buffer)), buffer)
}

/** From the first byte on that is not ASCII: a long preface in English says nothing of what follows. */
function foreignSample(buffer: Buffer): Buffer {
  const first = buffer.findIndex((byte) => byte >= 0x80)
  if (first <= sampleBytes / 2) return buffer.subarray(0, sampleBytes)
  // From the beginning of its line where that is near: the words around it say something too.
  const line = buffer.lastIndexOf(0x0a, first) + 1
  const start = first - line > sampleBytes / 2 ? first : line
  return buffer.subarray(start, start + sampleBytes)
}

/** How many well-formed characters of several bytes there have to be for each damaged one. */
const soundPerDamaged = 10

/** A text that was cut, or that another program wrote a line into, is UTF-8 all the same. */
function isMostlyUtf8(buffer: Buffer): boolean {
  const text = buffer.toString('utf8')
  let [damaged, sound] = [0, 0]
  for (const [run] of text.matchAll(/\uFFFD+|[\u0080-\uFFFC\uFFFE\uFFFF]+/g)) {
    if (run.startsWith('\uFFFD')) damaged += 1
    else sound += run.length
  }
  return sound > 0 && sound >= damaged * soundPerDamaged
}

/** The encoding that the first bytes declare, or null. */
export function byteOrderMark(bytes: Uint8Array): string | null {
  return marks.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte))?.encoding ?? null
}

function as(encoding: string, buffer: Buffer): Decoded {
  return { text: iconv.decode(buffer, encoding), encoding }
}

/** A long text may end inside a character: samples do, and files that were cut off. */
function strictUtf8(bytes: Uint8Array): string | null {
  const longestTail = bytes.length > 1000 ? 3 : 0
  for (let tail = 0; tail <= longestTail; tail += 1) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - tail))
    } catch {}
  }
  return null
}

/** UTF-16 and UTF-32 of mostly Latin text have zero bytes in a pattern that no other text has. */
function wideByZeros(sample: Uint8Array): string | null {
  const zeros = [0, 0, 0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 4] = (zeros[index % 4] ?? 0) + 1
  })
  const share = zeros.map((count) => count / Math.max(1, sample.length / 4))
  const [first = 0, second = 0, third = 0, fourth = 0] = share
  if (third > 0.9 && fourth > 0.9 && first < 0.1) return 'utf-32le'
  if (first > 0.9 && second > 0.9 && fourth < 0.1) return 'utf-32be'
  if (second + fourth > 0.3 && first + third < 0.1) return 'utf-16le'
  if (first + third > 0.3 && second + fourth < 0.1) return 'utf-16be'
  return null
}

const usual = /[\t\n\r\u0020-\u007E\u3000-\u30FF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF5E\u2010-\u2026]/gu
const common = /[\n\r ,.\u3001\u3002\uFF0C\u7684\u4E00\u662F\u4E0D\u5728\u6709]/u

/** UTF-16 of Chinese text without a mark: almost every character is a usual one, and line ends or 的, 是, 。 are there. */
function wideByCharacters(buffer: Buffer): string | null {
  if (buffer.length % 2 !== 0) return null
  const sample = buffer.subarray(0, sampleBytes)
  for (const encoding of ['utf-16le', 'utf-16be']) {
    const text = iconv.decode(sample, encoding)
    const usualCount = text.match(usual)?.length ?? 0
    if (text.length >= 4 && usualCount / text.length > 0.97 && common.test(text)) return encoding
  }
  return null
}
