import { languageOf } from '../../core/language.js'
import type { Span } from '../../core/types.js'

/**
 * Something that a question names: a part number (`code`), a quoted phrase, a type letter (`H 型`), a number with its
 * unit, or the name of a product or firm.
 */
export interface Mention {
  kind: 'phrase' | 'code' | 'variant' | 'measure' | 'name'
  /** What can stand in for it has the same: the letters a part number begins with, the unit of a number; a name has none but itself. */
  family: string
  text: string
  span: Span
}

const units =
  'mm|cm|dm|km|μm|m|kg|mg|g|t|ml|l|kw|mw|w|kv|v|ma|a|khz|hz|mpa|kpa|pa|bar|psi|rpm|r/min|°c|℃|k|h|min|s|db|%|m3/h|m³/h|l/s|l/min|kn|n·m|n|米|毫米|公斤|千克|吨|升|千瓦|伏|安|赫兹|度|年|个月|月|周|天|日|小时|分钟|转|元|万元|件|台|级|人'
const measure = `\\d+(?:[.,]\\d+)*\\s?(${units})(?![A-Za-z\\d])`
const standard = '[A-Z]{2,6}(?:/[A-Z]{1,2})?\\s\\d[\\dA-Za-z]*(?:[-.:/][\\dA-Za-z]+)*'
const joined = '[A-Za-z\\d]+(?:[-_./×+][A-Za-z\\d]+)*'

const patterns: readonly { kind: Mention['kind']; pattern: RegExp }[] = [
  { kind: 'phrase', pattern: /"[^"\n]+"|“[^”\n]+”|「[^」\n]+」|《[^》\n]+》/g },
  { kind: 'variant', pattern: /(?<![A-Za-z\d-])[A-Z]\s?型|\b(?:type|model|version)\s[A-Z\d](?![A-Za-z\d])/g },
  { kind: 'measure', pattern: new RegExp(`(?<![A-Za-z\\d.-])${measure}`, 'gi') },
  { kind: 'code', pattern: new RegExp(`(?<![A-Za-z\\d])(?:${standard}|${joined})`, 'g') },
]

/** What a question names, in the order in which it stands there; none overlaps another. */
export function mentionsIn(question: string): Mention[] {
  const found: Mention[] = []
  let rest = question
  for (const { kind, pattern } of patterns) {
    for (const match of rest.matchAll(pattern)) {
      if (kind === 'code' && !isCode(match[0])) continue
      found.push(mention(kind, match[0], match.index))
    }
    rest = blankOut(rest, found)
  }
  for (const match of rest.matchAll(namePattern(question))) found.push(mention('name', match[0], match.index))
  return found.sort((a, b) => a.span.start - b.span.start)
}

/** Latin words among Chinese ones are names; among English words only those that are capitalised inside of a sentence. */
function namePattern(question: string): RegExp {
  return languageOf(question) === 'zh'
    ? /(?<![A-Za-z])[A-Za-z]{2,}(?:[ -][A-Za-z]{2,})*/g
    : /(?<=[a-z,]\s)[A-Z][A-Za-z]+(?:\s[A-Z][A-Za-z]+)*/g
}

function isCode(token: string): boolean {
  if (/^\d+(?:[-/×]\d+){2,}$/.test(token)) return true
  if (/^\d+(?:st|nd|rd|th)$/i.test(token)) return false
  return /\d/.test(token) && /[A-Za-z]/.test(token)
}

function mention(kind: Mention['kind'], text: string, start: number): Mention {
  return { kind, family: familyOf(kind, text), text, span: { start, end: start + text.length } }
}

function familyOf(kind: Mention['kind'], text: string): string {
  if (kind === 'code') return /^[A-Z]+(?:\/[A-Z]+)?/i.exec(text)?.[0].toUpperCase() ?? ''
  if (kind === 'measure') return text.replace(/^[\d.,\s]+/, '').toLowerCase()
  return kind === 'name' ? text.toLowerCase() : kind
}

function blankOut(text: string, found: readonly Mention[]): string {
  return found.reduce(
    (rest, { span }) => rest.slice(0, span.start) + ' '.repeat(span.end - span.start) + rest.slice(span.end),
    text,
  )
}
