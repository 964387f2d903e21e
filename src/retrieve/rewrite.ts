/** Words that point back at something said before. */
const pointsBack =
  /^(那|那么|它|他|她|这|该|其|此|上述|另一|还有|and\b|what about|how about|then\b)|[它其]的?|另一(个|种|款)|这(个|种|款|台|些)|(上述|前者|后者)|\b(it|its|they|their|them|that one|this one|the other|those|these)\b|呢[？?]?$/iu

/**
 * Words that a question needs to stand alone, a Chinese word counted as two characters: 旧版是几件 and 安全带最多用几年 have
 * fewer. In a conversation a question as short as that mostly leans on the one before.
 */
const fewestWords = 4

/**
 * Completes a follow-up question from the ones before it, so that it can be searched for by itself: a question that
 * points back, or is too short to stand alone, is put behind the last question that could.
 * @param history the user's earlier questions, oldest first
 */
export function completeQuestion(question: string, history: readonly string[]): string {
  if (history.length === 0 || !isElliptical(question)) return question
  const standing = history.findLast((earlier, index) => index === 0 || !isElliptical(earlier)) ?? history[0]
  return `${standing} ${question}`
}

function isElliptical(question: string): boolean {
  const text = question.trim()
  const length =
    (text.match(/\p{Script=Han}/gu)?.length ?? 0) / 2 + (text.match(/[\p{Script=Latin}\d]+/gu)?.length ?? 0)
  return length < fewestWords || pointsBack.test(text)
}
