import type { Line } from './pdf-lines.js'

export interface LaidOutPage {
  page: number
  height: number
  regions: Line[][]
  aside: string[]
}

/** Share of the page's height, above and below, in which running heads and page numbers stand. */
const margin = 0.12
const neighbours = 4
/** In a short document left and right pages have two of each. */
const shortDocument = 6

const pageNumber =
  /^[\s\-–—·.]*(?:\d{1,4}|[ivxlc]{1,7}|第?\s*\d{1,4}\s*页(?:\s*[,，/共]*\s*\d{1,4}\s*页)?|(?:page|seite)\s*\d{1,4}(?:\s*(?:of|\/|von)\s*\d{1,4})?|\d{1,4}\s*(?:\/|of)\s*\d{1,4})[\s\-–—·.]*$/i

/** Removes running heads and feet (lines that neighbouring pages repeat in the same margin, numbers aside) and page numbers. */
export function withoutFurniture(pages: readonly LaidOutPage[]): LaidOutPage[] {
  const margins = pages.map(marginKeys)
  const needed = pages.length <= shortDocument ? 2 : 3
  return pages.map((page, index) => {
    const near = margins.slice(Math.max(0, index - neighbours), index + neighbours + 1)
    const lines = page.regions.flat()
    const top = Math.min(...lines.map((line) => line.y))
    const bottom = Math.max(...lines.map((line) => line.y))
    const isFurniture = (line: Line) => {
      const key = marginKey(line, page)
      if (key === null) return false
      if ((line.y === top || line.y === bottom) && lines.length > 1 && pageNumber.test(line.text)) return true
      return near.filter((keys) => keys.has(key)).length >= needed
    }
    const regions = page.regions.map((region) => region.filter((line) => !isFurniture(line)))
    return { ...page, regions: regions.filter((region) => region.length > 0) }
  })
}

function marginKeys(page: LaidOutPage): Set<string> {
  return new Set(page.regions.flat().flatMap((line) => marginKey(line, page) ?? []))
}

function marginKey(line: Line, { height }: LaidOutPage): string | null {
  const inTop = line.y < height * margin
  const inBottom = line.y > height * (1 - margin)
  if (!inTop && !inBottom) return null
  return `${inTop ? 'top' : 'bottom'} ${line.text.replace(/\d+/g, '#').replace(/\s+/g, '')}`
}
