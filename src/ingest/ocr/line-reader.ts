import type { Bitmap } from './bitmap.js'
import { decodeSigns } from './ctc.js'
import { cropLine, type Direction } from './line-crop.js'
import type { OcrNetworks } from './ocr-networks.js'
import type { Box } from './smallest-box.js'
import { type Piece, piecesOf } from './word-gaps.js'

export interface Reading {
  pieces: Piece[]
  /** 0 to 1. */
  confidence: number
}

/** From here on a box is taken to be text on its side, or a single sign. */
const tall = 1.5

export const isTall = (box: Box) => box.height >= tall * box.width

/** Reads the text in a box. A tall one is read in all directions, and the surest reading counts. */
export async function readLine(bitmap: Bitmap, box: Box, { networks }: { networks: OcrNetworks }): Promise<Reading> {
  const directions: Direction[] = isTall(box) ? ['across', 'up', 'down'] : ['across']
  let best: Reading = { pieces: [], confidence: 0 }
  for (const direction of directions) {
    const image = cropLine(bitmap, box, direction)
    const line = decodeSigns(await networks.read(image), networks.alphabet)
    if (line.confidence > best.confidence) {
      // A piece's place is told along the width: of a tall box it is all of it.
      const pieces = direction === 'across' ? piecesOf(line, image) : [{ text: line.text, from: 0, to: 1 }]
      best = { pieces, confidence: line.confidence }
    }
  }
  return best
}
