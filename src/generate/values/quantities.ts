import type { Span } from '../../core/types.js'
import { chineseDigits, chineseNumber, multiplierOf } from './numerals.js'
import { type Unit, unitAt } from './units.js'

/** A number with its sign and, where one stands with it, its unit. */
export interface Quantity {
  kind: 'quantity'
  number: number
  unit: Unit | null
  span: Span
}

/** Two numbers as the ends of a range, in the order in which they are written. */
export interface RangeValue {
  kind: 'range'
  low: number
  high: number
  unit: Unit | null
  span: Span
}

const arabic = /(?<![A-Za-z\d])(?:\d+(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d+)?)/g
const fraction = /(?<![\d/.])(\d{1,2})\/(\d{1,3})(?![\d/])/g
const chineseFraction = new RegExp(`(百|千|[${chineseDigits}]+)分之([${chineseDigits}点]+)`, 'g')
const chinese = new RegExp(`第?[${chineseDigits}]+(?:点[${chineseDigits}]+)?`, 'g')
const englishNumbers: Record<string, number> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11 },
  ...{ twelve: 12, fifteen: 15, eighteen: 18, twenty: 20, thirty: 30, sixty: 60, ninety: 90 },
}
const english = new RegExp(`\\b(${Object.keys(englishNumbers).join('|')})\\b(?=[ -][a-z])`, 'gi')

/**
 * The numbers of a folded text, with their units: `25 m3/h`, `1,234,500`, `-20 °C`, `零下 18 摄氏度`, `二十五`, `5000 万元`,
 * `2/3`, `百分之五`, `每分钟 2900 转`, `每年`, `EUR 12,400`,
 * `five years`. Two digits behind a comma are no decimals, except in `0,5`.
 */
export function quantitiesIn(text: string): Quantity[] {
  const found: Quantity[] = []
  const take = (at: number, length: number, number: number | null, unit?: Unit) => {
    if (number === null || found.some(({ span }) => span.start < at + length && at < span.end)) return
    found.push(measured(text, { at, length, number, ...(unit ? { unit } : {}) }))
  }
  for (const { 0: whole, 1: below = '', 2: above = '', index } of text.matchAll(chineseFraction)) {
    const share = { 百: '%', 千: '‰' }[below]
    const [part, all] = [chineseNumber(above), chineseNumber(below)]
    if (share !== undefined) take(index, whole.length, part, { name: share, dimension: 'share' })
    else if (part !== null && all !== null) take(index, whole.length, part / all)
  }
  for (const { 0: whole, 1: above, 2: below, index } of text.matchAll(fraction)) {
    take(index, whole.length, Number(above) / Number(below))
  }
  for (const { 0: whole, index } of text.matchAll(/\b0,\d+\b/g))
    take(index, whole.length, Number(whole.replace(',', '.')))
  for (const { 0: whole, index } of text.matchAll(spacedThousands)) {
    take(index, whole.length, Number(whole.replaceAll(' ', '')))
  }
  for (const { 0: whole, index } of text.matchAll(arabic)) take(index, whole.length, arabicNumber(whole))
  for (const { 0: whole, 1: word = '', index } of text.matchAll(english)) {
    if (unitAt(text.slice(index + whole.length + 1)) !== null) {
      take(index, whole.length, englishNumbers[word.toLowerCase()] ?? null)
    }
  }
  for (const { 0: whole, index } of text.matchAll(chinese)) {
    if (isNumeral(whole, text.slice(index + whole.length)))
      take(index, whole.length, chineseNumber(whole.replace('第', '')))
  }
  for (const { 0: whole, 1: unit = '', index } of text.matchAll(once)) {
    const isRate = found.some(({ span }) => span.start - index - whole.length < 6 && span.start > index)
    if (!isRate) take(index, whole.length, 1, unitAt(`${unit} `)?.unit)
  }
  return found.sort((a, b) => a.span.start - b.span.start)
}

/** `每年` and `annually` are one year, unless they begin a rate: `每分钟 2900 转`. */
const once = /(?:每(?=[年月天日周]|小时|分钟|季度))(年|月|天|日|周|小时|分钟)/g

/** Thousands apart by a space are one number only where a unit follows: `1 234 h`, but `6308 128`. */
const spacedThousands = /(?<![\d.,A-Za-z-] ?)\d{1,3}(?: \d{3})+(?! ?\d)(?= ?(?:[a-zA-Z%‰°]|小时|元|转|吨|千|毫|立方))/g

/** The ranges among quantities: `20~30 N·m`, `-20 °C 至 40 °C`, `20 to 30 bar`. The lower end takes the unit of the upper. */
export function rangesOf(text: string, quantities: Quantity[]): RangeValue[] {
  return quantities.flatMap((low, index) => {
    const high = quantities[index + 1]
    if (!high || !/^\s*(?:~|-|至|到|to)\s*$/.test(text.slice(low.span.end, high.span.start))) return []
    low.unit ??= high.unit
    return [
      {
        kind: 'range' as const,
        low: low.number,
        high: high.number,
        unit: high.unit,
        span: { start: low.span.start, end: high.span.end },
      },
    ]
  })
}

function arabicNumber(whole: string): number {
  return Number(/\.\d{3}\./.test(whole) ? whole.replaceAll('.', '') : whole.replaceAll(',', ''))
}

/** A single character is a numeral only before a word that is counted in: `三年`, not `三相`, `一般`, `四周`. */
function isNumeral(whole: string, rest: string): boolean {
  if (whole.startsWith('第')) return whole.length > 1
  if (whole.length > 1)
    return /^[^万亿千百]/.test(whole) && (/[十百千万亿点拾佰仟]/.test(whole) ? !/^一[万千百]$/.test(whole) : true)
  return (
    /^ ?(?:年|个月|个?小时|天|分钟|秒|个?工作日|个?星期|毫?厘?千?米(?!饭)|元|吨|公斤|倍)/.test(rest) &&
    !/[万亿千百]/.test(whole)
  )
}

/** Adds what stands around the digits: the sign, a power of ten, and the unit behind or `每…` before. */
function measured(
  text: string,
  { at, length, number, unit: given }: { at: number; length: number; number: number; unit?: Unit },
): Quantity {
  const before = text.slice(Math.max(0, at - 8), at)
  const sign = /(?:(?:^|[^\dA-Za-z)\]%°])-|零下 ?|负 ?|minus )$/.exec(before)
  let end = at + length
  const power = /^ ?(万|亿)|^ (million|billion|thousand)\b/.exec(text.slice(end))
  end += power?.[0].length ?? 0
  const scale = { million: 1e6, billion: 1e9, thousand: 1e3 }[power?.[2] ?? ''] ?? multiplierOf(power?.[1])
  const gap = /^(?: ?\(| ?-(?=[a-z])| )?/.exec(text.slice(end))?.[0].length ?? 0
  const behind = given ? null : unitAt(text.slice(end + gap))
  const per = /每(?!隔)(小时|分钟|分|秒|天|日|年)[^\d]{0,4}$/.exec(
    before.slice(0, before.length - (sign?.[0].length ?? 0)),
  )
  const time = per?.[1] === undefined || behind?.unit.dimension === 'time' ? null : unitAt(`${per[1]} `)
  const currency = behind === null && given === undefined ? currencyBefore(text.slice(0, at)) : null
  const unit = given ?? currency ?? (behind ? perTime(behind.unit, time?.unit ?? null) : null)
  const start = at - (sign ? sign[0].replace(/^[^-零负m]/, '').length : 0)
  return {
    kind: 'quantity',
    number: (sign ? -1 : 1) * number * scale,
    unit,
    span: { start, end: behind ? end + gap + behind.length : end },
  }
}

function currencyBefore(text: string): Unit | null {
  const sign = /(?:人民币|RMB|CNY|¥|USD|US\$|\$|EUR|€) ?$/.exec(text)?.[0].trim()
  return sign === undefined ? null : (unitAt(sign)?.unit ?? null)
}

function perTime(unit: Unit, time: Unit | null): Unit {
  if (time === null || unit.name.includes('/')) return unit
  return { name: `${unit.name}/${time.name}`, dimension: `${unit.dimension}/${time.dimension}` }
}
