import { captionStart } from './pdf-captions.js'
import type { HeadingRule } from './pdf-headings.js'
import { joinLines } from './pdf-join.js'
import type { Line } from './pdf-lines.js'

export interface Passage {
  kind: 'heading' | 'paragraph' | 'item' | 'caption'
  level: number
  text: string
  lines: Line[]
}

export interface PassageRules {
  headings: HeadingRule
  /** Words that are written with a hyphen in this document. */
  compounds: ReadonlySet<string>
}

const bullet = /^[•●▪■◆○◦➢✓]\s*|^[*\-–—]\s+/
const numbering =
  /^(?:\d{1,2}[.、)）．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[零〇一二三四五六七八九十百千\d]{1,6}条)/
const endsSentence = /[。！？!?.：:；;”"）)]$/
const leaders = /[.．…·]{4,}/

/** Joins the lines of a region to paragraphs, list items, headings and captions. */
export function passagesOf(lines: readonly Line[], { headings, compounds }: PassageRules): Passage[] {
  const region = {
    left: Math.min(...lines.map((line) => line.x)),
    right: Math.max(...lines.map((line) => line.right)),
    leading: medianLeading(lines),
  }
  const passages: Passage[] = []
  let previous: Line | null = null
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1] ?? null
    const caption = captionStart(line.text) === 'sure'
    const level = caption ? null : headings.level(line, { previous, next })
    const open = passages.at(-1)
    const goesOn =
      open !== undefined &&
      previous !== null &&
      !caption &&
      (level === null
        ? open.kind !== 'heading' && !startsAnew(line, previous, { ...region, isFlush: isFlush(lines, index) })
        : isSameHeading(line, previous, { open, level }))
    if (goesOn) {
      open.text = joinLines(open.text, line.text, { compounds })
      open.lines.push(line)
    } else passages.push({ kind: kindOf(line, { level, caption }), level: level ?? 0, text: line.text, lines: [line] })
    previous = line
  }
  return passages.map((passage) => (isTooLong(passage) ? { ...passage, kind: 'paragraph' } : passage))
}

function kindOf(line: Line, { level, caption }: { level: number | null; caption: boolean }): Passage['kind'] {
  if (caption) return 'caption'
  if (level !== null) return 'heading'
  return isItem(line) ? 'item' : 'paragraph'
}

/** Large type over several lines is an introduction or a quotation, and a caption is not as long as a paragraph. */
function isTooLong({ kind, text, lines }: Passage): boolean {
  if (kind === 'caption') return text.length > 600
  return kind === 'heading' && (lines.length > 3 || text.length > 160)
}

/** Whether a passage that ended a column goes on at the top of the next one. */
export function continues(before: Passage, after: Passage): boolean {
  const isOpen = before.kind === 'paragraph' || before.kind === 'item'
  if (!isOpen || after.kind !== 'paragraph' || endsSentence.test(before.text)) return false
  const sizes = [before.lines.at(-1)?.size ?? 0, after.lines[0]?.size ?? 0] as const
  return Math.abs(sizes[0] - sizes[1]) < 0.5 && /^[\p{Ll}\p{Script=Han}]/u.test(after.text)
}

function isItem(line: Line): boolean {
  return bullet.test(line.text) || leaders.test(line.text)
}

function isSameHeading(line: Line, previous: Line, { open, level }: { open: Passage; level: number }): boolean {
  const isClose = line.y - previous.y < line.size * 1.8
  const isAlike = open.kind === 'heading' && open.level === level && Math.abs(line.size - previous.size) < 0.3
  return isAlike && isClose && !numbering.test(line.text) && !/^(?:\d+(?:\.\d+)*\s|第)/.test(line.text)
}

/** Lines beside a picture are short and yet full: their neighbours end at the same place. */
function isFlush(lines: readonly Line[], index: number): boolean {
  const previous = lines[index - 1]
  if (previous === undefined) return false
  const near = lines.slice(Math.max(0, index - 4), index + 3).filter((line) => line !== previous)
  const level = near.filter((line) => Math.abs(line.right - previous.right) < 0.6 * previous.size)
  return level.length >= 3 && previous.right - previous.x > 10 * previous.size
}

interface Region {
  left: number
  right: number
  leading: number
  isFlush: boolean
}

function startsAnew(line: Line, previous: Line, { left, right, leading, isFlush }: Region): boolean {
  const distance = line.y - previous.y
  if (distance > Math.max(leading * 1.45, line.size * 1.2) || distance < 0) return true
  if (Math.abs(line.size - previous.size) > previous.size * 0.12) return true
  if (isItem(line) || numbering.test(line.text) || leaders.test(previous.text)) return true
  // A sentence in its middle goes on, however short its line was, and so does a word.
  if (/\p{L}[-\u2010]$/u.test(previous.text)) return false
  if (/^\p{Ll}/u.test(line.text) && !endsSentence.test(previous.text)) return false
  const missing = isFlush ? 0 : right - previous.right
  if (missing > 3 * previous.size && endsSentence.test(previous.text)) return true
  if (missing > Math.max(4 * previous.size, (right - left) * 0.3)) return true
  // Below an item's first line an indentation only lines up with its text.
  if (isItem(previous) || numbering.test(previous.text)) return false
  const indent = line.x - left
  const isIndented = indent > line.size * 1.2 && indent < line.size * 4
  return (
    isIndented && previous.x - left < line.size * 0.5 && (endsSentence.test(previous.text) || missing < previous.size)
  )
}

function medianLeading(lines: readonly Line[]): number {
  const distances = lines.slice(1).map((line, index) => line.y - (lines[index]?.y ?? line.y))
  const usual = distances.filter((distance) => distance > 0).sort((a, b) => a - b)
  return usual[Math.floor((usual.length - 1) / 2)] ?? 0
}
