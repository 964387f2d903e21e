import type { Citation } from '../../core/answer.js'
import type { Hit, Signals } from '../../core/types.js'
import type { Terminal } from '../terminal.js'

const snippetLength = 160

/** Title, page and headings of a place in a document, such as `Manual.pdf, p. 12 › Maintenance › Bearings`. */
export function placeOf(place: { title: string; page: number | null; headingPath: readonly string[] }): string {
  const page = place.page === null ? '' : `, p. ${place.page}`
  // Many documents repeat their title as the outermost heading.
  const headings = place.headingPath.filter((heading, depth) => depth > 0 || heading !== place.title)
  return [`${place.title}${page}`, ...headings].join(' › ')
}

/** The start of a text on one line. */
export function snippet(text: string, length = snippetLength): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= length ? line : `${characters.slice(0, length).join('')}…`
}

/** The lists that found a hit with their scores, such as `fused 0.91 · dense 0.70 · lexical 12.40`. */
export function signalsText({ fused, dense, lexical, rerank }: Signals): string {
  const parts: [string, number | null][] = [
    ...(rerank === null ? [] : [['rerank', rerank] satisfies [string, number]]),
    ['fused', fused],
    ['dense', dense],
    ['lexical', lexical],
  ]
  return parts.map(([name, score]) => `${name} ${score === null ? '–' : score.toFixed(2)}`).join(' · ')
}

/** A hit as three lines: rank and place, signals, start of the text. */
export function hitLines({ rank, signals, chunk }: Hit, paint: Terminal['paint']): string[] {
  const place = placeOf({ title: chunk.documentTitle, page: chunk.page, headingPath: chunk.headingPath })
  return [
    `${paint('bold', `${rank}.`)} ${place}`,
    `   ${paint('dim', signalsText(signals))}`,
    `   ${snippet(chunk.text)}`,
  ]
}

/** A citation as two lines: marker, check mark and place; the quote. */
export function citationLines(citation: Citation, paint: Terminal['paint']): string[] {
  const { marker, verified, documentTitle, page, headingPath, quote } = citation
  const mark = verified ? paint('green', '✓ verified') : paint('yellow', '? not verified')
  return [
    `${paint('cyan', `[${marker}]`)} ${placeOf({ title: documentTitle, page, headingPath })}  ${mark}`,
    `    “${quote.replace(/\s+/g, ' ').trim()}”`,
  ]
}
