import { commentText } from '../comment-text.js'
import type { FlowBlock } from '../flow-block.js'
import { listNumber } from '../list-number.js'
import type { LossList } from '../losses.js'
import { preferred } from '../pptx/pptx-text.js'
import { attribute, childAt, childElements, type XmlElement } from '../xml.js'
import type { DocxPart } from './docx-drawing.js'
import { type Aside, authorOf, type InlineContext, inlineText, lineOf, type NoteKind } from './docx-inline.js'
import type { DocxNumbering } from './docx-numbering.js'
import type { DocxStyles } from './docx-styles.js'
import { docxCells, docxTable, isLayoutTable } from './docx-table.js'

export interface DocxNotes {
  part: DocxPart
  /** By their ids. */
  entries: ReadonlyMap<string, XmlElement>
}

export interface DocxContext {
  styles: DocxStyles
  numbering: DocxNumbering
  notes: Readonly<Record<NoteKind, DocxNotes | null>>
  losses: LossList
}

interface Reader extends DocxContext {
  part: DocxPart
  blocks: FlowBlock[]
  /** Lines of the list at hand. */
  items: string[]
  code: string[]
  /** A large first letter, which Word keeps as a paragraph of its own. */
  dropCap: string
  counts: Record<NoteKind, number>
}

const deepestList = 12

/** Reads running text: headings, paragraphs, lists, tables, and what is anchored in them, each after its paragraph. */
export function readDocxFlow(parent: XmlElement, { part, ...context }: DocxContext & { part: DocxPart }): FlowBlock[] {
  const counts = { footnote: 0, endnote: 0, comment: 0 }
  const reader: Reader = { ...context, part, blocks: [], items: [], code: [], dropCap: '', counts }
  readChildren(parent, reader)
  flush(reader)
  return reader.blocks
}

function readChildren(parent: XmlElement, reader: Reader): void {
  for (const child of childElements(parent)) readElement(child, reader)
}

function readElement(element: XmlElement, reader: Reader): void {
  switch (element.name) {
    case 'p':
      readParagraph(element, reader)
      break
    case 'tbl':
      readTable(element, reader)
      break
    case 'sdt': {
      const content = childAt(element, 'sdtContent')
      if (content !== null && !isContentsTable(element)) readChildren(content, reader)
      break
    }
    case 'AlternateContent':
      readElement(preferred(element), reader)
      break
    case 'altChunk':
      reader.losses.add('object', 'documents embedded in another format')
      break
    case 'del':
    case 'moveFrom':
    case 'sectPr':
      break
    default:
      readChildren(element, reader)
  }
}

function isContentsTable(control: XmlElement): boolean {
  const gallery = childAt(control, 'sdtPr', 'docPartObj', 'docPartGallery')
  return gallery !== null && attribute(gallery, 'val') === 'Table of Contents'
}

function readParagraph(paragraph: XmlElement, reader: Reader): void {
  const role = reader.styles.role(paragraph)
  if (role?.kind === 'contents') return
  const aside: Aside[] = []
  const context = inlineContext(reader, aside)
  const text = inlineText(paragraph, context)
  const frame = childAt(paragraph, 'pPr', 'framePr')
  if (frame !== null && /^(?:drop|margin)$/.test(attribute(frame, 'dropCap') ?? '')) reader.dropCap += text.trim()
  else if (text.trim() !== '') addText(paragraph, { text, role, reader })
  if (aside.length === 0) return
  flush(reader)
  readAside(aside, reader)
}

function addText(
  paragraph: XmlElement,
  { text: own, role, reader }: { text: string; role: ReturnType<DocxStyles['role']>; reader: Reader },
): void {
  const text = `${reader.dropCap}${own}`
  reader.dropCap = ''
  if (role?.kind === 'code') {
    flushList(reader)
    reader.code.push(text.replace(/\s+$/, ''))
    return
  }
  flushCode(reader)
  const number = nextNumber(paragraph, reader)
  if (role !== null) {
    flushList(reader)
    const numbered = number === null || number.isBullet ? text : `${joined(number.mark)}${text.trim()}`
    if (role.kind === 'heading') reader.blocks.push({ ...role, text: numbered })
    else reader.blocks.push({ kind: 'caption', text: numbered.trim() })
  } else if (number !== null && number.mark !== '') {
    const indent = '  '.repeat(Math.min(number.level, deepestList))
    reader.items.push(`${indent}${joined(number.mark)}${text.replace(/\s+/g, ' ').trim()}`)
  } else {
    flushList(reader)
    reader.blocks.push({ kind: 'paragraph', text: tidy(text) })
  }
}

function nextNumber(paragraph: XmlElement, { styles, numbering }: DocxContext) {
  const list = styles.list(paragraph)
  if (list === null) return null
  const level = list.level ?? numbering.levelOfStyle(list.numberId, list.style)
  const mark = numbering.next(list.numberId, level)
  return mark === null ? null : { ...mark, level }
}

/** 一、 needs no space before what it numbers. */
const joined = (mark: string) => (mark === '' || /[、，：）】」]$/.test(mark) ? mark : `${mark} `)

const tidy = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')

function readTable(table: XmlElement, reader: Reader): void {
  flush(reader)
  if (isLayoutTable(table, (paragraph) => reader.styles.role(paragraph)?.kind === 'heading')) {
    for (const cell of docxCells(table)) readChildren(cell, reader)
    flush(reader)
    return
  }
  const aside: Aside[] = []
  const context = inlineContext(reader, aside)
  reader.blocks.push(docxTable(table, (cell) => lineOf(cell, context)))
  readAside(aside, reader)
}

function inlineContext(reader: Reader, aside: Aside[]): InlineContext {
  const { part, styles, losses, notes, counts } = reader
  return {
    part,
    styles,
    losses,
    aside,
    numberOf(paragraph) {
      const number = nextNumber(paragraph, reader)
      return number === null ? '' : joined(number.mark)
    },
    markOf(kind, id) {
      if (notes[kind]?.entries.has(id) !== true) return ''
      counts[kind] += 1
      return kind === 'endnote' ? `[${listNumber(counts.endnote, 'lowerRoman')}]` : `[${counts[kind]}]`
    },
  }
}

function readAside(aside: readonly Aside[], reader: Reader): void {
  for (const one of aside) {
    if (one.kind === 'block') reader.blocks.push(one.block)
    else if (one.kind === 'table') readTable(one.table, reader)
    else if (one.kind === 'note') readNote(one, reader)
    else {
      readChildren(one.content, reader)
      flush(reader)
    }
  }
}

function readNote({ of, id, mark }: Extract<Aside, { kind: 'note' }>, reader: Reader): void {
  const notes = reader.notes[of]
  const entry = notes?.entries.get(id)
  if (notes === null || entry === undefined) return
  const aside: Aside[] = []
  const text = lineOf(entry, inlineContext({ ...reader, part: notes.part }, aside))
  if (text !== '')
    reader.blocks.push({
      kind: 'footnote',
      text: of === 'comment' ? commentText(text, authorOf(entry)) : `${mark} ${text}`,
    })
  // A note's own pictures and tables; a note in a note does not exist in Word, only in damaged files.
  const inner = aside.filter((one) => one.kind !== 'note')
  if (inner.length > 0) readAside(inner, { ...reader, part: notes.part })
}

function flush(reader: Reader): void {
  flushCode(reader)
  flushList(reader)
}

function flushList(reader: Reader): void {
  if (reader.items.length > 0) reader.blocks.push({ kind: 'list', text: reader.items.splice(0).join('\n') })
}

function flushCode(reader: Reader): void {
  if (reader.code.length > 0) reader.blocks.push({ kind: 'code', text: reader.code.splice(0).join('\n') })
}
