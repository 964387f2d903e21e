/** What every compressed text may refer to from its first byte on. Source: [MS-OXRTFCP] 2.1.2. */
const dictionary =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'
const windowBytes = 4096
const headerBytes = 16
const compressedMark = 0x75465a4c
const plainMark = 0x414c454d

/**
 * The RTF that Outlook keeps compressed; null where it is not that. A text that ends early is what there is of it.
 * Source: [MS-OXRTFCP].
 * @param maxBytes where the text is cut
 */
export function decompressRtf(bytes: Uint8Array, { maxBytes = 50_000_000 } = {}): Buffer | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (data.length < headerBytes) return null
  const rawSize = Math.min(data.readUInt32LE(4), maxBytes)
  const kind = data.readUInt32LE(8)
  if (kind === plainMark) return data.subarray(headerBytes, headerBytes + rawSize)
  return kind === compressedMark ? expand(data.subarray(headerBytes), rawSize) : null
}

function expand(data: Buffer, rawSize: number): Buffer {
  // A byte of the text takes at least an eighth of a byte and its flag.
  const out = Buffer.alloc(Math.min(rawSize, data.length * 9 + 64))
  const window = Buffer.alloc(windowBytes)
  let [write, length, at] = [window.write(dictionary, 'latin1'), 0, 0]
  const put = (byte: number) => {
    if (length < out.length) out[length] = byte
    length += 1
    window[write] = byte
    write = (write + 1) % windowBytes
  }
  while (at < data.length && length < out.length) {
    const flags = data[at] ?? 0
    at += 1
    for (let bit = 0; bit < 8 && at < data.length; bit += 1) {
      if (((flags >> bit) & 1) === 0) {
        put(data[at] ?? 0)
        at += 1
        continue
      }
      if (at + 2 > data.length) return out.subarray(0, Math.min(length, out.length))
      const reference = data.readUInt16BE(at)
      at += 2
      const offset = reference >> 4
      // A reference to where the next byte is written is the end.
      if (offset === write) return out.subarray(0, Math.min(length, out.length))
      for (let step = 0; step < (reference & 15) + 2; step += 1) put(window[(offset + step) % windowBytes] ?? 0)
    }
  }
  return out.subarray(0, Math.min(length, out.length))
}
