import type { HeadingRule } from './pdf-headings.js'
import { joinsWithoutSpace, type Line } from './pdf-lines.js'

export interface Passage {
  kind: 'heading' | 'paragraph' | 'item'
  level: number
  text: string
  lines: Line[]
}

const bullet = /^[•●▪■◆○◦➢✓]\s*|^[*\-–—]\s+/
const numbering =
  /^(?:\d{1,2}[.、)）．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[零〇一二三四五六七八九十百千\d]{1,6}条)/
const endsSentence = /[。！？!?.：:；;”"）)]$/
const leaders = /[.．…·]{4,}/

/** Joins the lines of a region to paragraphs, list items and headings. */
export function passagesOf(lines: readonly Line[], rule: HeadingRule): Passage[] {
  const left = Math.min(...lines.map((line) => line.x))
  const right = Math.max(...lines.map((line) => line.right))
  const leading = medianLeading(lines)
  const passages: Passage[] = []
  let previous: Line | null = null
  for (const [index, line] of lines.entries()) {
    const level = rule.level(line, { previous, next: lines[index + 1] ?? null })
    const open = passages.at(-1)
    const goesOn =
      open !== undefined &&
      previous !== null &&
      (level === null
        ? open.kind !== 'heading' && !startsAnew(line, previous, { left, right, leading })
        : isSameHeading(line, previous, { open, level }))
    if (goesOn) {
      open.text = joinLines(open.text, line.text)
      open.lines.push(line)
    } else if (level !== null) passages.push({ kind: 'heading', level, text: line.text, lines: [line] })
    else passages.push({ kind: isItem(line) ? 'item' : 'paragraph', level: 0, text: line.text, lines: [line] })
    previous = line
  }
  return passages.map((passage) => (isTooLong(passage) ? { ...passage, kind: 'paragraph' } : passage))
}

/** Large type over several lines is an introduction or a quotation. */
function isTooLong({ kind, text, lines }: Passage): boolean {
  return kind === 'heading' && (lines.length > 3 || text.length > 160)
}

/** Whether a passage that ended a column goes on at the top of the next one. */
export function continues(before: Passage, after: Passage): boolean {
  if (before.kind === 'heading' || after.kind !== 'paragraph' || endsSentence.test(before.text)) return false
  const sizes = [before.lines.at(-1)?.size ?? 0, after.lines[0]?.size ?? 0] as const
  return Math.abs(sizes[0] - sizes[1]) < 0.5 && /^[\p{Ll}\p{Script=Han}]/u.test(after.text)
}

/** A wrapped line goes on without a space in Chinese; a hyphen at the end of a Latin line parted a word. */
export function joinLines(before: string, after: string): string {
  if (/\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(after)) return `${before.slice(0, -1)}${after}`
  return joinsWithoutSpace(before, after) ? `${before}${after}` : `${before} ${after}`
}

function isItem(line: Line): boolean {
  return bullet.test(line.text) || leaders.test(line.text)
}

function isSameHeading(line: Line, previous: Line, { open, level }: { open: Passage; level: number }): boolean {
  const isClose = line.y - previous.y < line.size * 1.8
  const isAlike = open.kind === 'heading' && open.level === level && Math.abs(line.size - previous.size) < 0.3
  return isAlike && isClose && !numbering.test(line.text) && !/^(?:\d+(?:\.\d+)*\s|第)/.test(line.text)
}

interface Region {
  left: number
  right: number
  leading: number
}

function startsAnew(line: Line, previous: Line, { left, right, leading }: Region): boolean {
  const distance = line.y - previous.y
  if (distance > Math.max(leading * 1.45, line.size * 1.2) || distance < 0) return true
  if (Math.abs(line.size - previous.size) > previous.size * 0.12) return true
  if (isItem(line) || numbering.test(line.text) || leaders.test(previous.text)) return true
  // A sentence in its middle goes on, however short its line was.
  if (/^\p{Ll}/u.test(line.text) && !endsSentence.test(previous.text)) return false
  const missing = right - previous.right
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
  return usual[Math.floor(usual.length / 2)] ?? 0
}
