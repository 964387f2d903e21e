export interface ImageHeader {
  format: 'png' | 'jpeg' | 'gif' | 'bmp' | 'tiff' | 'webp'
  /** Pixels. */
  width: number
  height: number
}

/** Kind and size of a picture by its first bytes, or null where they are none of these kinds, or cut off. */
export function imageHeader(bytes: Uint8Array): ImageHeader | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return readers.map((read) => read(data)).find((header) => header !== null && isSize(header)) ?? null
  } catch (thrown) {
    // A read behind the end: the picture is cut off.
    if (thrown instanceof RangeError) return null
    throw thrown
  }
}

const isSize = ({ width, height }: ImageHeader) => width > 0 && height > 0

const readers: readonly ((data: Buffer) => ImageHeader | null)[] = [png, gif, bmp, webp, jpeg, tiff]

const startsWith = (data: Buffer, signature: string) =>
  data.subarray(0, signature.length / 2).toString('hex') === signature

function png(data: Buffer): ImageHeader | null {
  if (!startsWith(data, '89504e470d0a1a0a')) return null
  return { format: 'png', width: data.readUInt32BE(16), height: data.readUInt32BE(20) }
}

function gif(data: Buffer): ImageHeader | null {
  if (!startsWith(data, '474946383761') && !startsWith(data, '474946383961')) return null
  return { format: 'gif', width: data.readUInt16LE(6), height: data.readUInt16LE(8) }
}

function bmp(data: Buffer): ImageHeader | null {
  if (!startsWith(data, '424d')) return null
  // A picture stored from the top has a negative height.
  return { format: 'bmp', width: data.readInt32LE(18), height: Math.abs(data.readInt32LE(22)) }
}

function webp(data: Buffer): ImageHeader | null {
  if (!startsWith(data, '52494646') || data.toString('latin1', 8, 12) !== 'WEBP') return null
  const kind = data.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { format: 'webp', width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8L') {
    const bits = data.readUInt32LE(21)
    return { format: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  return { format: 'webp', width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff }
}

/** The frame header stands behind segments of any number and length. */
function jpeg(data: Buffer): ImageHeader | null {
  if (!startsWith(data, 'ffd8ff')) return null
  for (let at = 2; at < data.length; ) {
    const marker = data.readUInt16BE(at)
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
    if (isFrame) return { format: 'jpeg', width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5) }
    if (marker < 0xff01) return null
    // A marker may be preceded by any number of filling bytes.
    at += marker === 0xffff ? 1 : 2 + data.readUInt16BE(at + 2)
  }
  return null
}

const tiffTags = { width: 256, height: 257 }
const tiffShort = 3

function tiff(data: Buffer): ImageHeader | null {
  const isLittle = startsWith(data, '49492a00')
  if (!isLittle && !startsWith(data, '4d4d002a')) return null
  const short = (at: number) => (isLittle ? data.readUInt16LE(at) : data.readUInt16BE(at))
  const long = (at: number) => (isLittle ? data.readUInt32LE(at) : data.readUInt32BE(at))
  const directory = long(4)
  const found = { width: 0, height: 0 }
  for (let entry = 0; entry < short(directory); entry += 1) {
    const at = directory + 2 + entry * 12
    const value = short(at + 2) === tiffShort ? short(at + 8) : long(at + 8)
    if (short(at) === tiffTags.width) found.width = value
    if (short(at) === tiffTags.height) found.height = value
  }
  return { format: 'tiff', ...found }
}
