const digits: Record<string, number> = {
  ...{ 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 },
  ...{ 壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9 },
}
const smallTens: Record<string, number> = { 十: 10, 百: 100, 千: 1000, 拾: 10, 佰: 100, 仟: 1000 }
const largeTens: Record<string, number> = { 万: 10_000, 亿: 100_000_000 }

/** Characters that a Chinese numeral is written with. */
export const chineseDigits = Object.keys({ ...digits, ...smallTens, ...largeTens }).join('')

/** The power of ten behind digits, as in `5000 万`; 1 for anything else. */
export function multiplierOf(character: string | undefined): number {
  return (character === '千' || character === '百' ? undefined : largeTens[character ?? '']) ?? 1
}

/**
 * The number that a Chinese numeral stands for: `二十五` 25, `五千万` 50,000,000, `二〇二四` 2024, `一点五` 1.5. Null for
 * what is written with the same characters and is no numeral, such as `万一`.
 */
export function chineseNumber(text: string): number | null {
  const [whole = '', decimals, ...rest] = text.split('点')
  if (rest.length > 0 || whole === '' || decimals === '') return null
  const integer = wholeNumber(whole)
  if (integer === null || decimals === undefined) return integer
  const read = [...decimals].map((character) => digits[character])
  return read.includes(undefined) ? null : Number(`${integer}.${read.join('')}`)
}

function wholeNumber(text: string): number | null {
  const characters = [...text]
  if (characters.every((character) => digits[character] !== undefined)) {
    return Number(characters.map((character) => digits[character]).join(''))
  }
  let total = 0
  let section = 0
  let digit: number | null = null
  for (const [index, character] of characters.entries()) {
    const small = smallTens[character]
    const large = largeTens[character]
    if (small !== undefined) {
      if (digit === null && !(index === 0 && small === 10) && section === 0) return null
      section += (digit ?? 1) * small
      digit = null
    } else if (large !== undefined) {
      section += digit ?? 0
      if (section + total === 0) return null
      total = (total + section) * large
      section = 0
      digit = null
    } else {
      const value = digits[character]
      if (value === undefined || (digit !== null && digit !== 0)) return null
      digit = value
    }
  }
  return total + section + (digit ?? 0)
}
