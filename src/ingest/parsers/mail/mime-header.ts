import iconv from 'iconv-lite'
import { decodeText } from '../decode.js'

export interface HeaderValue {
  /** What stands before the first semicolon, in lower case. */
  value: string
  /** By their names in lower case, decoded. */
  params: Readonly<Record<string, string>>
}

/** Longer header values are cut: their parameters are looked for in what is left. */
const longestValue = 20_000

/** The fields of a header block by their names in lower case; the first of a name counts. */
export function readHeaders(block: Uint8Array): Map<string, string> {
  // Old programs write names and subjects in the encoding of their country, unmarked.
  const lines = decodeText(block).text.split(/\r\n|\r|\n/)
  const fields = new Map<string, string>()
  let name: string | null = null
  let parts: string[] = []
  const close = () => {
    if (name !== null && !fields.has(name)) fields.set(name, parts.join('').trim())
  }
  for (const line of lines) {
    if (/^[ \t]/.test(line)) {
      parts.push(line)
      continue
    }
    close()
    const colon = line.indexOf(':')
    name = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : null
    parts = [line.slice(colon + 1)]
  }
  close()
  return fields
}

const encodedWord = /=\?([^?\s]{1,40})\?([bq])\?([^?]*)\?=/gi

/** Decodes `=?charset?B?…?=` words. A character may be cut in two between words. Source: RFC 2047. */
export function decodeWords(text: string): string {
  const parts: string[] = []
  let charset: string | null = null
  let bytes: Buffer[] = []
  let end = 0
  const flush = () => {
    if (charset !== null) parts.push(decodeCharset(Buffer.concat(bytes), charset))
    bytes = []
    charset = null
  }
  for (const match of text.matchAll(encodedWord)) {
    const [word, label = '', kind = '', content = ''] = match
    // RFC 2231 lets a language follow the charset.
    const named = label.replace(/\*.*$/, '').toLowerCase()
    const between = text.slice(end, match.index)
    const goesOn = charset !== null && between.trim() === ''
    if (!goesOn || charset !== named) flush()
    if (!goesOn) parts.push(between)
    charset = named
    bytes.push(kind.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : unquote(content.replace(/[ _]/g, '=20')))
    end = match.index + word.length
  }
  flush()
  return parts.join('') + text.slice(end)
}

/** Undoes `=E4=BD=A0` and line ends that are only for the way; bytes above 127 that were not quoted stay. */
export function unquote(text: string): Buffer {
  const lines = text.split(/\r?\n/).map(withoutPadding)
  const joined = lines.map((line, index) => {
    if (index === lines.length - 1) return line
    return line.endsWith('=') ? line.slice(0, -1) : `${line}\r\n`
  })
  const coded = joined.join('')
  const plain = coded.replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}

/** Without the blanks that were added at the end of a line on its way. */
function withoutPadding(line: string): string {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1
  return line.slice(0, end)
}

/**
 * Text in a charset that a mail names. The name counts only where the bytes agree: many programs say `us-ascii` of
 * anything.
 */
export function decodeCharset(bytes: Uint8Array, charset: string | null): string {
  const label = charset?.trim().toLowerCase() ?? null
  // These two hide in 7 bits and would pass for ASCII.
  if (label?.startsWith('iso-2022-jp')) return new TextDecoder('iso-2022-jp').decode(bytes)
  if (label === 'utf-7') return iconv.decode(Buffer.from(bytes), 'utf-7')
  const isMeant = label !== null && !/^(?:us-)?ascii$/.test(label)
  return decodeText(bytes, { declared: isMeant ? label : null }).text
}

const parameter = /;\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g

/** Splits a header such as `text/plain; charset="gbk"`; parameters in pieces are joined. Source: RFC 2231. */
export function readStructured(header: string | undefined): HeaderValue {
  const text = (header ?? '').slice(0, longestValue)
  const value = (text.split(';')[0] ?? '').trim().toLowerCase()
  const pieces = new Map<string, { order: number; isCoded: boolean; text: string }[]>()
  for (const [, key = '', quoted, bare = ''] of text.matchAll(parameter)) {
    const [, name = '', order = '0', star = ''] = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(key.toLowerCase()) ?? []
    const piece = quoted === undefined ? bare.trim() : quoted.replace(/\\(.)/g, '$1')
    const of = pieces.get(name) ?? []
    pieces.set(name, [...of, { order: Number(order), isCoded: star !== '', text: piece }])
  }
  const params = [...pieces].map(([name, of]) => [name, joinPieces(of)])
  return { value, params: Object.fromEntries(params) }
}

function joinPieces(pieces: readonly { order: number; isCoded: boolean; text: string }[]): string {
  const ordered = [...pieces].sort((one, other) => one.order - other.order)
  if (!ordered.some(({ isCoded }) => isCoded)) return decodeWords(ordered.map(({ text }) => text).join(''))
  const [, charset = '', first = ''] = /^([\w-]*)'[^']*'(.*)$/s.exec(ordered[0]?.text ?? '') ?? []
  const texts = ordered.map(({ text }, index) => (index === 0 && charset !== '' ? first : text))
  const bytes = ordered.map(({ isCoded }, index) =>
    isCoded ? percentDecoded(texts[index] ?? '') : Buffer.from(texts[index] ?? ''),
  )
  return decodeCharset(Buffer.concat(bytes), charset === '' ? null : charset)
}

function percentDecoded(text: string): Buffer {
  return unquote(text.replaceAll('=', '=3D').replaceAll(' ', '=20').replaceAll('%', '='))
}
