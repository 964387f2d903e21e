/** A comment as a footnote, in the language it is written in. */
export function commentText(text: string, author: string): string {
  if (/\p{Script=Han}/u.test(text)) return author === '' ? `批注：${text}` : `批注（${author}）：${text}`
  return author === '' ? `comment: ${text}` : `comment by ${author}: ${text}`
}
