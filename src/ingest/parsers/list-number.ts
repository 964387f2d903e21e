const digits = '〇一二三四五六七八九'
const units = ['', '十', '百', '千']
const stems = '甲乙丙丁戊己庚辛壬癸'
const romans: readonly [number, string][] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]
/** No list is longer; a damaged file may say so. */
const highest = 9999

/** The number of a list item or note in one of Word's formats (`w:numFmt`), such as `lowerRoman` or `chineseCounting`. */
export function listNumber(value: number, format: string): string {
  const number = Math.min(Math.max(Math.trunc(value) || 0, 0), highest)
  switch (format) {
    case 'none':
      return ''
    case 'decimalZero':
      return number < 10 ? `0${number}` : `${number}`
    case 'lowerRoman':
      return roman(number)
    case 'upperRoman':
      return roman(number).toUpperCase()
    case 'lowerLetter':
      return letters(number)
    case 'upperLetter':
      return letters(number).toUpperCase()
    case 'decimalEnclosedCircle':
    case 'decimalEnclosedCircleChinese':
      return number >= 1 && number <= 20 ? String.fromCodePoint(0x2460 + number - 1) : `${number}`
    case 'decimalEnclosedParen':
      return `(${number})`
    case 'chineseCounting':
    case 'chineseCountingThousand':
    case 'taiwaneseCounting':
    case 'taiwaneseCountingThousand':
    case 'japaneseCounting':
      return counted(number)
    case 'ideographDigital':
    case 'taiwaneseDigital':
    case 'japaneseDigitalTenThousand':
      return [...`${number}`].map((digit) => digits[Number(digit)]).join('')
    case 'ideographTraditional':
      return stems[number - 1] ?? `${number}`
    default:
      return `${number}`
  }
}

function roman(number: number): string {
  let [left, text] = [number, '']
  for (const [value, sign] of romans) {
    while (left >= value) {
      text += sign
      left -= value
    }
  }
  return text
}

/** a to z, then aa, bb, as Word counts. */
function letters(number: number): string {
  if (number < 1) return ''
  return String.fromCodePoint(97 + ((number - 1) % 26)).repeat(Math.ceil(number / 26))
}

/** 十二, 二十, 一百零五. */
function counted(number: number): string {
  if (number === 0) return '〇'
  const text = [...`${number}`]
    .map((digit, at, all) => (digit === '0' ? '零' : `${digits[Number(digit)]}${units[all.length - 1 - at]}`))
    .join('')
    .replace(/零+$/, '')
    .replace(/零+/g, '零')
  return number < 20 ? text.replace(/^一十/, '十') : text
}
