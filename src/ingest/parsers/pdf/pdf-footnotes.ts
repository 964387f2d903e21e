import type { LaidOutPage } from './pdf-layout.js'
import type { Line } from './pdf-lines.js'

const marker =
  /^(?:\d{1,3}[.)]?(?=\s*[\p{Lu}\p{Lo}"“《(（])|[*†‡§¶＊※]{1,3}|[①-⑳]|\[\d{1,3}\]|［\d{1,3}］|[(（〔]\d{1,3}[)）〕]|注\s*\d*\s*[:：])/u
/** Where on the page footnotes may begin, and how much smaller than the body they are, or how wide their rule is. */
const upperPart = 0.45
const smaller = 0.93
const widestRule = 0.75
/** A longer list in small type is one of references. */
const mostNotes = 10

/**
 * Takes the footnotes out of a page's regions, so that they do not stand in the middle of what goes on in the next
 * column: the last lines of a column that begin with a footnote's mark, below a short rule or in smaller type.
 * @param bodySize of most of the document's text; null where that is not known
 * @returns the page without them, and each footnote's lines
 */
export function withoutFootnotes<Page extends LaidOutPage>(
  page: Page,
  bodySize: number | null,
): { page: Page; footnotes: Line[][] } {
  const footnotes: Line[][] = []
  const regions = page.regions.map((region) => {
    const start = bodySize === null ? -1 : firstNote(region, { page, bodySize })
    const notes = start === -1 ? [] : eachNote(region.slice(start))
    if (notes.length === 0 || notes.length > mostNotes || isBodyBelow(region, start, page)) return region
    footnotes.push(...notes)
    return region.slice(0, start)
  })
  return { page: { ...page, regions: regions.filter((region) => region.length > 0) }, footnotes }
}

function firstNote(region: readonly Line[], context: { page: LaidOutPage; bodySize: number }): number {
  const { page, bodySize } = context
  const below = belowRule(region, page)
  if (below !== -1 && isNote(region[below], bodySize * 1.02)) return below
  let start = region.length
  while (isSmall(region[start - 1], bodySize * smaller)) start -= 1
  const isLow = (region[start]?.y ?? 0) > page.height * upperPart
  return isLow && isNote(region[start], bodySize * smaller) ? start : -1
}

const isSmall = (line: Line | undefined, size: number) =>
  line !== undefined && line.table === undefined && line.size <= size

const isNote = (line: Line | undefined, size: number) => isSmall(line, size) && marker.test(line?.text ?? '')

/** The first line below a rule that starts where the column starts and is shorter than it; -1 where there is none. */
function belowRule(region: readonly Line[], { rules, height }: LaidOutPage): number {
  const left = Math.min(...region.map((line) => line.x))
  const width = Math.max(...region.map((line) => line.right)) - left
  const rule = rules.findLast(
    ({ at, from, to }) =>
      at > height * upperPart && Math.abs(from - left) < 20 && to - from > 20 && to - from < width * widestRule,
  )
  const first = rule === undefined ? -1 : region.findIndex((line) => line.y > rule.at)
  // A rule through a line's letters underlines it.
  return rule !== undefined && (region[first]?.top ?? 0) > rule.at - 3 ? first : -1
}

function eachNote(lines: readonly Line[]): Line[][] {
  const notes: Line[][] = []
  for (const line of lines) {
    if (notes.length === 0 || marker.test(line.text)) notes.push([line])
    else notes.at(-1)?.push(line)
  }
  return notes
}

/** Whether larger text of another region stands below the note in its column. */
function isBodyBelow(region: readonly Line[], first: number, { regions }: LaidOutPage): boolean {
  const note = region[first]
  return (
    note === undefined ||
    regions
      .filter((other) => other !== region)
      .flat()
      .some((line) => line.y > note.y && line.x < note.right && line.right > note.x && line.size > note.size * 1.05)
  )
}
