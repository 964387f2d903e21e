import type { MetadataValue, ParsedFile } from '../../core/types.js'
import { oneLine } from './clean-text.js'

const fence = /^---[ \t]*\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/
const entry = /^([\p{L}_][\p{L}\p{N}_ .-]{0,60}):(?:[ \t]+(.*))?$/u

/**
 * Splits YAML front matter from a Markdown text. Single values and lists of words are kept; deeper structures are left
 * out, for metadata is flat.
 */
export function readFrontMatter(source: string): { metadata: ParsedFile['metadata']; body: string } {
  const match = fence.exec(source)
  const lines = (match?.[1] ?? '').split('\n')
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'))
  if (match === null || first === undefined || !entry.test(first)) return { metadata: {}, body: source }
  return { metadata: readEntries(lines), body: source.slice(match[0].length) }
}

function readEntries(lines: readonly string[]): ParsedFile['metadata'] {
  const metadata: ParsedFile['metadata'] = {}
  let listKey: string | null = null
  for (const line of lines) {
    const item = /^\s*-\s+(\S.*)$/.exec(line)?.[1]
    if (item !== undefined && listKey !== null) {
      const before = metadata[listKey]
      metadata[listKey] = [...(Array.isArray(before) ? before : []), unquoted(item)]
      continue
    }
    const [, key, value = ''] = entry.exec(line) ?? []
    listKey = key !== undefined && value.trim() === '' ? key : null
    if (key !== undefined && value.trim() !== '') metadata[key] = readValue(value.trim())
  }
  return metadata
}

function readValue(value: string): MetadataValue {
  if (value === 'true' || value === 'false') return value === 'true'
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/.test(value)) return Number(value)
  const list = /^\[(.*)\]$/.exec(value)?.[1]
  return list === undefined ? unquoted(value) : list.split(',').map(unquoted).filter(Boolean)
}

function unquoted(value: string): string {
  return oneLine(value.trim().replace(/^(["'])(.*)\1$/, '$2'))
}
