import type { Bitmap, Planes } from './bitmap.js'
import type { OcrNetworks } from './ocr-networks.js'
import type { Box } from './smallest-box.js'
import { findTextBoxes } from './text-boxes.js'

/** Sides of the pieces in which a picture is searched: what the network needs in memory hangs on them. */
const pieceSide = 1152
/** So much around a piece is looked at as well, for what its edge cuts. */
const surroundings = 64
const sideStep = 32

/** Mean and spread of the pictures that PP-OCR was trained with (ImageNet), for blue, green and red as it uses them. */
const means = [0.485, 0.456, 0.406] as const
const spreads = [0.229, 0.224, 0.225] as const

/** The lines of text in a picture. Large pictures are searched piece by piece, and put together before lines are sought. */
export async function detectLines(bitmap: Bitmap, { networks }: { networks: OcrNetworks }): Promise<Box[]> {
  const { width, height } = bitmap
  const probability = new Float32Array(width * height)
  for (const rows of pieces(height)) {
    for (const columns of pieces(width)) {
      const seen = { left: columns.seenFrom, top: rows.seenFrom, right: columns.seenTo, bottom: rows.seenTo }
      const map = await networks.detect(cutOut(bitmap, seen))
      for (let y = rows.from; y < rows.to; y += 1) {
        const start = (y - rows.seenFrom) * map.width + (columns.from - columns.seenFrom)
        probability.set(map.probability.subarray(start, start + columns.to - columns.from), y * width + columns.from)
      }
    }
  }
  return findTextBoxes({ width, height, probability })
}

/** Even pieces of a side: what each is for, and what is looked at. */
function pieces(side: number): { from: number; to: number; seenFrom: number; seenTo: number }[] {
  const count = Math.ceil(side / pieceSide)
  return Array.from({ length: count }, (_, index) => {
    const from = Math.round((side * index) / count)
    const to = Math.round((side * (index + 1)) / count)
    return { from, to, seenFrom: Math.max(0, from - surroundings), seenTo: Math.min(side, to + surroundings) }
  })
}

/** The network's input for a part of the picture; what its sides lack to multiples of 32 is white. */
function cutOut(bitmap: Bitmap, part: { left: number; top: number; right: number; bottom: number }): Planes {
  const [partWidth, partHeight] = [part.right - part.left, part.bottom - part.top]
  const width = Math.ceil(partWidth / sideStep) * sideStep
  const height = Math.ceil(partHeight / sideStep) * sideStep
  const values = new Float32Array(3 * width * height)
  for (let plane = 0; plane < 3; plane += 1) {
    const [mean, spread] = [means[plane] ?? 0, spreads[plane] ?? 1]
    const offset = plane * width * height
    values.fill((1 - mean) / spread, offset, offset + width * height)
    for (let y = 0; y < partHeight; y += 1) {
      let from = ((part.top + y) * bitmap.width + part.left) * 4 + (2 - plane)
      let to = offset + y * width
      for (let x = 0; x < partWidth; x += 1) {
        values[to] = ((bitmap.data[from] ?? 0) / 255 - mean) / spread
        from += 4
        to += 1
      }
    }
  }
  return { width, height, values }
}
