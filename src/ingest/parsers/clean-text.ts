// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be removed
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u0080-\u009F]/g
const invisible = /[\u00AD\u200B\u2060\uFEFF]/g
const loneSurrogate = /\p{Surrogate}/gu
const oddSpace = /[\u00A0\u2000-\u200A\u202F\u205F]/g

/**
 * Text as it is stored: line ends are `\n`, no control or zero-width characters, no lone surrogates, plain spaces.
 * The ideographic space and full-width forms stay: a quote must read as it does in the source.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029\f\v]/g, '\n')
    .replace(controls, '')
    .replace(invisible, '')
    .replace(oddSpace, ' ')
    .replace(loneSurrogate, '\uFFFD')
}

/** One line: every run of white space is a single space. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim()
}
