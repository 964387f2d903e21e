/** A picture in memory: red, green, blue and alpha of each pixel, rows from the top; alpha is always 255. */
export interface Bitmap {
  width: number
  height: number
  data: Uint8Array
}

/** What the networks take: all blue values, all green ones, all red ones, rows from the top. */
export interface Planes {
  width: number
  height: number
  values: Float32Array
}

/** Quarter turns clockwise. */
export type Turn = 0 | 1 | 2 | 3

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** The picture turned clockwise. */
export function turned(bitmap: Bitmap, turn: Turn): Bitmap {
  if (turn === 0) return bitmap
  const { width, height } = bitmap
  const from = pixels(bitmap.data)
  const isLying = turn !== 2
  const size = isLying ? { width: height, height: width } : { width, height }
  const to = new Uint32Array(width * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const place =
        turn === 1
          ? x * height + (height - 1 - y)
          : turn === 2
            ? (height - 1 - y) * width + (width - 1 - x)
            : (width - 1 - x) * height + y
      to[place] = from[y * width + x] ?? 0
    }
  }
  return { ...size, data: new Uint8Array(to.buffer) }
}

/** Where a rectangle of the turned picture lies in the picture as it was. */
export function turnedBack(rectangle: Rectangle, turn: Turn, original: { width: number; height: number }): Rectangle {
  const { x, y, width, height } = rectangle
  switch (turn) {
    case 0:
      return rectangle
    case 1:
      return { x: y, y: original.height - x - width, width: height, height: width }
    case 2:
      return { x: original.width - x - width, y: original.height - y - height, width, height }
    case 3:
      return { x: original.width - y - height, y: x, width: height, height: width }
    default:
      return turn satisfies never
  }
}

function pixels(data: Uint8Array): Uint32Array {
  const isAligned = data.byteOffset % 4 === 0
  const bytes = isAligned ? data : Uint8Array.from(data)
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}
