import { InkstoneError } from '../../../core/errors.js'
import { destinationOf, type RtfDestination } from './rtf-destinations.js'
import { type RtfItem, rtfFlow } from './rtf-flow.js'
import { rtfPictureBytes } from './rtf-pictures.js'
import { newRtfState, paragraphStyle, type RtfDocument, type RtfState, takeText } from './rtf-state.js'
import { type RtfToken, rtfTokens } from './rtf-tokens.js'
import { rtfWords } from './rtf-words.js'

const deepest = 500

/**
 * Reads RTF into paragraphs, tables, footnotes and pictures, in one pass.
 * @throws InkstoneError `file_corrupt` where it is no RTF, `archive_bomb` where groups are nested too deep
 */
export function readRtf(data: Buffer): RtfDocument {
  if (!/^\s*\{\\rtf/.test(data.toString('latin1', 0, 64).replace(/^\u00ef\u00bb\u00bf/, ''))) throw damaged()
  const reader = newRtfState()
  for (const token of rtfTokens(data)) readToken(reader, token)
  takeText(reader)
  reader.document.isCutOff = reader.groups.length > 0 || reader.skippedDepth > 0
  while (reader.groups.length > 0) closeGroup(reader)
  reader.flow.finish(paragraphStyle(reader))
  reader.document.items = reader.flow.items
  return reader.document
}

function readToken(reader: RtfState, token: RtfToken): void {
  if (reader.skippedDepth > 0) {
    if (token.kind === 'open') reader.skippedDepth += 1
    else if (token.kind === 'close') reader.skippedDepth -= 1
    return
  }
  if (token.kind === 'open') openGroup(reader)
  else if (token.kind === 'close') closeGroup(reader)
  else if (token.kind === 'word') readWord(reader, token)
  else if (token.kind === 'binary') reader.group.opened?.picture?.binary(token.bytes)
  else if (token.kind === 'bytes') readBytes(reader, token.bytes)
}

function openGroup(reader: RtfState): void {
  takeText(reader)
  if (reader.groups.length >= deepest) throw tooDeep()
  reader.groups.push(reader.group)
  reader.group = { ...reader.group, opened: null }
  reader.isGroupStart = true
  reader.isStarred = false
  reader.toSkip = 0
}

function closeGroup(reader: RtfState): void {
  takeText(reader)
  const outer = reader.groups.pop()
  const { opened, destination } = reader.group
  if (opened?.picture) {
    const picture = opened.picture.finish()
    if (picture !== null) reader.flow.picture(picture)
  }
  if (opened?.outer) {
    reader.flow.finish(paragraphStyle(reader))
    opened.outer.aside(destination === 'footnote' ? asFootnote(reader.flow.items) : reader.flow.items)
    reader.flow = opened.outer
  }
  // A brace too many closes nothing.
  if (outer !== undefined) reader.group = outer
  reader.isGroupStart = false
  reader.toSkip = 0
}

function asFootnote(items: readonly RtfItem[]): RtfItem[] {
  const text = items.map((item) => ('text' in item ? item.text.trim() : '')).join('\n')
  return [
    ...(text.trim() === '' ? [] : [{ kind: 'footnote' as const, text }]),
    ...items.filter(({ kind }) => kind === 'picture' || kind === 'table'),
  ]
}

function readWord(reader: RtfState, { name, value }: { name: string; value: number | null }): void {
  const { group } = reader
  if (reader.isGroupStart && name === '*') {
    reader.isStarred = true
    return
  }
  if (reader.isGroupStart) {
    const destination = destinationOf(name, { isStarred: reader.isStarred })
    if (destination !== null) {
      enter(reader, destination, name)
      return
    }
  }
  reader.isGroupStart = false
  if (group.destination === 'fonts') reader.fonts.word(name, value)
  else if (group.destination === 'styles') reader.styles.word(name, value)
  else if (group.destination === 'picture') group.opened?.picture?.word(name)
  // A word that is of no use here is left out.
  else rtfWords.get(name)?.(reader, value)
}

function enter(reader: RtfState, destination: RtfDestination, word: string): void {
  reader.isGroupStart = false
  if (word === 'object') reader.document.objects += 1
  if (destination === 'skip') {
    // The group at hand is counted by its own closing brace.
    reader.skippedDepth = 1
    const outer = reader.groups.pop()
    if (outer !== undefined) reader.group = outer
    return
  }
  takeText(reader)
  reader.group.destination = destination
  if (destination === 'picture') reader.group.opened = { picture: rtfPictureBytes(), outer: null }
  if (destination === 'footnote' || destination === 'beside') {
    reader.group.opened = { picture: null, outer: reader.flow }
    reader.flow = rtfFlow()
    reader.group.isInTable = false
  }
}

function readBytes(reader: RtfState, bytes: Buffer): void {
  const { group } = reader
  reader.isGroupStart = false
  if (group.destination === 'picture') {
    group.opened?.picture?.hex(bytes)
    return
  }
  const skipped = Math.min(reader.toSkip, bytes.length)
  reader.toSkip -= skipped
  if (skipped < bytes.length) reader.decoder.bytes(bytes.subarray(skipped), group.codePage)
}

function damaged(): InkstoneError {
  return new InkstoneError('file_corrupt', 'the rich text document is damaged: it does not begin as one', {
    remedy: 'open it in its program and save it again',
  })
}

function tooDeep(): InkstoneError {
  return new InkstoneError('archive_bomb', `the rich text document is nested deeper than ${deepest} groups`, {
    remedy: 'if the document is genuine, open it in its program and save it again',
  })
}
