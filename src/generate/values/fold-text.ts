/**
 * A text as values and claims are read from it: one width, one kind of dash, tilde, comma and product sign, no Markdown
 * emphasis, no numbers of list items. Only for comparing: offsets and the look of the text are lost.
 */
export function foldText(text: string): string {
  return text
    .replace(/^\s*(?:[-*+•·]\s+|\(?\d{1,2}[.)、]\s*(?=\D)|（\d{1,2}）\s*|#{1,6}\s+)/gm, '')
    .replace(/[①-⓿❶-➓]/g, ' ')
    .replace(/，/g, ', ')
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, '')
    .normalize('NFKC')
    .replace(/\*\*|__|`/g, '')
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/[∼〜˜]/g, '~')
    .replace(/⁄/g, '/')
    .replace(/(?<=\d ?)[x✕✖*](?= ?\d)/g, '×')
}
