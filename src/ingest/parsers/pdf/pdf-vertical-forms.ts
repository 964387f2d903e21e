/** U+FE10 to U+FE19 and U+FE30 to U+FE44 in order, as what they are in a line: Unicode names them "vertical form of". */
const marks = '，、。：；！？〖〗…'
const brackets = '‥—–＿﹏（）｛｝〔〕【】《》〈〉「」『』'

/**
 * Vertical writing has its own punctuation characters in some fonts. No search would find them, and they look wrong in a
 * line. NFKC would make them Latin ones.
 */
export function withoutVerticalForms(text: string): string {
  return text
    .replace(/[\uFE10-\uFE19]/g, (form) => marks.charAt(form.charCodeAt(0) - 0xfe10))
    .replace(/[\uFE30-\uFE44]/g, (form) => brackets.charAt(form.charCodeAt(0) - 0xfe30))
}
