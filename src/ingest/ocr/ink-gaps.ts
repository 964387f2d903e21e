import type { Planes } from './bitmap.js'

/** A stretch of a line without ink, in columns of pixels. */
export interface Gap {
  middle: number
  width: number
}

/** By how much a pixel must differ from the paper to be ink, as a share of the strongest difference. */
const inkShare = 0.35
/** Above and below this band of the box there may be underlines and the lines next to it. */
const band = { from: 0.05, to: 0.92 } as const

/** The gaps between the first and the last ink of a line, from left to right. */
export function inkGaps(line: Planes): Gap[] {
  const gaps: Gap[] = []
  let last = -1
  for (const [column, isInked] of inkedColumns(line).entries()) {
    if (!isInked) continue
    if (last !== -1 && column - last > 1) gaps.push({ middle: (last + column) / 2, width: column - last - 1 })
    last = column
  }
  return gaps
}

function inkedColumns({ width, height, values }: Planes): boolean[] {
  const [top, bottom] = [Math.round(height * band.from), Math.round(height * band.to)]
  const plane = width * height
  const brightness = new Float32Array(width * (bottom - top))
  for (const index of brightness.keys()) {
    const place = top * width + index
    brightness[index] = ((values[place] ?? 0) + (values[place + plane] ?? 0) + (values[place + 2 * plane] ?? 0)) / 3
  }
  // Most of a line's box is paper.
  const paper = Float32Array.from(brightness).sort()[Math.floor(brightness.length / 2)] ?? 0
  const strongest = brightness.reduce((most, value) => Math.max(most, Math.abs(value - paper)), 0)
  return Array.from({ length: width }, (_, column) => {
    for (let place = column; place < brightness.length; place += width) {
      if (Math.abs((brightness[place] ?? 0) - paper) > strongest * inkShare) return true
    }
    return false
  })
}
