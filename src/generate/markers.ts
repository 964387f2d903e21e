import type { Span } from '../core/types.js'
import { codeSpans, undecidedCode } from './code-spans.js'

/** A marker such as `[2]` in a settled text. */
export interface Marker {
  number: number
  span: Span
}

const space = '[^\\S\\n]*'
const number = '\\d{1,3}'
const label = '(?:passages?|sources?|refs?|段落|资料|来源|文献|出处)?'
const list = `${number}(?:${space}(?:[,，、;；]|[-–—~～至])${space}\\^?${number})*`
const anyMarker = new RegExp(
  `([^\\S\\n]?)(?:<sup>)?\\^?\\\\?[[【［]${space}\\^?${space}${label}${space}#?(${list})(?:†[^\\]】］\\n]*)?${space}\\\\?[\\]】］](?:</sup>)?(?!\\((?:https?:|www\\.|[#/]))`,
  'gi',
)
/** Longest range that is taken for passages; a longer one is a range of something else. */
const longestRange = 20

export interface Settled {
  text: string
  /** Where the markers now stand in `text`, in order. */
  markers: Marker[]
  invented: number
}

/**
 * Writes every marker of an answer as `[n]`, one for each passage: models write `[1, 2]`, `[1-3]`, `【1】`, `［1］`, `[^1]`,
 * `[passage 1]` as well. Markers that name no passage are left out; brackets in code and links are no markers.
 * @param options.end how much of the text to settle; what follows only tells how to read it. See `decidedLength`
 * @returns the text, and how many markers were invented
 */
export function settleMarkers(
  text: string,
  { passageCount, end = text.length }: { passageCount: number; end?: number },
): Settled {
  const code = codeSpans(text)
  const settled: Settled = { text: '', markers: [], invented: 0 }
  let from = 0
  for (const { 0: whole, 1: before = '', 2: written = '', index: at } of text.matchAll(anyMarker)) {
    if (at >= end) break
    if (isInside(at + before.length, code) || text[at + before.length - 1] === '!') continue
    const numbers = numbersOf(written)
    const named = numbers.filter((each) => each >= 1 && each <= passageCount)
    settled.invented += numbers.length - named.length
    settled.text += text.slice(from, at)
    if (named.length > 0) settled.text += before
    for (const each of named) {
      const start = settled.text.length
      settled.text += `[${each}]`
      settled.markers.push({ number: each, span: { start, end: settled.text.length } })
    }
    // Markdown takes `[1](…)` for a link.
    if (named.length > 0 && text[at + whole.length] === '(') settled.text += ' '
    from = at + whole.length
  }
  settled.text += text.slice(from, end)
  return settled
}

/** What may become a marker, and a marker of which the next characters tell whether it is one. */
const halfMarker =
  /[^\S\n]?(?:<s?u?p?>?)?\^?\\?(?:[[【［](?:[^\S\n]|[\^#\\\d,，、;；–—~～至段落资料来源文献出处acefgoprsu-])*(?:†[^\]】］\n]*)?(?:[\]】］](?:<\/?s?u?p?>?)?(?:\((?:h?t?t?p?s?|w{0,3}))?)?)?$/i

/**
 * How much of a growing text is decided: `settleMarkers` makes the same of it whatever follows. What is not is short, such
 * as half a marker, unless code has begun.
 */
export function decidedLength(text: string): number {
  return Math.min(halfMarker.exec(text)?.index ?? text.length, undecidedCode(text))
}

/** The text without a marker of which only the beginning is there. */
export function withoutHalfMarker(text: string): string {
  return text.replace(/[^\S\n]?[[【［]\d{0,3}$/, '')
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
