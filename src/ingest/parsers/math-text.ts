/**
 * Formulas as a line of text that people can read and search: a/b, x^2, x_i, √x, ∑_(i=1)^n. After the linear format of
 * Unicode Technical Note 28, without its invisible characters.
 */
export function fraction(upper: string, lower: string): string {
  if (lower === '') return upper
  // One letter or number, or a word such as a unit; 1/2a could be read in two ways.
  const isPlainLower = /^(?:\p{L}+|[\d.]+)$/u.test(lower)
  const isPlainUpper = /^[\p{L}\p{N}]+[\^_][\p{L}\p{N}.]+$/u.test(upper)
  return `${isPlainUpper ? upper : grouped(upper)}/${isPlainLower ? lower : bracketed(lower)}`
}

export function scripts(base: string, { sub = '', sup = '' }: { sub?: string; sup?: string }): string {
  // A prime or degree sign is written where it stands.
  if (sub === '' && /^[′″‴'°∘]+$/u.test(sup)) return `${grouped(base)}${sup.replaceAll('∘', '°')}`
  return `${grouped(base)}${script('_', sub)}${script('^', sup)}`
}

export function root(degree: string, radicand: string): string {
  if (degree === '' || degree === '2') return `√${grouped(radicand)}`
  if (degree === '3') return `∛${grouped(radicand)}`
  return `${grouped(radicand)}^(1/${grouped(degree)})`
}

/** A sum, product or integral with its bounds, and what it is of. */
export function bounded(operator: string, { sub, sup, body }: { sub: string; sup: string; body: string }): string {
  return `${operator}${script('_', sub)}${script('^', sup)} ${body}`.trimEnd()
}

/** A function's name and what it is applied to. */
export function applied(name: string, argument: string): string {
  return /^[([{|]/.test(argument) || argument === '' ? `${name}${argument}` : `${name} ${argument}`
}

/** A mark above or below: one that Unicode can combine with a letter is, another is left out. */
export function accented(base: string, mark: string): string {
  const above = marks[mark] ?? (/^\p{M}$/u.test(mark) ? mark : '')
  return [...base].length === 1 ? `${base}${above}`.normalize('NFC') : base
}

const marks: Record<string, string> = {
  '^': '\u0302',
  ˆ: '\u0302',
  '~': '\u0303',
  '˜': '\u0303',
  '¯': '\u0305',
  '‾': '\u0305',
  '¨': '\u0308',
  '˙': '\u0307',
  '→': '\u20D7',
  '⃗': '\u20D7',
}

export function matrix(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.join(', ')).join('; ')
}

/** A relation is set with room around it; text in one line has to write it. */
export function spaced(text: string): string {
  return text.replace(/\s*([=≈≠≤≥<>≡≅∝⇒⇔→]+)\s*/g, ' $1 ')
}

const largeOperator = /^[∏-∑∫-∳⋀-⋃⨀-⨌]/u

/** Puts two parts of a formula side by side, with a space where they would run into each other. */
export function joined(before: string, after: string): string {
  const isAfterIndex = /[_^][-−–+]?[\p{L}\p{N}.]+$/u.test(before) && /^[\p{L}\p{N}]/u.test(after)
  const isSum = /[\p{L}\p{N}]$/u.test(before) && largeOperator.test(after)
  const isAfterSum = /[∏-∑∫-∳⋀-⋃⨀-⨌](?:[_^](?:\([^()]*\)|[^\s()]+))*$/u.test(before) && /^[^_^\s]/.test(after)
  return isAfterIndex || isSum || isAfterSum ? `${before} ${after}` : before + after
}

/** A whole formula as it is written into a paragraph. */
export function formulaText(text: string): string {
  return (
    plainLetters(text)
      // The invisible sign between a function's name and what it is applied to.
      .replace(/\u2061\s*(?=[\p{L}\p{N}√∑∫])/gu, ' ')
      .replace(/[\u2061-\u2064\u200B]/g, '')
      .replace(/\s+/g, ' ')
      .replace(/\s+([,;.])/g, '$1')
      .trim()
  )
}

/** Formulas have letters of their own, such as 𝑥: nobody types them into a search. */
function plainLetters(text: string): string {
  return text.replace(/[\u{1D400}-\u{1D7FF}\u210E]/gu, (letter) => letter.normalize('NFKC'))
}

function script(mark: '_' | '^', text: string): string {
  if (text === '') return ''
  return `${mark}${/^[-−–+]?[\d.]+$/.test(text) ? text : grouped(text)}`
}

/** In brackets, unless it is one letter, number, word or bracket anyway. */
function grouped(text: string): string {
  const isOne = /^(?:[\p{L}\p{N}\p{M}.°%∞√′″]*|.)$/u.test(text)
  return isOne || isBracketed(text) ? text : `(${text})`
}

const bracketed = (text: string) => (isBracketed(text) ? text : `(${text})`)

function isBracketed(text: string): boolean {
  if (!/^[([{|].*[)\]}|]$/s.test(text)) return false
  let depth = 0
  for (const [at, letter] of [...text].entries()) {
    if (/[([{]/.test(letter)) depth += 1
    else if (/[)\]}]/.test(letter)) depth -= 1
    if (depth === 0 && at > 0 && at < [...text].length - 1 && text[0] !== '|') return false
  }
  return true
}
