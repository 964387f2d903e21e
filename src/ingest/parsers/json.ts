import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { decodeText } from './decode.js'
import { codeBlocks } from './source-text.js'

const mediaType = 'application/json'
/** A line longer than this was not written for people. */
const longestLine = 500

/**
 * JSON, and JSON lines: records of plain values are read as a table, with the names as its header; anything else as it is
 * written, or laid out where it stands on one line.
 */
export function jsonParser(): Parser {
  return { mediaTypes: [mediaType], parse: async (bytes) => readJson(decodeText(bytes).text) }
}

function readJson(source: string): ParsedFile {
  const list = blockList()
  const value = valueIn(source)
  const rows = value === undefined ? null : tableOf(value)
  const isPacked = source.split('\n').some((line) => line.length > longestLine)
  if (rows !== null) list.table(rows)
  else addCode(list, (value !== undefined && isPacked ? laidOut(value) : null) ?? source)
  return {
    title: null,
    mediaType,
    pageCount: null,
    blocks: list.blocks,
    pictures: [],
    members: [],
    losses: [],
    warnings: value === undefined ? ['the file is not valid JSON: it was read as plain text'] : [],
    metadata: {},
  }
}

function addCode(list: BlockList, text: string): void {
  for (const block of codeBlocks(text)) list.add('code', block)
}

/** The value of the text, or those of its lines; undefined where it is neither. */
function valueIn(source: string): unknown {
  const text = source.replace(/^\uFEFF/, '')
  const whole = parsed(text)
  if (whole !== undefined) return whole
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const values = lines.map(parsed)
  return values.length > 1 && values.every((value) => value !== undefined) ? values : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Null where the value is nested deeper than the stack. */
function laidOut(value: unknown): string | null {
  const values = Array.isArray(value) ? value : [value]
  try {
    return values.map((item) => JSON.stringify(item, null, 2)).join('\n\n')
  } catch {
    return null
  }
}

const mostColumns = 200

function tableOf(value: unknown): string[][] | null {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isRecord)) return null
  const names = [...new Set(value.flatMap((record) => Object.keys(record)))]
  const filled = value.reduce((total, record) => total + Object.keys(record).length, 0)
  // Records of different kinds have little in common.
  if (names.length === 0 || names.length > mostColumns || filled < (names.length * value.length) / 2) return null
  const cell = (item: unknown) => (item === null || item === undefined ? '' : String(item))
  return [names, ...value.map((record) => names.map((name) => cell(record[name])))]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((item) => typeof item !== 'object' || item === null)
}
