import type { Span } from '../core/types.js'

const fenced = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm
const inline = /(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])*?[^`]\1(?!`)/g

/** Where a Markdown text is code: fenced blocks, to the end of the text when they are not closed, and code spans. */
export function codeSpans(text: string): Span[] {
  const blocks = [...text.matchAll(fenced)].map(toSpan)
  const rest = blocks.reduce(
    (kept, { start, end }) => kept.slice(0, start) + ' '.repeat(end - start) + kept.slice(end),
    text,
  )
  return [...blocks, ...[...rest.matchAll(inline)].map(toSpan)]
}

function toSpan(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length }
}
