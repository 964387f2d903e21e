import type { ChunkedFile, FileChunk } from '../chunk-file.js'
import type { Terminal } from '../terminal.js'
import { lossText } from './losses.js'
import { countText } from './quantity.js'
import { visibleText } from './visible-text.js'

/** A chunk as lines: number, page, kind, tokens and span; the headings above it; its text, indented. */
export function chunkLines(chunk: FileChunk, paint: Terminal['paint']): string[] {
  const { index, page, kind, tokenCount, span, headingPath, text } = chunk
  const facts = [
    ...(page === null ? [] : [`p. ${page}`]),
    kind,
    countText(tokenCount, 'token'),
    `characters ${span.start}–${span.end}`,
  ]
  const headings = headingPath.length === 0 ? [] : [`   ${paint('cyan', visibleLine(headingPath.join(' › ')))}`]
  const lines = text.split('\n').map((line) => (line === '' ? '' : `   ${visibleLine(line)}`))
  return [`${paint('bold', `#${index}`)} ${paint('dim', facts.join(' · '))}`, ...headings, ...lines, '']
}

/** What the file is and what it became, as lines: totals, files inside, losses, warnings. */
export function chunkedFileLines({ document, chunks }: ChunkedFile, paint: Terminal['paint']): string[] {
  const { title, mediaType, pageCount, ocrCount, members, losses, warnings } = document
  const tokens = chunks.map(({ tokenCount }) => tokenCount)
  const counts = [
    ...(pageCount === null ? [] : [countText(pageCount, 'page')]),
    ...(ocrCount === 0 ? [] : [`${countText(ocrCount, 'picture')} recognised`]),
    countText(chunks.length, 'chunk'),
    ...(tokens.length === 0 ? [] : [tokensText(tokens)]),
  ]
  return [
    `${paint('bold', visibleText(title))} (${mediaType})`,
    counts.join(', '),
    ...members.map((name) => `inside, a document of its own: ${visibleText(name)}`),
    ...losses.map((loss) => paint('yellow', `not read: ${visibleText(lossText(loss))}`)),
    ...warnings.map((warning) => paint('yellow', `warning: ${visibleText(warning)}`)),
  ]
}

function tokensText(tokens: readonly number[]): string {
  const [total, longest] = tokens.reduce(([sum, most], count) => [sum + count, Math.max(most, count)], [0, 0])
  return `${countText(total, 'token')}, ${longest} in the longest`
}

/** A line of the document's own text. */
function visibleLine(line: string): string {
  return line.split('\t').map(visibleText).join('\t')
}
