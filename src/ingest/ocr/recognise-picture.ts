import type { RecognisedText } from '../../core/ports.js'
import { oneLine } from '../parsers/clean-text.js'
import { type Rectangle, turnedBack } from './bitmap.js'
import type { DrawnPicture } from './drawn-picture.js'
import { isTall, readLine } from './line-reader.js'
import type { OcrNetworks } from './ocr-networks.js'
import { type Box, boundsOf } from './smallest-box.js'
import { type TextBlock, textBlocksOf } from './text-blocks.js'
import type { TextLine } from './text-line.js'
import { uprightView, type View } from './upright.js'

/** A line read with less confidence is left out: PaddleOCR's own `drop_score`. */
const leastConfidence = 0.5
/** A block is as sure as the least sure part of its text, so long as it is no less than this share of it. */
const unsureShare = 0.25

/** Finds and reads the text of a picture, in paragraphs, with their places on the picture as it was handed in. */
export async function recognisePicture(
  picture: DrawnPicture,
  { networks }: { networks: OcrNetworks },
): Promise<RecognisedText['blocks']> {
  const view = await uprightView(picture, { networks })
  const lean = leanOf(view.boxes)
  const bounds = new Map<TextLine, Rectangle>()
  for (const box of view.boxes) {
    const { pieces, confidence } = view.read.get(box) ?? (await readLine(view.bitmap, box, { networks }))
    if (confidence < leastConfidence) continue
    for (const piece of pieces) {
      const text = oneLine(piece.text)
      const part = partOf(box, piece)
      if (text !== '') bounds.set({ text, confidence, place: boundsOf(levelled(part, lean)) }, boundsOf(part))
    }
  }
  return textBlocksOf([...bounds.keys()]).map((block) => ({
    text: block.text,
    bbox: placeOf(block, { bounds, view, picture }),
    confidence: confidenceOf(block),
  }))
}

/** By how much a scan leans, in radians clockwise: the median of its lines, the long ones counting for more. */
function leanOf(boxes: readonly Box[]): number {
  const sorted = boxes.filter((box) => !isTall(box)).sort((one, other) => one.angle - other.angle)
  const half = sorted.reduce((sum, { width }) => sum + width, 0) / 2
  let sum = 0
  for (const { width, angle } of sorted) {
    sum += width
    if (sum >= half) return angle
  }
  return 0
}

/** The part of a box between two shares of its width. */
function partOf(box: Box, { from, to }: { from: number; to: number }): Box {
  const along = ((from + to) / 2 - 0.5) * box.width
  const [x, y] = [box.x + along * Math.cos(box.angle), box.y + along * Math.sin(box.angle)]
  return { ...box, x, y, width: (to - from) * box.width }
}

/** Where a box would be were the picture turned so that its lines are level. */
function levelled(box: Box, lean: number): Box {
  const [cosine, sine] = [Math.cos(lean), Math.sin(lean)]
  return { ...box, x: box.x * cosine + box.y * sine, y: box.y * cosine - box.x * sine, angle: box.angle - lean }
}

function placeOf(
  { lines }: TextBlock,
  { bounds, view, picture }: { bounds: ReadonlyMap<TextLine, Rectangle>; view: View; picture: DrawnPicture },
): Rectangle {
  const all = lines.flatMap((line) => bounds.get(line) ?? [])
  const x = Math.min(...all.map((each) => each.x))
  const y = Math.min(...all.map((each) => each.y))
  const width = Math.max(...all.map((each) => each.x + each.width)) - x
  const height = Math.max(...all.map((each) => each.y + each.height)) - y
  const onBitmap = turnedBack({ x, y, width, height }, view.turn, picture.bitmap)
  const scale = picture.width / picture.bitmap.width
  return clipped(
    { x: onBitmap.x * scale, y: onBitmap.y * scale, width: onBitmap.width * scale, height: onBitmap.height * scale },
    picture,
  )
}

/** Boxes may be drawn a little over the edge. */
function clipped({ x, y, width, height }: Rectangle, size: { width: number; height: number }): Rectangle {
  const [left, top] = [Math.max(0, x), Math.max(0, y)]
  const [right, bottom] = [Math.min(size.width, x + width), Math.min(size.height, y + height)]
  return { x: round(left), y: round(top), width: round(right - left), height: round(bottom - top) }
}

const round = (value: number) => Math.round(value * 10) / 10

function confidenceOf({ lines }: TextBlock): number {
  let left = lines.reduce((sum, { text }) => sum + text.length, 0) * unsureShare
  let [sum, weight] = [0, 0]
  for (const { text, confidence } of [...lines].sort((one, other) => one.confidence - other.confidence)) {
    const share = Math.min(text.length, left)
    sum += confidence * share
    weight += share
    left -= share
  }
  return weight === 0 ? 0 : Math.min(1, sum / weight)
}
