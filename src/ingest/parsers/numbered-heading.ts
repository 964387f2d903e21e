const chineseNumber = '[零〇一二三四五六七八九十百千两\\d]{1,6}'
const chapter = new RegExp(`^第\\s*${chineseNumber}\\s*([编篇部章节])(?:[\\s　:：、]|$)`)
const decimal = /^(\d{1,2}(?:\.\d{1,2}){1,4})\.?[\s　]+\S/
const enumerated = /^[一二三四五六七八九十]{1,3}、\s*\S/
/** A line of a table of contents ends in its page number. */
const endsLikeContents = /[\s.…·]\d{1,4}$/
const endsLikeSentence = /[。．.！!？?；;，,、：:…]$/
const longestHeading = 40

/**
 * The level of a line that is a heading by its number, or null: 第一编 1, 第一章 2 (1 where `hasParts` is false), 第一节
 * below it, 一、 level 3, 1.2 level 2, 1.2.3 level 3. Only short lines that do not end like a sentence count. A statute's 第一条 is not
 * a heading: its text follows on the same line.
 */
export function numberedHeadingLevel(line: string, { hasParts = false } = {}): number | null {
  const text = line.trim()
  if (text.length > longestHeading || endsLikeSentence.test(text) || endsLikeContents.test(text)) return null
  const unit = chapter.exec(text)?.[1]
  if (unit !== undefined) {
    const shift = hasParts ? 1 : 0
    if (unit === '节') return 2 + shift
    return unit === '章' ? 1 + shift : 1
  }
  if (enumerated.test(text)) return 3
  const number = decimal.exec(text)?.[1]
  // 1.5 kg of flour, 3.14 and dates are numbers too: what follows has to begin with a letter or a Chinese character.
  if (number === undefined || !/^[\d.]+[\s　]+[\p{Lu}\p{Script=Han}]/u.test(text)) return null
  return Math.min(number.split('.').length, 6)
}

/** Whether a text is divided into 编 or 篇, above its chapters. */
export function hasParts(lines: readonly string[]): boolean {
  return lines.some((line) => numberedHeadingLevel(line) !== null && /^第\s*\S{1,6}\s*[编篇部]/.test(line.trim()))
}
