/**
 * Reads the small part of Markdown that the content files use.
 *
 * A file starts with `key: value` lines between two `---` lines. After that every line is a block of its own:
 * `#`, `##`, `###` headings, `- ` bullets, `1. ` steps, `> ` notices, `表 …` / `Table …` captions before a `|` table,
 * `===` a page break, and anything else a paragraph. There is no inline markup, so what is written is what is printed.
 *
 * @param {string} source
 * @returns {{ meta: Record<string, string>, blocks: Block[] }}
 * @typedef {{ kind: 'heading', level: 1 | 2 | 3, text: string }
 *   | { kind: 'paragraph' | 'bullet' | 'notice' | 'caption', text: string }
 *   | { kind: 'step', marker: string, text: string }
 *   | { kind: 'table', rows: string[][] }
 *   | { kind: 'break' }} Block
 */
export function parseMarkdown(source) {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? []
  if (head === undefined) throw new Error('a content file must start with "key: value" lines between two "---" lines')
  const meta = Object.fromEntries(
    head.split('\n').map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    }),
  )
  const blocks = []
  for (const line of body.split('\n').map((text) => text.trim())) {
    if (line === '') continue
    const block = readLine(line)
    const last = blocks.at(-1)
    if (block.kind !== 'table') blocks.push(block)
    else if (last?.kind === 'table') last.rows.push(...block.rows)
    else blocks.push(block)
  }
  return { meta, blocks }
}

function readLine(line) {
  const heading = /^(#{1,3}) (.+)$/.exec(line)
  if (heading) return { kind: 'heading', level: heading[1].length, text: heading[2] }
  const step = /^(\d+\.|（\d+）) ?(\D.*)$/.exec(line)
  if (step) return { kind: 'step', marker: step[1], text: step[2] }
  if (line.startsWith('- ')) return { kind: 'bullet', text: line.slice(2) }
  if (line.startsWith('> ')) return { kind: 'notice', text: line.slice(2) }
  if (line === '===') return { kind: 'break' }
  if (/^(表 |Table )[\w.-]+ /.test(line)) return { kind: 'caption', text: line }
  if (!line.startsWith('|')) return { kind: 'paragraph', text: line }
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
  return { kind: 'table', rows: cells.every((cell) => /^:?-+:?$/.test(cell)) ? [] : [cells] }
}
