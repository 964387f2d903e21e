import { codePageOfCharset } from './rtf-decoder.js'

/** Code pages by the numbers of fonts. */
export interface RtfFonts {
  word(name: string, value: number | null): void
  /** Null where the font leaves it to the file. */
  codePage(font: number): number | null
}

export function rtfFonts(): RtfFonts {
  const pages = new Map<number, number>()
  let current = 0
  return {
    word(name, value) {
      if (name === 'f') current = value ?? 0
      const page = name === 'fcharset' ? codePageOfCharset(value ?? 0) : name === 'cpg' ? value : null
      if (page !== null) pages.set(current, page)
    },
    codePage: (font) => pages.get(font) ?? null,
  }
}

export interface RtfStyle {
  /** Depth of a heading, 1 to 6. */
  level: number | null
  /** A line of a table of contents. */
  isContents: boolean
}

/** Paragraph styles by their numbers. */
export interface RtfStyles {
  word(name: string, value: number | null): void
  /** Text of the group at hand: the style's name, ended by a semicolon. */
  text(text: string): void
  style(number: number): RtfStyle | null
}

export function rtfStyles(): RtfStyles {
  const styles = new Map<number, RtfStyle>()
  let current: { number: number | null; outline: number | null; name: string } = { number: 0, outline: null, name: '' }
  return {
    word(name, value) {
      if (name === 's') current.number = value ?? 0
      // Character, section and table styles have numbers of their own.
      else if (name === 'cs' || name === 'ds' || name === 'ts') current.number = null
      else if (name === 'outlinelevel') current.outline = value ?? 0
    },
    text(text) {
      const end = text.indexOf(';')
      current.name += end === -1 ? text : text.slice(0, end)
      if (end === -1) return
      const name = current.name.trim()
      const level = levelOfOutline(current.outline) ?? levelOfName(name)
      if (current.number !== null) styles.set(current.number, { level, isContents: /^(?:toc|目录)\s*\d$/i.test(name) })
      current = { number: 0, outline: null, name: '' }
    },
    style: (number) => styles.get(number) ?? null,
  }
}

/** RTF counts from 0; 9 is ordinary text. */
export function levelOfOutline(outline: number | null): number | null {
  return outline === null || outline < 0 || outline > 8 ? null : Math.min(outline + 1, 6)
}

function levelOfName(name: string): number | null {
  if (/^(?:title|标题)$/i.test(name)) return 1
  const number = /^(?:heading|标题)\s*([1-9])$/i.exec(name)?.[1]
  return number === undefined ? null : Math.min(Number(number), 6)
}
