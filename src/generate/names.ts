import type { Chunk } from '../core/types.js'
import type { CodeValue } from './values/codes.js'
import { foldText } from './values/fold-text.js'
import { holdsValue, type ValueSource } from './values/holds-value.js'
import { chineseDigits, chineseNumber } from './values/numerals.js'
import { type Value, valuesIn } from './values/values.js'

export function codesOf(values: readonly Value[]): CodeValue[] {
  return values.filter((value) => value.kind === 'code')
}

/** A chunk with its title and headings, as part numbers are looked for in it. */
export function codeSource({ documentTitle, headingPath, tableHeader, text }: Chunk): ValueSource {
  const whole = foldText([documentTitle, ...headingPath, tableHeader ?? '', text].join('\n'))
  return { values: valuesIn(whole), text: whole }
}

const variant = /^(.{4,}\d)([A-Z])$/

/**
 * Whether a text names a part number: as it stands, as a part of a longer one, or by the name of its series and the
 * letter of its variant (`HCZ65-200A` by "HCZ65-200 … A 型").
 */
export function namesCode(source: ValueSource, code: CodeValue): boolean {
  if (holdsValue(code, source)) return true
  const [, series, letter] = variant.exec(code.key) ?? []
  if (series === undefined || letter === undefined) return false
  const alone = new RegExp(`(?<![A-Za-z\\d])${letter}(?![A-Za-z\\d])`)
  return holdsValue({ ...code, key: series }, source) && alone.test(source.text)
}

const ordinal = new RegExp(`第 ?(\\d+|[${chineseDigits}]+) ?([期版章节条届批次代季阶卷部集])`, 'g')

/** The numbered parts that a folded text names: `第二期`, `第 2 版`, written the same way. */
export function ordinalsIn(text: string): string[] {
  return [...text.matchAll(ordinal)].map(([, number = '', part]) => {
    const value = /\d/.test(number) ? Number(number) : chineseNumber(number)
    return `${value ?? number}${part}`
  })
}
