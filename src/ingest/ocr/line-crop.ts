import type { Bitmap, Planes } from './bitmap.js'
import type { Box } from './smallest-box.js'

/** Height that PP-OCRv4 was trained for. */
const lineHeight = 48
/** The network halves the width three times. */
const widthStep = 8
/** Longer lines are squeezed: none that a person could read is so long for its height. */
const mostWidth = 4096

/** The direction in which a box is read: along its width, or down or up its height, for text that stands on its side. */
export type Direction = 'across' | 'down' | 'up'

/** Cuts a line out of the picture, straightened and scaled to the height of the network. */
export function cropLine(bitmap: Bitmap, box: Box, direction: Direction = 'across'): Planes {
  const quarter = direction === 'across' ? 0 : direction === 'down' ? Math.PI / 2 : -Math.PI / 2
  const [long, short] = direction === 'across' ? [box.width, box.height] : [box.height, box.width]
  const steps = (lineHeight * long) / Math.max(1, short) / widthStep
  const width = Math.min(mostWidth, Math.max(1, Math.round(steps)) * widthStep)
  const angle = box.angle + quarter
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
  const values = new Float32Array(3 * width * lineHeight)
  // Pixels averaged for one, so that what is made much smaller does not fall apart.
  const samples = Math.min(4, Math.max(1, Math.round(short / lineHeight)))
  const sample = samplerOf(bitmap)
  const plane = width * lineHeight
  for (let row = 0; row < lineHeight; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let [red, green, blue] = [0, 0, 0]
      for (let part = 0; part < samples * samples; part += 1) {
        const along = ((column + ((part % samples) + 0.5) / samples) / width - 0.5) * long
        const down = ((row + (Math.floor(part / samples) + 0.5) / samples) / lineHeight - 0.5) * short
        const colour = sample(box.x + along * cosine - down * sine - 0.5, box.y + along * sine + down * cosine - 0.5)
        red += colour[0]
        green += colour[1]
        blue += colour[2]
      }
      const place = row * width + column
      const scale = 2 / 255 / (samples * samples)
      values[place] = blue * scale - 1
      values[place + plane] = green * scale - 1
      values[place + 2 * plane] = red * scale - 1
    }
  }
  return { width, height: lineHeight, values }
}

type Colour = [red: number, green: number, blue: number]

/** Bilinear interpolation; outside the picture its edge goes on. The returned array is the same for every call. */
function samplerOf({ width, height, data }: Bitmap): (x: number, y: number) => Colour {
  const colour: Colour = [0, 0, 0]
  return (x, y) => {
    const [nearX, nearY] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))]
    const [left, top] = [Math.floor(nearX), Math.floor(nearY)]
    const [shareX, shareY] = [nearX - left, nearY - top]
    const stepX = left + 1 < width ? 4 : 0
    const stepY = top + 1 < height ? width * 4 : 0
    const place = (top * width + left) * 4
    for (let channel = 0; channel < 3; channel += 1) {
      const at = place + channel
      const upper = (data[at] ?? 0) * (1 - shareX) + (data[at + stepX] ?? 0) * shareX
      const lower = (data[at + stepY] ?? 0) * (1 - shareX) + (data[at + stepY + stepX] ?? 0) * shareX
      colour[channel] = upper * (1 - shareY) + lower * shareY
    }
    return colour
  }
}
