import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { blockList } from './block-list.js'
import { cleanText } from './clean-text.js'
import { decodeText } from './decode.js'

const mediaType = 'text/x-source'
const linesPerBlock = 40

/** Source code and settings files, as they are: parted at blank lines, where something new begins at the margin. */
export function sourceTextParser(): Parser {
  return { mediaTypes: [mediaType], parse: async (bytes) => readSource(decodeText(bytes).text) }
}

function readSource(source: string): ParsedFile {
  const list = blockList()
  for (const text of codeBlocks(source)) list.add('code', text)
  return {
    title: null,
    mediaType,
    pageCount: null,
    blocks: list.blocks,
    pictures: [],
    members: [],
    losses: [],
    warnings: [],
    metadata: {},
  }
}

/** Pieces of about forty lines that end at a blank line before unindented text, or where there is none, at any blank line. */
export function codeBlocks(source: string): string[] {
  const lines = cleanText(source).split('\n')
  const blocks: string[] = []
  let start = 0
  lines.forEach((line, index) => {
    const length = index - start
    const isBlank = line.trim() === ''
    const opensAtMargin = /^\S/.test(lines[index + 1] ?? '')
    const isEnd = isBlank && ((length >= linesPerBlock / 2 && opensAtMargin) || length >= linesPerBlock)
    if (!isEnd && length < linesPerBlock * 2) return
    blocks.push(lines.slice(start, index + 1).join('\n'))
    start = index + 1
  })
  blocks.push(lines.slice(start).join('\n'))
  return blocks
}
