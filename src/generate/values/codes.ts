import type { Span } from '../../core/types.js'
import { unitAt } from './units.js'

/** A part number, type code, standard or size: `IH65-50-160`, `GB/T 19001-2016`, `M12×1.75`, `6308-2RS`, `DN 65`. */
export interface CodeValue {
  kind: 'code'
  /** Upper case, without spaces. */
  key: string
  span: Span
}

const prefixed = /(?<![A-Za-z0-9])([A-Z]{2,6}(?:\/[A-Z]{1,2})?) (\d[\dA-Za-z]*(?:[-.×:/][\dA-Za-z]+)*)/g
const joined = /(?<![A-Za-z0-9°])[A-Za-z0-9]+(?:[-_./×:+][A-Za-z0-9]+)*/g

/**
 * Codes of a folded text: what mixes letters and digits without being a number and its unit, capitals before a number
 * (`ISO 9001:2015`), digits in three or more groups (`65-50-160`), or apart by a colon (`14:30`).
 */
export function codesIn(text: string): CodeValue[] {
  const found: CodeValue[] = []
  const spaced = [...text.matchAll(prefixed)].filter(
    ({ 0: whole, 1: capitals = '', 2: number = '', index }) =>
      unitAt(capitals) === null && !isMeasured(number, text.slice(index + whole.length)),
  )
  let rest = text
  for (const match of spaced) {
    found.push(code(match[0], match.index))
    rest = rest.slice(0, match.index) + ' '.repeat(match[0].length) + rest.slice(match.index + match[0].length)
  }
  for (const match of rest.matchAll(joined)) if (isCode(match[0])) found.push(code(match[0], match.index))
  return found.sort((a, b) => a.span.start - b.span.start)
}

/**
 * Whether one code can stand for the other: the same, or a part of it that begins and ends where its groups or its
 * letters and digits do, as `65-200H` and `HCZ65-200` in `HCZ65-200H`.
 */
export function namesSame(key: string, whole: string): boolean {
  const at = whole.indexOf(key)
  if (at < 0) return false
  const isEdge = (left: string | undefined, right: string | undefined) =>
    left === undefined || right === undefined || /\d\D|\D\d/.test(left + right) || !/[A-Z\d]/.test(left + right)
  return isEdge(whole[at - 1], key[0]) && isEdge(key.at(-1), whole[at + key.length])
}

/** Codes of one family differ in their digits or last letters only: `HCZ65-200A` and `HCZ80-250A`, `A 型` apart. */
export function isSibling(a: string, b: string): boolean {
  const family = (key: string) => /^[A-Z/]+/.exec(key)?.[0] ?? key.replace(/[A-Z]+$/, '')
  return a !== b && family(a) === family(b) && !namesSame(a, b) && !namesSame(b, a)
}

function code(text: string, start: number): CodeValue {
  return { kind: 'code', key: text.toUpperCase().replace(/\s/g, ''), span: { start, end: start + text.length } }
}

function isCode(token: string): boolean {
  if (/^\d+(?:[-/:]\d+){2,}$|^\d{1,2}:\d{2}$/.test(token)) return true
  if (!/\d/.test(token) || !/[A-Za-z]/.test(token)) return false
  if (unitAt(token)?.length === token.length) return false
  return !isMeasured(...numberAndRest(token)) && !/^\d+(?:st|nd|rd|th)$/i.test(token)
}

function numberAndRest(token: string): [number: string, rest: string] {
  const number = /^\d+(?:[.,]\d+)*(?:-\d+(?:\.\d+)?)?(?=[A-Za-z])/.exec(token)?.[0] ?? ''
  return [number, token.slice(number.length)]
}

/** Whether a number with the text behind it is a measure: `25m3/h`. */
function isMeasured(number: string, rest: string): boolean {
  return /^[\d.,-]+$/.test(number) && unitAt(rest.trimStart()) !== null
}
