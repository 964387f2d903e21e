import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { cleanText } from './clean-text.js'
import { decodeText } from './decode.js'
import { hasParts, numberedHeadingLevel } from './numbered-heading.js'

/** Plain text: paragraphs are parted by blank lines; numbered lines such as 第一章 总则 or 1.2 Scope are headings. */
export function plainTextParser(): Parser {
  return { mediaTypes: ['text/plain'], parse: async (bytes) => readPlainText(decodeText(bytes).text) }
}

function readPlainText(source: string): ParsedFile {
  const list = blockList()
  addPlainText(list, source)
  return {
    title: null,
    mediaType: 'text/plain',
    pageCount: null,
    blocks: list.blocks,
    pictures: [],
    members: [],
    losses: [],
    warnings: [],
    metadata: {},
  }
}

/** Adds a plain text to a list: paragraphs, and the headings that its numbered lines are. */
export function addPlainText(list: BlockList, source: string): void {
  const lines = cleanText(source).split('\n')
  const numbering = { hasParts: hasParts(lines) }
  let paragraph: string[] = []
  const endParagraph = () => {
    for (const part of paragraphsOf(paragraph)) list.add('paragraph', part)
    paragraph = []
  }
  lines.forEach((line, index) => {
    const level = standsAlone(lines, index) ? numberedHeadingLevel(line, numbering) : null
    if (level !== null) {
      endParagraph()
      list.heading(line, { level })
    } else if (line.trim() === '') endParagraph()
    else paragraph.push(line.trimEnd())
  })
  endParagraph()
}

/** 第一章 and 一、 may follow a line directly; a decimal number only opens a section after a blank line, or it may be a list. */
function standsAlone(lines: readonly string[], index: number): boolean {
  const line = lines[index]?.trim() ?? ''
  return /^[第一二三四五六七八九十]/.test(line) || (lines[index - 1] ?? '').trim() === ''
}

/** In texts without blank lines, common in Chinese, each line is a paragraph when it is indented or ends a sentence. */
function paragraphsOf(lines: readonly string[]): string[] {
  const oneEach =
    lines.length > 1 && lines.every((line) => /^(?:　|\s{2,})/.test(line) || /[。！？：；”」.!?:;]$/.test(line))
  return oneEach ? [...lines] : [lines.join('\n')]
}
