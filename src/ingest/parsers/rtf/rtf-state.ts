import { type RtfDecoder, rtfDecoder } from './rtf-decoder.js'
import type { RtfDestination } from './rtf-destinations.js'
import { type RtfFlow, type RtfItem, type RtfParagraphStyle, rtfFlow } from './rtf-flow.js'
import type { RtfPictureBytes } from './rtf-pictures.js'
import { levelOfOutline, type RtfFonts, type RtfStyles, rtfFonts, rtfStyles } from './rtf-styles.js'

export interface RtfDocument {
  items: RtfItem[]
  title: string
  author: string
  /** Embedded objects, such as a sheet of another program. */
  objects: number
  /** Whether groups are still open at the end. */
  isCutOff: boolean
}

/** What a group takes over from the one around it, and gives back at its end. */
export interface RtfGroup {
  destination: RtfDestination
  codePage: number
  /** Bytes that stand in for a Unicode character, for readers of old. */
  standIns: number
  isHidden: boolean
  isInTable: boolean
  outline: number | null
  style: number
  isListItem: boolean
  listDepth: number
  /** Set when the group opened this destination, and so ends it. */
  opened: { picture: RtfPictureBytes | null; outer: RtfFlow | null } | null
}

/** Where the reading of a document stands. */
export interface RtfState {
  document: RtfDocument
  decoder: RtfDecoder
  fonts: RtfFonts
  styles: RtfStyles
  /** Of the text at hand: the body, a footnote or a text box. */
  flow: RtfFlow
  groups: RtfGroup[]
  group: RtfGroup
  /** Groups that are skipped with all inside them are only counted. */
  skippedDepth: number
  isGroupStart: boolean
  isStarred: boolean
  toSkip: number
  ansiCodePage: number
  defaultFont: number
}

export function newRtfState(): RtfState {
  return {
    document: { items: [], title: '', author: '', objects: 0, isCutOff: false },
    decoder: rtfDecoder(),
    fonts: rtfFonts(),
    styles: rtfStyles(),
    flow: rtfFlow(),
    groups: [],
    group: {
      destination: 'body',
      codePage: 1252,
      standIns: 1,
      isHidden: false,
      isInTable: false,
      outline: null,
      style: 0,
      isListItem: false,
      listDepth: 0,
      opened: null,
    },
    skippedDepth: 0,
    isGroupStart: false,
    isStarred: false,
    toSkip: 0,
    ansiCodePage: 1252,
    defaultFont: 0,
  }
}

/** Hands the text since the last word that matters to where it goes. */
export function takeText(reader: RtfState): void {
  const text = reader.decoder.take()
  if (text === '') return
  const { destination, isHidden } = reader.group
  if (destination === 'styles') reader.styles.text(text)
  else if (destination === 'title') reader.document.title += text
  else if (destination === 'author') reader.document.author += text
  else if (isHidden) return
  else if (destination === 'mark') reader.flow.mark(text)
  else if (destination === 'body' || destination === 'footnote' || destination === 'beside') reader.flow.text(text)
}

export function paragraphStyle({ group, styles }: RtfState): RtfParagraphStyle {
  const level = levelOfOutline(group.outline) ?? styles.style(group.style)?.level ?? null
  return { level, isInTable: group.isInTable, listDepth: group.isListItem ? group.listDepth : null }
}
