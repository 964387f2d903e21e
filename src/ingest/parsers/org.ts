import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { cleanText, oneLine } from './clean-text.js'
import { decodeText } from './decode.js'

const mediaType = 'text/x-org'

/** Org texts: headings, lists, tables, source and example blocks, `#+TITLE:` and its like as metadata. */
export function orgParser(): Parser {
  return { mediaTypes: [mediaType], parse: async (bytes) => readOrg(decodeText(bytes).text) }
}

interface Reader {
  list: BlockList
  metadata: Record<string, string>
  paragraph: string[]
  items: string[]
  rows: string[][]
  hasRule: boolean
}

function readOrg(source: string): ParsedFile {
  const reader: Reader = { list: blockList(), metadata: {}, paragraph: [], items: [], rows: [], hasRule: false }
  const lines = cleanText(source).split('\n')
  for (let at = 0; at < lines.length; ) at = readLine(reader, lines, at)
  flush(reader)
  const first = reader.list.blocks.find((block) => block.kind === 'heading')
  const title = reader.metadata.title ?? (first?.level === 1 ? first.text : null)
  return {
    title,
    mediaType,
    pageCount: null,
    blocks: reader.list.blocks,
    pictures: [],
    members: [],
    losses: [],
    warnings: [],
    metadata: reader.metadata,
  }
}

const keptKeywords = /^(?:title|author|date|email|description|keywords|filetags)$/

/** Reads what begins at a line. Returns the line after it. */
function readLine(reader: Reader, lines: readonly string[], at: number): number {
  const line = lines[at] ?? ''
  const stars = /^(\*+)\s+(.*)$/.exec(line)
  const block = /^\s*#\+begin_(\w+)/i.exec(line)?.[1]
  const keyword = /^\s*#\+(\w+):\s*(.*)$/.exec(line)
  if (stars !== null) {
    flush(reader)
    reader.list.heading(headingText(stars[2] ?? ''), { level: stars[1]?.length ?? 1 })
  } else if (block !== undefined) {
    flush(reader)
    return readBlock(reader, lines, { start: at + 1, name: block.toLowerCase() })
  } else if (keyword !== null) {
    flush(reader)
    const [, name = '', value = ''] = keyword
    const key = name.toLowerCase()
    if (keptKeywords.test(key) && value.trim() !== '') reader.metadata[key] = oneLine(value)
    if (key === 'caption') reader.list.add('caption', withoutLinks(value))
  } else if (/^\s*:[\w-]+:\s*$/.test(line)) {
    flush(reader)
    return afterDrawer(lines, at + 1)
  } else if (/^\s*\|/.test(line)) readRow(reader, line)
  else if (/^\s*(?:[-+]|\d+[.)])\s+\S/.test(line)) {
    if (reader.items.length === 0) flush(reader)
    reader.items.push(withoutLinks(line.trimEnd()))
  } else if (line.trim() === '' || /^\s*#(?:\s|$)/.test(line)) flush(reader)
  else if (reader.items.length > 0 && /^\s/.test(line))
    reader.items.push(`${reader.items.pop()} ${withoutLinks(line.trim())}`)
  else {
    if (reader.items.length > 0 || reader.rows.length > 0) flush(reader)
    reader.paragraph.push(withoutLinks(line.trim()))
  }
  return at + 1
}

/** What to do, how urgent it is and its tags are no part of a heading. */
function headingText(text: string): string {
  return withoutLinks(
    text
      .replace(/^(?:TODO|DONE|NEXT|WAITING|CANCELLED)\s+/, '')
      .replace(/^\[#[A-Z]\]\s+/, '')
      .replace(/\s+:[\w@:]+:\s*$/, ''),
  )
}

/** `[[address][words]]` is shown as its words. */
function withoutLinks(text: string): string {
  return text.replace(/\[\[([^\][]*)\](?:\[([^\][]*)\])?\]/g, (_, address: string, words?: string) => words ?? address)
}

function readRow(reader: Reader, line: string): void {
  if (reader.rows.length === 0) flush(reader)
  if (/^\s*\|[-+]/.test(line)) {
    if (reader.rows.length === 1) reader.hasRule = true
    return
  }
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|')
  reader.rows.push(cells.map((cell) => oneLine(withoutLinks(cell))))
}

function readBlock(reader: Reader, lines: readonly string[], { start, name }: { start: number; name: string }): number {
  const isEnd = (line: string) => line.trim().toLowerCase() === `#+end_${name}`
  const found = lines.slice(start).findIndex(isEnd)
  // A block that never ends is only its first line.
  if (found === -1) return start
  const content = lines.slice(start, start + found)
  if (name === 'src' || name === 'example') reader.list.add('code', content.join('\n'))
  else if (name !== 'comment' && name !== 'export') {
    for (let at = 0; at < content.length; ) at = readLine(reader, content, at)
    flush(reader)
  }
  return start + found + 1
}

/** Drawers such as `:PROPERTIES:` are for the program. */
function afterDrawer(lines: readonly string[], start: number): number {
  const within = lines.slice(start, start + 200)
  const end = within.findIndex((line) => /^\s*:END:\s*$/i.test(line))
  return end === -1 ? start : start + end + 1
}

function flush(reader: Reader): void {
  const { list, paragraph, items, rows, hasRule } = reader
  if (paragraph.length > 0) list.add('paragraph', paragraph.join('\n'))
  if (items.length > 0) list.add('list', items.join('\n'))
  if (rows.length > 0) list.table(rows, { hasHeader: hasRule || rows.length > 1 })
  reader.paragraph = []
  reader.items = []
  reader.rows = []
  reader.hasRule = false
}
