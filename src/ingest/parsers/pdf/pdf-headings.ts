import { numberedHeadingLevel } from '../numbered-heading.js'
import type { Line } from './pdf-lines.js'
import type { OutlineEntry } from './pdf-source.js'

export interface HeadingRule {
  /** The level of a line that is a heading, or null. */
  level(line: Line, around: { previous: Line | null; next: Line | null }): number | null
}

const largerThanBody = 1.15
const longestHeading = 100
const deepestBySize = 4
/** A heading that only its font gives away is not sure enough to part the document. */
const levelByFont = 4
const rareFont = 0.2
const longestTitle = 60
const roundSize = (size: number) => Math.round(size * 2) / 2
const endsLikeSentence = /[。；;，,、：:]$/

/**
 * How headings look in this document: its outline names them, they are larger than the body text (the larger, the higher),
 * or they are numbered and stand apart.
 */
export function headingRule(lines: readonly Line[], outline: readonly OutlineEntry[]): HeadingRule {
  const bodySize = bodySizeOf(lines)
  const fonts = weigh(lines.map((line) => [line.font, line.text.length]))
  const bodyFont = heaviest(fonts)
  const characters = [...fonts.values()].reduce((total, weight) => total + weight, 0)
  const outlined = outlinedLines(lines, outline)
  const isLarge = (line: Line) => bodySize !== null && roundSize(line.size) >= bodySize * largerThanBody
  const couldBe = ({ text }: Line) =>
    text.length <= longestHeading && /\p{L}/u.test(text) && !endsLikeSentence.test(text)
  const sizes = [...new Set(lines.filter((line) => isLarge(line) && couldBe(line)).map((line) => roundSize(line.size)))]
  sizes.sort((a, b) => b - a)
  return {
    level(line, { previous, next }) {
      const named = outlined.get(line)
      if (named !== undefined) return named
      if (!couldBe(line) || line.cells.length > 2) return null
      const numbered = numberedHeadingLevel(line.text)
      const isApart = previous === null || line.y - previous.y > line.size * 1.9 || line.font !== bodyFont
      if (numbered !== null && (isApart || line.text.startsWith('第'))) return numbered
      if (isLarge(line)) return Math.min(sizes.indexOf(roundSize(line.size)) + 1, deepestBySize)
      const isRare = (fonts.get(line.font) ?? 0) < characters * rareFont
      return isRare && isApart && leadsTo(line, next, bodyFont) ? levelByFont : null
    },
  }
}

/** The size in which most of the text is set; null without text. */
export function bodySizeOf(lines: readonly Line[]): number | null {
  return heaviest(weigh(lines.map((line) => [roundSize(line.size), line.text.length])))
}

/** The lines that the outline names. Its titles stand in a table of contents too: the last line with a title is the heading. */
function outlinedLines(lines: readonly Line[], outline: readonly OutlineEntry[]): Map<Line, number> {
  const byText = new Map<string, Line[]>()
  for (const line of lines) {
    const key = squeeze(line.text)
    const same = byText.get(key)
    if (same === undefined) byText.set(key, [line])
    else same.push(line)
  }
  const named = new Map<Line, number>()
  for (const { title, level } of [...outline].reverse()) {
    const line = byText.get(squeeze(title))?.pop()
    if (line !== undefined) named.set(line, level)
  }
  return named
}

const squeeze = (text: string) => text.replace(/\s+/g, '').toLowerCase()

/** A short title in a font of its own (bold, most often), right above body text. */
function leadsTo(line: Line, next: Line | null, bodyFont: string | null): boolean {
  if (next === null || next.font !== bodyFont || line.cells.length > 1) return false
  // Inside a paragraph a line may be mostly in another font too: it has the body's font somewhere, or fills its width.
  if (line.runs.some((run) => run.font === bodyFont) || line.right > next.right - 2 * line.size) return false
  const isTitle =
    line.text.length <= longestTitle &&
    /^[\d\p{Lu}\p{Script=Han}]/u.test(line.text) &&
    !/[，。；]|[.!?！？)）]$/.test(line.text)
  const letters = line.text.match(/\p{L}/gu)?.length ?? 0
  const distance = next.y - line.y
  return isTitle && letters >= 2 && letters >= line.text.length / 2 && distance > 0 && distance < line.size * 2.5
}

function weigh<T>(weighted: readonly (readonly [T, number])[]): Map<T, number> {
  const totals = new Map<T, number>()
  for (const [key, weight] of weighted) totals.set(key, (totals.get(key) ?? 0) + weight)
  return totals
}

function heaviest<T>(totals: ReadonlyMap<T, number>): T | null {
  let best: [T, number] | null = null
  for (const entry of totals) if (best === null || entry[1] > best[1]) best = entry
  return best?.[0] ?? null
}
