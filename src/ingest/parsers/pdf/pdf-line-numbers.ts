import type { PageText } from './pdf-page.js'

/** Share of the page's width, left and right, in which the numbers of lines stand. */
const margin = 0.12
/** Every fifth or tenth line is numbered. */
const step = 5
const highest = 100

/**
 * Removes the numbers of lines that patents and contracts have beside their text: multiples of five alone in the margin,
 * beyond all other text of the page.
 */
export function withoutLineNumbers(page: PageText): PageText {
  const isNumber = ({ text }: { text: string }) =>
    /^\s*\d{1,3}\s*$/.test(text) && Number(text) % step === 0 && Number(text) > 0 && Number(text) <= highest
  const others = page.runs.filter((run) => !isNumber(run) && run.text.trim() !== '')
  if (others.length === 0 || others.length === page.runs.length) return page
  const left = others.reduce((least, { x }) => Math.min(least, x), Infinity)
  const right = others.reduce((most, { x, width }) => Math.max(most, x + width), -Infinity)
  const isLineNumber = (run: PageText['runs'][number]) => {
    if (!isNumber(run)) return false
    const isLeft = run.x + run.width < Math.min(left - run.size, page.width * margin)
    return isLeft || run.x > Math.max(right + run.size, page.width * (1 - margin))
  }
  const runs = page.runs.filter((run) => !isLineNumber(run))
  return runs.length === page.runs.length ? page : { ...page, runs }
}
