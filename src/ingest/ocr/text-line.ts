import type { Rectangle } from './bitmap.js'

/** A line of text as it was read, or a piece of one where a wide gap parts it. */
export interface TextLine {
  text: string
  /** 0 to 1. */
  confidence: number
  /** Where it stands once the picture is held upright and level, in pixels. */
  place: Rectangle
}

/** Of Chinese and Japanese, and the punctuation that goes with them. */
export const wide =
  /[\u2E80-\u303F\u3040-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]/u
/** Recognition takes full-width punctuation for its narrow sister. */
const narrowPunctuation = /[.,:;!?()"'%\-\s]+/u
const endOfText = new RegExp(`${narrowPunctuation.source}$`, 'u')
const startOfText = new RegExp(`^${narrowPunctuation.source}`, 'u')

/** Whether no space belongs between two texts: Chinese and Japanese are written without. */
export function joinsWithoutSpace(before: string, after: string): boolean {
  return wide.test(before.replace(endOfText, '').slice(-1)) && wide.test(after.replace(startOfText, '').slice(0, 1))
}

/** Joins two lines of a paragraph; a hyphen at the end of a line of Latin letters parted a word. */
export function joinLines(before: string, after: string): string {
  if (/\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(after)) return `${before.slice(0, -1)}${after}`
  return joinsWithoutSpace(before, after) ? `${before}${after}` : `${before} ${after}`
}
