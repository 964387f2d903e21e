import type { Planes } from './bitmap.js'
import type { ReadLine } from './ctc.js'
import { type Gap, inkGaps } from './ink-gaps.js'
import { wide } from './text-line.js'

/** A stretch of a line's text, and where it stands as shares of the line's width. */
export interface Piece {
  text: string
  from: number
  to: number
}

/** A space is at least so wide, in heights of the line's box; between letters there is less. */
const leastGap = 0.16
/** Between digits, of which 1 is narrow, and after the dot or comma in a number. */
const leastDigitGap = 0.3
/** And so many times as wide as what is usual between the line's letters: some text is set wide. */
const leastMultiple = 2.2
/** Fewer gaps do not tell what is usual. */
const fewestGaps = 6
/** So wide a gap may part two columns; where it does not, the pieces are put together again. */
const pieceGap = 0.6

const everyWide = new RegExp(wide, 'gu')
const opens = /[([{<"'“‘/@#$¥€£-]/u
const closes = /[)\]}>,.;:!?%”’/-]/u

/**
 * A line's text in the pieces that wide gaps make of it, and with the spaces between Latin words that the network did
 * not see: it was trained on Chinese, where a gap means nothing. Where the picture shows a gap that is much wider than
 * those between the line's letters, there is one.
 * @param image what the line was read from
 */
export function piecesOf({ text, places }: ReadLine, image: Planes): Piece[] {
  const characters = [...text]
  const gaps = inkGaps(image)
  const line = { characters, middles: places.map((place) => place * image.width) }
  const spaces = unseenSpaces(line, { gaps, height: image.height })
  const pieces: Piece[] = [{ text: '', from: 0, to: 1 }]
  const cuts = new Map<number, Gap>()
  for (const gap of gaps) {
    const index = gap.width < pieceGap * image.height ? null : boundaryAt(line.middles, gap.middle)
    if (index !== null) cuts.set(index, gap)
  }
  for (const [index, character] of characters.entries()) {
    const last = pieces.at(-1)
    const cut = cuts.get(index)
    if (cut !== undefined && last !== undefined) {
      last.to = (cut.middle - cut.width / 2) / image.width
      pieces.push({ text: character, from: (cut.middle + cut.width / 2) / image.width, to: 1 })
    } else if (last !== undefined) last.text += spaces.has(index) ? ` ${character}` : character
  }
  return pieces.filter((piece) => piece.text.trim() !== '')
}

interface PlacedCharacters {
  characters: readonly string[]
  /** The columns on which they stand. */
  middles: readonly number[]
}

/** The indices of the characters before which there is a space that was not seen. */
function unseenSpaces(line: PlacedCharacters, { gaps, height }: { gaps: readonly Gap[]; height: number }): Set<number> {
  const { characters, middles } = line
  const spaces = new Set<number>()
  if (!/[\p{L}\p{N}]/u.test(characters.join('').replace(everyWide, ''))) return spaces
  for (const { middle, width } of withoutSpaces(wordGaps(gaps, height), line)) {
    const index = boundaryAt(middles, middle)
    if (index === null || !takesSpace(characters, index)) continue
    if (isInNumber(characters, index) && width < leastDigitGap * height) continue
    spaces.add(index)
  }
  return spaces
}

/** Gaps that are too wide to be between two letters of a word. */
function wordGaps(gaps: readonly Gap[], height: number): Gap[] {
  const narrow = gaps.filter(({ width }) => width < leastGap * height)
  const usual = medianOf((gaps.length < fewestGaps ? narrow : gaps).map(({ width }) => width))
  return gaps.filter(({ width }) => width >= Math.max(leastGap * height, leastMultiple * usual))
}

/** Those gaps that are not nearest to a space which the network saw. */
function withoutSpaces(gaps: readonly Gap[], { characters, middles }: PlacedCharacters): Gap[] {
  const left = [...gaps]
  for (const [index, character] of characters.entries()) {
    if (character !== ' ') continue
    const distances = left.map(({ middle }) => Math.abs(middle - (middles[index] ?? 0)))
    const nearest = distances.indexOf(Math.min(...distances))
    if (nearest !== -1) left.splice(nearest, 1)
  }
  return left
}

/** The index of the character before which the gap lies: the boundary whose middle is nearest; null outside the text. */
function boundaryAt(middles: readonly number[], column: number): number | null {
  let best: { index: number; distance: number } | null = null
  if (column < (middles[0] ?? 0) || column > (middles.at(-1) ?? 0)) return null
  for (let index = 1; index < middles.length; index += 1) {
    const distance = Math.abs(((middles[index - 1] ?? 0) + (middles[index] ?? 0)) / 2 - column)
    if (best === null || distance < best.distance) best = { index, distance }
  }
  return best?.index ?? null
}

function takesSpace(characters: readonly string[], index: number): boolean {
  const [before = ' ', after = ' '] = [characters[index - 1], characters[index]]
  if (/\s/u.test(before) || /\s/u.test(after)) return false
  if (wide.test(before) || wide.test(after)) return false
  return !opens.test(before) && !closes.test(after)
}

function isInNumber(characters: readonly string[], index: number): boolean {
  return /[\d.,]\d$/u.test(characters.slice(Math.max(0, index - 1), index + 1).join(''))
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
