import type { Span } from '../core/types.js'

const fenced = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm
const inline = /(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])*?[^`]\1(?!`)/g

/** Where a Markdown text is code: fenced blocks, to the end of the text when they are not closed, and code spans. */
export function codeSpans(text: string): Span[] {
  const { blocks, spans } = codeIn(text)
  return [...blocks, ...spans]
}

/** Where a growing text begins to be code or not by what follows: its length when that is nowhere. */
export function undecidedCode(text: string): number {
  const { blocks, spans, rest } = codeIn(text)
  const paragraph = paragraphStart(rest)
  const runs = [...rest.slice(paragraph).matchAll(/`+/g)].map(({ index }) => paragraph + index)
  const open = runs.find((at) => !spans.some(({ start, end }) => start <= at && at < end))
  const growing = spans.find(({ end }) => end === text.length)?.start
  const line = text.lastIndexOf('\n') + 1
  const isFenced = blocks.some(({ start, end }) => start < line && line <= end)
  const fence = !isFenced && /^ {0,3}(?:(?:`{3,}|~{3,}).*|`*|~*)$/.test(text.slice(line)) ? line : undefined
  return Math.min(...[open, growing, fence, text.length].filter((at) => at !== undefined))
}

/** Where the last paragraph begins of which nothing before it depends: behind the last blank line that is not in code. */
export function lastParagraph(text: string): number {
  return paragraphStart(codeIn(text).rest)
}

function paragraphStart(rest: string): number {
  const last = [...rest.matchAll(/\n(?:[ \t]*\n)+/g)].at(-1)
  return last === undefined ? 0 : last.index + last[0].length
}

/** `rest` is the text with spaces in place of blocks. */
function codeIn(text: string): { blocks: Span[]; spans: Span[]; rest: string } {
  const blocks = [...text.matchAll(fenced)].map(toSpan)
  const rest = blocks.reduce(
    (kept, { start, end }) => kept.slice(0, start) + ' '.repeat(end - start) + kept.slice(end),
    text,
  )
  return { blocks, spans: [...rest.matchAll(inline)].map(toSpan), rest }
}

function toSpan(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length }
}
