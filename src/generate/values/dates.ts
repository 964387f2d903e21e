import type { Span } from '../../core/types.js'
import { chineseDigits, chineseNumber } from './numerals.js'

/** A date, or the part of one that is given: `2024-03-01`, `2024-03`, `2024`, `--03-01`. */
export interface DateValue {
  kind: 'date'
  key: string
  span: Span
}

const n = `(\\d{1,4}|[${chineseDigits}]{1,4})`
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const month =
  '(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?'
const day = '(\\d{1,2})(?:st|nd|rd|th)?'

interface Writing {
  pattern: RegExp
  /** Which groups hold year, month and day; 0 for a part that is not given. */
  parts: readonly [year: number, month: number, day: number]
}

/** The most complete ones first: what one of them took is not read again. */
const writings: readonly Writing[] = [
  { pattern: new RegExp(`${n} ?年 ?${n} ?月 ?${n} ?[日号]`, 'g'), parts: [1, 2, 3] },
  { pattern: /(?<![\d./-])((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-]|\.\d)/g, parts: [1, 2, 3] },
  { pattern: new RegExp(`\\b${month} ${day},? (\\d{4})\\b`, 'gi'), parts: [3, 1, 2] },
  { pattern: new RegExp(`\\b${day} (?:of )?${month},? (\\d{4})\\b`, 'gi'), parts: [3, 2, 1] },
  { pattern: new RegExp(`${n} ?年 ?${n} ?月`, 'g'), parts: [1, 2, 0] },
  { pattern: new RegExp(`\\b${month},? (\\d{4})\\b`, 'gi'), parts: [2, 1, 0] },
  { pattern: /(?<![\d./-])((?:19|20)\d{2})[-/](0[1-9]|1[0-2])(?![\d/-])/g, parts: [1, 2, 0] },
  { pattern: new RegExp(`${n} ?月 ?${n} ?[日号]`, 'g'), parts: [0, 1, 2] },
  { pattern: new RegExp(`\\b${month} ${day}\\b`, 'gi'), parts: [0, 1, 2] },
  { pattern: new RegExp(`\\b${day} (?:of )?${month}(?![a-z])`, 'gi'), parts: [0, 2, 1] },
  { pattern: /(?<!\d)((?:19|20)\d{2}) ?年(?!度?以|内|期)/g, parts: [1, 0, 0] },
]

/** Dates of a folded text: `2024-03-01`, `2024/3/1`, `2024年3月1日`, `二〇二四年三月`, `March 1, 2024`, `1 March`. */
export function datesIn(text: string): DateValue[] {
  const found: DateValue[] = []
  let rest = text
  for (const { pattern, parts } of writings) {
    for (const match of rest.matchAll(pattern)) {
      const [year, monthOfYear, dayOfMonth] = parts.map((group) => (group === 0 ? null : numberOf(match[group] ?? '')))
      const key = keyOf(year ?? null, monthOfYear ?? null, dayOfMonth ?? null)
      if (key === null) continue
      const span = { start: match.index, end: match.index + match[0].length }
      found.push({ kind: 'date', key, span })
      rest = rest.slice(0, span.start) + ' '.repeat(match[0].length) + rest.slice(span.end)
    }
  }
  return found
}

/** Whether a date is the other one or a part of it: `2024-03` and `--03-01` lie in `2024-03-01`. */
export function isWithin(key: string, whole: string): boolean {
  if (key.startsWith('--')) return whole.endsWith(key.slice(1))
  return whole === key || whole.startsWith(`${key}-`)
}

function numberOf(text: string): number | null {
  const named = monthNames.indexOf(text.slice(0, 3).toLowerCase())
  if (named >= 0) return named + 1
  return /^\d+$/.test(text) ? Number(text) : chineseNumber(text)
}

function keyOf(year: number | null, monthOfYear: number | null, dayOfMonth: number | null): string | null {
  if (monthOfYear !== null && (monthOfYear < 1 || monthOfYear > 12)) return null
  if (dayOfMonth !== null && (dayOfMonth < 1 || dayOfMonth > 31)) return null
  if (year !== null && year < 100 && monthOfYear !== null && dayOfMonth === null) return null
  const two = (part: number) => String(part).padStart(2, '0')
  const rest = [monthOfYear, dayOfMonth].filter((part) => part !== null).map((part) => `-${two(part)}`)
  return `${year === null ? '-' : year}${rest.join('')}`
}
