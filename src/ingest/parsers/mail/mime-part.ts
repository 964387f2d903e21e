import { InkstoneError } from '../../../core/errors.js'
import { decodeCharset, type HeaderValue, readHeaders, readStructured, unquote } from './mime-header.js'

export interface MimePart {
  headers: ReadonlyMap<string, string>
  type: HeaderValue
  disposition: HeaderValue
  /** Of a multipart; empty for every other kind. */
  parts: MimePart[]
  /** As it stands in the message, still coded. */
  rawBody: Buffer
}

export interface MimeLimits {
  maxParts: number
  maxDepth: number
}

interface Budget extends MimeLimits {
  parts: number
}

/**
 * Reads a message into the tree of its parts. What is damaged is read as far as it goes.
 * @throws InkstoneError `archive_bomb` beyond a limit
 */
export function readMime(bytes: Uint8Array, { maxParts = 2000, maxDepth = 30 }: Partial<MimeLimits> = {}): MimePart {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return readPart(withoutMark(buffer), { maxParts, maxDepth, parts: 0 }, { depth: 0, defaultType: 'text/plain' })
}

function withoutMark(buffer: Buffer): Buffer {
  return buffer.subarray(0, 3).toString('hex') === 'efbbbf' ? buffer.subarray(3) : buffer
}

function readPart(
  buffer: Buffer,
  budget: Budget,
  { depth, defaultType }: { depth: number; defaultType: string },
): MimePart {
  budget.parts += 1
  if (budget.parts > budget.maxParts) throw refused(`it has more than ${budget.maxParts} parts`)
  if (depth > budget.maxDepth) throw refused(`its parts are nested deeper than ${budget.maxDepth} levels`)
  const { header, body } = splitHeader(buffer)
  const headers = readHeaders(header)
  const type = readStructured(headers.get('content-type') ?? defaultType)
  const boundary = type.params.boundary ?? ''
  const isMultipart = type.value.startsWith('multipart/') && boundary !== ''
  const inner = type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  return {
    headers,
    type: type.value.startsWith('multipart/') && !isMultipart ? { ...type, value: 'text/plain' } : type,
    disposition: readStructured(headers.get('content-disposition')),
    parts: isMultipart
      ? splitBody(body, boundary, budget).map((part) =>
          readPart(part, budget, { depth: depth + 1, defaultType: inner }),
        )
      : [],
    rawBody: body,
  }
}

/** The header ends at the first empty line. A part may begin with that line: it has no header. */
function splitHeader(buffer: Buffer): { header: Buffer; body: Buffer } {
  const opening = /^\r?\n/.exec(buffer.toString('latin1', 0, 2))?.[0]
  if (opening !== undefined) return { header: buffer.subarray(0, 0), body: buffer.subarray(opening.length) }
  const ends = ['\r\n\r\n', '\n\n', '\r\r'].map((mark) => ({ mark, at: buffer.indexOf(mark) }))
  const found = ends.filter(({ at }) => at !== -1).sort((one, other) => one.at - other.at)[0]
  if (found === undefined) return { header: buffer, body: buffer.subarray(buffer.length) }
  return { header: buffer.subarray(0, found.at), body: buffer.subarray(found.at + found.mark.length) }
}

/** What stands between the lines that begin with the boundary; the last part may lack its end. */
function splitBody(body: Buffer, boundary: string, { maxParts }: MimeLimits): Buffer[] {
  const mark = Buffer.from(`--${boundary}`)
  const parts: Buffer[] = []
  let start: number | null = null
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) {
    const isLineStart = at === 0 || body[at - 1] === 0x0a || body[at - 1] === 0x0d
    const rest = /^(--)?[ \t]*(?:\r\n|\r|\n|$)/.exec(body.toString('latin1', at + mark.length, at + mark.length + 80))
    if (!isLineStart || rest === null) continue
    if (start !== null) parts.push(body.subarray(start, at))
    if (parts.length > maxParts) throw refused(`it has more than ${maxParts} parts`)
    start = rest[1] === undefined ? at + mark.length + rest[0].length : null
    if (start === null) break
  }
  if (start !== null) parts.push(body.subarray(start))
  return parts
}

/** The bytes of a part, decoded. */
export function partBytes(part: MimePart): Buffer {
  const encoding = /[\w-]+/.exec(part.headers.get('content-transfer-encoding')?.toLowerCase() ?? '')?.[0]
  if (encoding === 'base64') return Buffer.from(part.rawBody.toString('latin1'), 'base64')
  return encoding === 'quoted-printable' ? unquote(part.rawBody.toString('latin1')) : part.rawBody
}

/** The text of a text part, its flowed lines joined. Source: RFC 3676. */
export function partText(part: MimePart): string {
  const text = decodeCharset(partBytes(part), part.type.params.charset ?? null).replace(/\r\n?/g, '\n')
  if (part.type.params.format?.toLowerCase() !== 'flowed') return text
  const joint = part.type.params.delsp?.toLowerCase() === 'yes' ? '' : ' '
  return text.replace(/^ /gm, '').replace(/(?<!^--) \n(?=[^\n>])/gm, joint)
}

function refused(reason: string): InkstoneError {
  return new InkstoneError('archive_bomb', `the message was not opened: ${reason}`, {
    remedy: 'if the message is genuine, open it in its program, save the attachments and add those',
  })
}
