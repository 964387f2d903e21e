import { type Bitmap, type Turn, turned } from './bitmap.js'
import { detectLines } from './detect-lines.js'
import type { DrawnPicture } from './drawn-picture.js'
import { isTall, type Reading, readLine } from './line-reader.js'
import type { OcrNetworks } from './ocr-networks.js'
import type { Box } from './smallest-box.js'

/** A picture turned so that it can be read, and the boxes of its lines in pixels of `bitmap`. */
export interface View {
  turn: Turn
  bitmap: Bitmap
  boxes: Box[]
  /** What was read to find the turn. */
  read: ReadonlyMap<Box, Reading>
}

/** Lines that are read to see whether a picture is the right way up. */
const sampleSize = 4
/** Text that stands on its head is read with less than this; so is a bad scan, which is then looked at both ways. */
const surely = 0.9

/**
 * Finds out how a picture has to be turned. Lines that mostly stand on end tell that it lies on its side; which way up
 * it is, the reading tells: what stands on its head is read without being sure.
 */
export async function uprightView(picture: DrawnPicture, { networks }: { networks: OcrNetworks }): Promise<View> {
  const asItIs = await viewOf(picture, 0, networks)
  const turns: Turn[] = isLying(asItIs.boxes) ? [1, 3, 0] : [0, 2]
  let best: { view: View; confidence: number } | null = null
  for (const turn of turns) {
    const view = turn === 0 ? asItIs : await viewOf(picture, turn, networks)
    const sampled = await sample(view, networks)
    if (best === null || sampled.confidence > best.confidence) best = sampled
    if (best.confidence >= surely) break
  }
  return best?.view ?? asItIs
}

async function viewOf(picture: DrawnPicture, turn: Turn, networks: OcrNetworks): Promise<View> {
  const bitmap = turned(picture.bitmap, turn)
  const overview = turned(picture.overview, turn)
  const [scaleX, scaleY] = [bitmap.width / overview.width, bitmap.height / overview.height]
  const boxes = await detectLines(overview, { networks })
  const scaled = boxes.map(({ x, y, width, height, angle }) => {
    // The two scales differ by less than a pixel over the whole side.
    return { x: x * scaleX, y: y * scaleY, width: width * scaleX, height: height * scaleY, angle }
  })
  return { turn, bitmap, boxes: scaled, read: new Map() }
}

function isLying(boxes: readonly Box[]): boolean {
  const lengths = boxes.map((box) => ({ isTall: isTall(box), length: Math.max(box.width, box.height) }))
  const lengthOf = (tall: boolean) =>
    lengths.filter((box) => box.isTall === tall).reduce((sum, { length }) => sum + length, 0)
  return lengthOf(true) > lengthOf(false)
}

/** Reads the longest lines. */
async function sample(view: View, networks: OcrNetworks): Promise<{ view: View; confidence: number }> {
  const longest = [...view.boxes].sort((one, other) => other.width - one.width).slice(0, sampleSize)
  const read = new Map<Box, Reading>()
  for (const box of longest) read.set(box, await readLine(view.bitmap, box, { networks }))
  const sum = [...read.values()].reduce((total, { confidence }) => total + confidence, 0)
  return { view: { ...view, read }, confidence: read.size === 0 ? 1 : sum / read.size }
}
