import { type MarkedToken, marked, type Token, type Tokens } from 'marked'

export type Inline =
  | { kind: 'text'; text: string }
  /** `occurrence` counts the markers of the same number before it. */
  | { kind: 'marker'; number: number; occurrence: number }
  | { kind: 'strong' | 'emphasis' | 'deleted'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; children: Inline[] }
  | { kind: 'break' }

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; depth: number; children: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { kind: 'table'; header: Inline[][]; rows: Inline[][][] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'rule' }

/**
 * The structure of an answer's text. Nothing in it can act by itself: raw HTML is text, an image is its description,
 * a link leads to http or https or is text. `[n]`, and `【n】` as Chinese models write it, becomes a marker wherever text
 * may stand, code excepted.
 */
export function parseMarkdown(text: string): Block[] {
  const blocks = toBlocks(marked.lexer(text, { gfm: true, async: false }))
  countOccurrences(blocks)
  return blocks
}

/** Citations are told apart in the order of the text; brackets in code are no markers. */
function countOccurrences(blocks: readonly Block[]): void {
  const seen = new Map<number, number>()
  const next = (number: number) => {
    const occurrence = seen.get(number) ?? 0
    seen.set(number, occurrence + 1)
    return occurrence
  }
  const visit = (node: Block | Inline): void => {
    if (node.kind === 'marker') node.occurrence = next(node.number)
    else for (const child of childrenOf(node)) visit(child)
  }
  for (const block of blocks) visit(block)
}

function childrenOf(node: Block | Inline): readonly (Block | Inline)[] {
  if (node.kind === 'list') return node.items.flat()
  if (node.kind === 'table') return [node.header, ...node.rows].flat(2)
  return 'children' in node ? node.children : []
}

/** Cuts a marker that has not arrived whole, so that a growing text does not flicker. */
export function withoutHalfMarker(text: string): string {
  return text.replace(/[[【]\d{0,3}$/, '')
}

function toBlocks(tokens: readonly Token[]): Block[] {
  return withRowMarkers((tokens as MarkedToken[]).flatMap(toBlock))
}

/** Markers that follow a table of one row belong to that row: they go into its last cell. */
function withRowMarkers(blocks: readonly Block[]): Block[] {
  const joined: Block[] = []
  for (const block of blocks) {
    const before = joined.at(-1)
    const row = before?.kind === 'table' && before.rows.length === 1 ? before.rows[0] : undefined
    const cell = row?.at(-1)
    if (cell !== undefined && block.kind === 'paragraph' && isOnlyMarkers(block.children)) cell.push(...block.children)
    else joined.push(block)
  }
  return joined
}

function isOnlyMarkers(children: readonly Inline[]): boolean {
  return children.every((child) => child.kind === 'marker' || (child.kind === 'text' && child.text.trim() === ''))
}

function toBlock(token: MarkedToken): Block[] {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', depth: token.depth, children: toInlines(token.tokens) }]
    case 'list':
      return [toList(token)]
    case 'table':
      return [
        {
          kind: 'table',
          header: token.header.map((cell) => toInlines(cell.tokens)),
          rows: token.rows.map((row) => row.map((cell) => toInlines(cell.tokens))),
        },
      ]
    case 'code':
      return [{ kind: 'code', text: token.text }]
    case 'blockquote':
      return [{ kind: 'quote', children: toBlocks(token.tokens) }]
    case 'hr':
      return [{ kind: 'rule' }]
    case 'space':
      return []
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', children: toInlines(token.tokens ?? [token]) }]
    default:
      return [{ kind: 'paragraph', children: withMarkers(token.raw.trimEnd()) }]
  }
}

function toList(token: Tokens.List): Block {
  return {
    kind: 'list',
    ordered: token.ordered,
    start: token.start === '' ? 1 : token.start,
    items: token.items.map((item) => toBlocks(item.tokens)),
  }
}

function toInlines(tokens: readonly Token[]): Inline[] {
  return (tokens as MarkedToken[]).flatMap((token, index) => toInline(token, tokens[index - 1]?.raw ?? ''))
}

function toInline(token: MarkedToken, before: string): Inline[] {
  switch (token.type) {
    case 'strong':
      return [{ kind: 'strong', children: toInlines(token.tokens) }]
    case 'em':
      return isProduct(token, before)
        ? withMarkers(token.raw)
        : [{ kind: 'emphasis', children: toInlines(token.tokens) }]
    case 'del':
      return token.raw.startsWith('~~')
        ? [{ kind: 'deleted', children: toInlines(token.tokens) }]
        : [{ kind: 'text', text: '~' }, ...toInlines(token.tokens), { kind: 'text', text: '~' }]
    case 'codespan':
      return [{ kind: 'code', text: token.text }]
    case 'br':
      return [{ kind: 'break' }]
    case 'link':
      return toLink(token)
    case 'image':
      return [{ kind: 'text', text: token.text }]
    case 'text':
      return token.tokens === undefined ? withMarkers(decodeEntities(token.text)) : toInlines(token.tokens)
    case 'escape':
      return [{ kind: 'text', text: token.text }]
    default:
      return withMarkers(token.raw)
  }
}

/** `10*20*30` is a size, not emphasis; `5~10 … 3~5` are ranges, so only a double tilde strikes out. */
function isProduct(token: Tokens.Em, before: string): boolean {
  return token.raw.startsWith('*') && /[\d)）]$/.test(before) && /^[\d(（]/.test(token.text)
}

function toLink(token: Tokens.Link): Inline[] {
  if (/^\[\d{1,3}\]$/.test(token.raw)) return withMarkers(token.raw)
  const href = httpAddress(token.href)
  const children = toInlines(token.tokens)
  return href === null ? children : [{ kind: 'link', href, children }]
}

function httpAddress(href: string): string | null {
  try {
    const url = new URL(href)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
  } catch {
    return null
  }
}

const markerPattern = /\[(\d{1,3})\]|【(\d{1,3})】/g

function numberOf(match: RegExpExecArray): number {
  return Number(match[1] ?? match[2])
}

function withMarkers(text: string): Inline[] {
  const inlines: Inline[] = []
  let end = 0
  for (const match of text.matchAll(markerPattern)) {
    if (match.index > end) inlines.push({ kind: 'text', text: text.slice(end, match.index) })
    inlines.push({ kind: 'marker', number: numberOf(match), occurrence: 0 })
    end = match.index + match[0].length
  }
  if (end < text.length) inlines.push({ kind: 'text', text: text.slice(end) })
  return inlines
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", nbsp: '\u00a0' }

function decodeEntities(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole)
}
