import { type Line, linesOf } from './pdf-lines.js'
import type { Run } from './pdf-page.js'

/** As much of a page as it takes to find what neighbouring pages share. */
export interface RunPage {
  /** Of the page as it is read. */
  height: number
  runs: Run[]
}

/** Share of the page's height, above and below, in which running heads and page numbers stand. */
const margin = 0.12
/** Pages before and after that are held against a page. */
export const neighbours = 4
/** In a short document left and right pages have two of each. */
const shortDocument = 6

const number = '(?:\\d{1,4}|[０-９]{1,4}|[ivxlc]{1,7}|[零〇一二三四五六七八九十百]{1,5})'
const pages = `[第共]\\s*${number}\\s*[页頁]`
const forms = [
  '\\d{1,4}',
  '[０-９]{1,4}',
  '[ivxlc]{1,7}',
  `${pages}(?:[\\s,，/／|·]*${pages})?`,
  `\\d{1,4}\\s*[页頁](?:[\\s,，/／]*(?:共\\s*)?\\d{1,4}\\s*[页頁])?`,
  '(?:page|p\\.|seite)\\s*\\d{1,4}(?:\\s*(?:of|/|von)\\s*\\d{1,4})?',
  '\\d{1,4}\\s*(?:/|／|of)\\s*\\d{1,4}',
]
const pageNumber = new RegExp(`^[\\s\\-–—·.~～|(\\[（［〔]*(?:${forms.join('|')})[\\s\\-–—·.~～|)\\]）］〕]*$`, 'i')

/** A head that is so much larger than the page's text is a title too: it is left where it stands first. */
const titleSize = 1.2

/** Where fewer pages than this share would keep any text, what repeats is the text. */
const leastPagesLeft = 0.1

/**
 * Removes running heads and feet (lines that neighbouring pages repeat in the same margin, numbers aside) and page
 * numbers. Where hardly a page has anything else, such as on labels and forms, they stay.
 */
export function withoutFurniture<Page extends RunPage>(pages: readonly Page[]): Page[] {
  const bodies = withoutRepeated(pages)
  const written = pages.filter(({ runs }) => runs.length > 0).length
  const left = bodies.filter(({ runs }) => runs.length > 0).length
  if (left >= written * leastPagesLeft) return bodies
  return bodies.map((body, index) => (body.runs.length > 0 ? body : (pages[index] ?? body)))
}

function withoutRepeated<Page extends RunPage>(pages: readonly Page[]): Page[] {
  const margins = pages.map(marginLines)
  const keys = margins.map((lines) => new Set(lines.map(({ key }) => key)))
  const needed = pages.length <= shortDocument ? 2 : 3
  return pages.map((page, index) => {
    const first = Math.max(0, index - neighbours)
    const near = keys.slice(first, index + neighbours + 1)
    const earlier = keys.slice(first, index)
    const ys = page.runs.map((run) => run.y)
    const edges = {
      top: ys.reduce((least, y) => Math.min(least, y), Infinity),
      bottom: ys.reduce((most, y) => Math.max(most, y), 0),
    }
    const size = usualSize(page.runs)
    const isFurniture = ({ line, key }: MarginLine) => {
      const isOutermost = line.runs.some((run) => run.y === edges.top || run.y === edges.bottom)
      if (isOutermost && line.runs.length < page.runs.length && pageNumber.test(line.text)) return true
      const isFirstTitle = line.size >= size * titleSize && !earlier.some((others) => others.has(key))
      return !isFirstTitle && near.filter((others) => others.has(key)).length >= needed
    }
    const removed = (margins[index] ?? []).filter(isFurniture).flatMap(({ line }) => line.runs)
    // A line's runs do not include those that only thicken others.
    const places = new Set(removed.map(placeOf))
    return removed.length === 0 ? page : { ...page, runs: page.runs.filter((run) => !places.has(placeOf(run))) }
  })
}

const placeOf = (run: Run) => `${Math.round(run.y)} ${run.text}`

interface MarginLine {
  line: Line
  key: string
}

function marginLines({ height, runs }: RunPage): MarginLine[] {
  const top = runs.filter((run) => run.y < height * margin)
  const bottom = runs.filter((run) => run.y > height * (1 - margin))
  const keyed = (name: string) => (line: Line) => ({
    line,
    key: `${name} ${line.text.replace(/\d+/g, '#').replace(/\s+/g, '')}`,
  })
  return [...linesOf(top).map(keyed('top')), ...linesOf(bottom).map(keyed('bottom'))]
}

/** The size in which most of a page's text is set. */
function usualSize(runs: readonly Run[]): number {
  const weights = new Map<number, number>()
  for (const { size, text } of runs) weights.set(size, (weights.get(size) ?? 0) + text.length)
  return [...weights].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [0, 0])[0]
}
