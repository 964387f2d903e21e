import { decodeText } from '../decode.js'

export interface TarEntry {
  name: string
  kind: 'file' | 'link' | 'other'
  sizeBytes: number
  /** Null where the archive ends before the file does. */
  bytes: Buffer | null
}

const blockBytes = 512

/** Whether the bytes begin a tape archive: the checksum of its first header is right. */
export function isTar(bytes: Uint8Array): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return data.length >= blockBytes && hasChecksum(data.subarray(0, blockBytes))
}

/** The entries of a tape archive, old, POSIX or GNU, up to the first damaged header. */
export function* tarEntries(data: Buffer): Generator<TarEntry> {
  let longName: string | null = null
  for (let at = 0; at + blockBytes <= data.length; ) {
    const header = data.subarray(at, at + blockBytes)
    if (!hasChecksum(header)) return
    const sizeBytes = readNumber(header.subarray(124, 136))
    const start = at + blockBytes
    const content = start + sizeBytes <= data.length ? data.subarray(start, start + sizeBytes) : null
    const type = String.fromCharCode(header[156] ?? 0)
    at = start + Math.ceil(sizeBytes / blockBytes) * blockBytes
    // These two name the entry that follows.
    if (type === 'L') longName = textOf(content ?? Buffer.alloc(0))
    else if (type === 'x') longName = paxPath(content ?? Buffer.alloc(0)) ?? longName
    else if (type !== 'g' && type !== 'K') {
      yield { name: longName ?? headerName(header), kind: kindOf(type), sizeBytes, bytes: content }
      longName = null
    }
  }
}

function kindOf(type: string): TarEntry['kind'] {
  if (type === '0' || type === '\0' || type === '7') return 'file'
  return type === '1' || type === '2' ? 'link' : 'other'
}

function headerName(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? header.subarray(345, 500) : Buffer.alloc(0)
  const folder = textOf(prefix)
  const name = textOf(header.subarray(0, 100))
  return folder === '' ? name : `${folder}/${name}`
}

/** Up to the first zero byte. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return decodeText(end === -1 ? bytes : bytes.subarray(0, end)).text
}

/** Lines such as `23 path=manuals/pump.pdf`, each with its own length before it. */
function paxPath(bytes: Buffer): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)/.exec(bytes.toString('utf8'))?.[1] ?? null
}

/** Octal digits, or a binary number where the first bit is set. */
function readNumber(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.readUIntBE(field.length - 6, 6)
  const digits = /[0-7]+/.exec(field.toString('latin1'))?.[0] ?? '0'
  return Number.parseInt(digits, 8)
}

function hasChecksum(header: Buffer): boolean {
  let sum = 0
  for (let index = 0; index < blockBytes; index += 1) sum += index >= 148 && index < 156 ? 0x20 : (header[index] ?? 0)
  return header[0] !== 0 && sum === readNumber(header.subarray(148, 156))
}
