import type { Span } from '../core/types.js'
import { codeSpans } from './code-spans.js'

/** A marker such as `[2]` in a settled text. */
export interface Marker {
  number: number
  span: Span
}

const number = '\\d{1,3}'
const label = '(?:passages?|sources?|refs?|段落|资料|来源|文献|出处)?'
const list = `${number}(?:\\s*(?:[,，、;；]|[-–—~～至])\\s*\\^?${number})*`
const anyMarker = new RegExp(
  `(\\s?)(?:<sup>)?\\^?\\\\?[[【［]\\s*\\^?\\s*${label}\\s*#?(${list})(?:†[^\\]】］\\n]*)?\\s*\\\\?[\\]】］](?:</sup>)?(?!\\((?:https?:|www\\.|[#/]))`,
  'gi',
)
/** Longest range that is taken for passages; a longer one is a range of something else. */
const longestRange = 20

/**
 * Writes every marker of an answer as `[n]`, one for each passage: models write `[1, 2]`, `[1-3]`, `【1】`, `［1］`, `[^1]`,
 * `[passage 1]` as well. Markers that name no passage are left out; brackets in code and links are no markers.
 * @returns the text, and how many markers were invented
 */
export function settleMarkers(
  text: string,
  { passageCount }: { passageCount: number },
): { text: string; invented: number } {
  const code = codeSpans(text)
  let invented = 0
  const settled = text.replace(anyMarker, (whole, space: string, written: string, at: number) => {
    if (isInside(at + space.length, code) || text[at + space.length - 1] === '!') return whole
    const numbers = numbersOf(written)
    const named = numbers.filter((each) => each >= 1 && each <= passageCount)
    invented += numbers.length - named.length
    if (named.length === 0) return space === '\n' ? space : ''
    // Markdown takes `[1](…)` for a link.
    const apart = text[at + whole.length] === '(' ? ' ' : ''
    return `${space}${named.map((each) => `[${each}]`).join('')}${apart}`
  })
  return { text: settled, invented }
}

/** The markers of a settled text, in order; brackets in code are none. */
export function markersIn(text: string): Marker[] {
  const code = codeSpans(text)
  return [...text.matchAll(/(?<!!)\[(\d{1,3})\](?!\()/g)]
    .filter(({ index }) => !isInside(index, code))
    .map((match) => ({
      number: Number(match[1]),
      span: { start: match.index, end: match.index + match[0].length },
    }))
}

function isInside(at: number, spans: readonly Span[]): boolean {
  return spans.some(({ start, end }) => start <= at && at < end)
}

function numbersOf(written: string): number[] {
  return written.split(/[,，、;；]/).flatMap((part) => {
    const [first = 0, last = first] = (part.match(/\d+/g) ?? []).map(Number)
    if (last <= first || last - first > longestRange) return first === last ? [first] : [first, last]
    return Array.from({ length: last - first + 1 }, (_, step) => first + step)
  })
}
