import { cleanText } from '../clean-text.js'
import { readRtf } from './rtf-reader.js'

/**
 * The text of an RTF document, its paragraphs parted by line ends and its cells by ` | `.
 * @throws InkstoneError `file_corrupt`, `archive_bomb`
 */
export function rtfText(data: Buffer): string {
  const lines = readRtf(data).items.map((item) => {
    if (item.kind === 'picture') return ''
    if (item.kind !== 'table') return cleanText(item.text)
    return item.rows.map(({ cells }) => cells.map(({ text }) => text).join(' | ')).join('\n')
  })
  return lines.filter((line) => line.trim() !== '').join('\n')
}
