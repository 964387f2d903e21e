import type { RtfCell, RtfRow } from './rtf-tables.js'

export interface RtfPicture {
  /** The ending of a file of this kind: png, jpeg, emf, wmf, dib, pict. */
  format: string
  bytes: Buffer
}

export interface RtfParagraphStyle {
  /** Depth of a heading, 1 to 6; null for ordinary text. */
  level: number | null
  isInTable: boolean
  /** Depth of a list item from 0; null outside lists. */
  listDepth: number | null
}

export interface RtfParagraph {
  kind: 'paragraph'
  text: string
  level: number | null
  listDepth: number | null
  /** The bullet or number that the writer put before it. */
  mark: string
}

export type RtfItem =
  | RtfParagraph
  | { kind: 'table'; rows: RtfRow[] }
  | { kind: 'footnote'; text: string }
  | ({ kind: 'picture' } & RtfPicture)

/** Puts paragraphs, cells and rows together as the control words end them. */
export interface RtfFlow {
  readonly items: RtfItem[]
  text(text: string): void
  mark(text: string): void
  picture(picture: RtfPicture): void
  /** What stands beside the text, such as a footnote or a text box: it comes after the paragraph. */
  aside(items: readonly RtfItem[]): void
  endParagraph(style: RtfParagraphStyle): void
  endCell(): void
  endRow(): void
  /** Begins the description of a row. */
  defineRow(): void
  defineCell(edge: number): void
  mergeNextCell(merged: RtfCell['merged']): void
  markHeaderRow(): void
  finish(style: RtfParagraphStyle): void
}

export function rtfFlow(): RtfFlow {
  const items: RtfItem[] = []
  let [text, mark]: [string[], string] = [[], '']
  let after: RtfItem[] = []
  let afterTable: RtfItem[] = []
  let cell: string[] = []
  let cells: string[] = []
  let rows: RtfRow[] = []
  let row = { edges: [] as number[], merged: [] as RtfCell['merged'][], isHeader: false }
  let nextMerged: RtfCell['merged'] = 'no'
  const takeText = () => {
    const taken = text.join('')
    text = []
    return taken
  }
  const takeAfter = () => {
    for (const item of after) items.push(item)
    after = []
  }
  const endTable = () => {
    if (cells.length > 0) flow.endRow()
    if (rows.length > 0) items.push({ kind: 'table', rows })
    for (const item of afterTable) items.push(item)
    rows = []
    afterTable = []
  }
  const flow: RtfFlow = {
    items,
    text: (added) => void text.push(added),
    mark(added) {
      mark += added
    },
    picture: (picture) => void after.push({ kind: 'picture', ...picture }),
    aside(beside) {
      for (const item of beside) after.push(item)
    },
    endParagraph({ level, isInTable, listDepth }) {
      const taken = takeText()
      const marked = mark.trim()
      mark = ''
      if (isInTable) {
        cell.push(marked === '' ? taken : `${marked} ${taken}`)
        return
      }
      if (cell.length > 0) flow.endCell()
      endTable()
      if (taken.trim() !== '') items.push({ kind: 'paragraph', text: taken, level, listDepth, mark: marked })
      takeAfter()
    },
    endCell() {
      cell.push(`${mark} ${takeText()}`)
      mark = ''
      cells.push(cell.join(' ').trim())
      cell = []
    },
    endRow() {
      if (cells.length > 0) {
        const { edges, merged, isHeader } = row
        rows.push({
          isHeader,
          cells: cells.map((content, index) => ({
            text: content,
            edge: edges[index] ?? null,
            merged: merged[index] ?? 'no',
          })),
        })
      }
      cells = []
      for (const item of after) afterTable.push(item)
      after = []
    },
    defineRow() {
      row = { edges: [], merged: [], isHeader: false }
      nextMerged = 'no'
    },
    defineCell(edge) {
      row.edges.push(edge)
      row.merged.push(nextMerged)
      nextMerged = 'no'
    },
    mergeNextCell(merged) {
      nextMerged = merged
    },
    markHeaderRow() {
      row.isHeader = true
    },
    finish(style) {
      if (cell.length > 0 || cells.length > 0) {
        if (cell.length > 0 || text.length > 0) flow.endCell()
      }
      endTable()
      flow.endParagraph({ ...style, isInTable: false })
    },
  }
  return flow
}
