/** Pixels as three bytes each (red, green, blue), from the upper left corner. */
export interface RawPixels {
  width: number
  height: number
  data: Buffer
}

const fileHeaderBytes = 14

/**
 * Reads a Windows bitmap of the usual kinds: 1, 4, 8, 24 or 32 bits, not compressed. Null for any other, and where bytes
 * are missing. Source: BITMAPINFOHEADER of the Windows API.
 */
export function readBitmap(bytes: Uint8Array): RawPixels | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < fileHeaderBytes + 40 || file.toString('latin1', 0, 2) !== 'BM') return null
  const headerBytes = file.readUInt32LE(14)
  const [width, signedHeight] = [file.readInt32LE(18), file.readInt32LE(22)]
  const [bits, compression] = [file.readUInt16LE(28), file.readUInt32LE(30)]
  const height = Math.abs(signedHeight)
  const isPlain = compression === 0 || (compression === 3 && bits === 32)
  if (headerBytes < 40 || width <= 0 || height === 0 || !isPlain || ![1, 4, 8, 24, 32].includes(bits)) return null
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const start = file.readUInt32LE(10)
  if (start + rowBytes * height > file.length) return null
  const palette = file.subarray(fileHeaderBytes + headerBytes, start)
  const data = Buffer.alloc(width * height * 3)
  for (let row = 0; row < height; row += 1) {
    // Rows stand from the bottom up, unless the height is negative.
    const from = start + rowBytes * (signedHeight > 0 ? height - 1 - row : row)
    const line = file.subarray(from, from + rowBytes)
    for (let column = 0; column < width; column += 1) {
      putPixel(
        data,
        (row * width + column) * 3,
        bits > 8 ? pixelAt(line, column, bits) : colourAt(palette, indexAt(line, column, bits)),
      )
    }
  }
  return { width, height, data }
}

/** Blue, green, red. */
function pixelAt(line: Buffer, column: number, bits: number): Buffer {
  const at = (column * bits) / 8
  return line.subarray(at, at + 3)
}

function indexAt(line: Buffer, column: number, bits: number): number {
  const byte = line[Math.floor((column * bits) / 8)] ?? 0
  const shift = 8 - bits - ((column * bits) % 8)
  return (byte >> shift) & ((1 << bits) - 1)
}

function colourAt(palette: Buffer, index: number): Buffer {
  return palette.subarray(index * 4, index * 4 + 3)
}

function putPixel(data: Buffer, at: number, [blue = 0, green = 0, red = 0]: Buffer): void {
  data[at] = red
  data[at + 1] = green
  data[at + 2] = blue
}
