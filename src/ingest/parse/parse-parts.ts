import { InkstoneError } from '../../core/errors.js'
import type { Block, ParsedFile } from '../../core/types.js'
import { bounds } from './parse-bounds.js'
import type { ParsePart, ParseSummary } from './parse-messages.js'

export interface PartLimits {
  /** Blocks, pictures or members of one part. */
  maxItems?: number
  /** Characters of one part, headings included. */
  maxCharacters?: number
}

/**
 * Cuts a parsed file into parts of a few milliseconds' work for whoever receives them: the receiver's event loop takes
 * other work between two of them.
 */
export function* partsOf(
  { blocks, pictures, members }: Pick<ParsedFile, 'blocks' | 'pictures' | 'members'>,
  { maxItems = 250, maxCharacters = 100_000 }: PartLimits = {},
): Generator<ParsePart> {
  let batch: Block[] = []
  let characters = 0
  for (const block of blocks) {
    const weight = block.text.length + block.headingPath.reduce((total, heading) => total + heading.length, 0)
    if (batch.length > 0 && (batch.length >= maxItems || characters + weight > maxCharacters)) {
      yield { type: 'blocks', blocks: batch }
      batch = []
      characters = 0
    }
    batch.push(block.text.length > maxCharacters ? { ...block, text: block.text.slice(0, maxCharacters) } : block)
    characters += weight
    if (block.text.length <= maxCharacters) continue
    yield { type: 'blocks', blocks: batch }
    for (let at = maxCharacters; at < block.text.length; at += maxCharacters) {
      yield { type: 'text', text: block.text.slice(at, at + maxCharacters) }
    }
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield { type: 'blocks', blocks: batch }
  for (const some of slices(pictures, maxItems)) yield { type: 'pictures', pictures: some }
  for (const some of slices(members, maxItems)) yield { type: 'members', members: some }
}

function* slices<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

export interface PartCollector {
  /** @throws InkstoneError `parse_failed` when more comes than a file may become */
  add(part: ParsePart): void
  /** @throws InkstoneError `parse_failed` when the parts do not fit together */
  finish(summary: ParseSummary): ParsedFile
}

/**
 * Puts the parts of a file together again.
 * @param maxCharacters of all text, and of the headings above it where they change
 */
export function partCollector({ maxCharacters = 100_000_000 }: { maxCharacters?: number } = {}): PartCollector {
  const file: Pick<ParsedFile, 'blocks' | 'pictures' | 'members'> = { blocks: [], pictures: [], members: [] }
  let characters = 0
  let path: string[] = []

  const addBlock = (block: Block) => {
    const shared = sharedPath(block.headingPath, path)
    characters += block.text.length + shared.newCharacters
    path = shared.path
    file.blocks.push({ ...block, headingPath: path })
  }
  const addText = (text: string) => {
    const last = file.blocks.at(-1)
    if (last === undefined) throw misfit()
    characters += text.length
    last.text += text
  }
  return {
    add(part) {
      if (part.type === 'blocks') part.blocks.forEach(addBlock)
      else if (part.type === 'text') addText(part.text)
      else if (part.type === 'pictures') file.pictures.push(...part.pictures)
      else file.members.push(...part.members)
      const { blocks, pictures, members } = file
      const isFlood =
        blocks.length > bounds.blocks || pictures.length > bounds.pictures || members.length > bounds.members
      if (isFlood || characters > maxCharacters) throw flood()
    },
    finish(summary) {
      let before = 0
      for (const { at, replaces } of file.pictures) {
        if (at < before || at + replaces > file.blocks.length) throw misfit()
        before = at
      }
      return { ...summary, ...file }
    },
  }
}

/** Blocks under the same headings share their strings, as they did in the process that they come from. */
function sharedPath(path: string[], last: string[]): { path: string[]; newCharacters: number } {
  if (path.length === last.length && path.every((heading, index) => heading === last[index])) {
    return { path: last, newCharacters: 0 }
  }
  let newCharacters = 0
  const made = path.map((heading, index) => {
    const known = last[index]
    if (known === heading) return known
    newCharacters += heading.length
    return heading
  })
  return { path: made, newCharacters }
}

const flood = () =>
  new InkstoneError('parse_failed', 'the file becomes more text than can be kept', {
    remedy: 'split it into several files',
  })

const misfit = () =>
  new InkstoneError('parse_failed', 'the parser gave no proper answer', {
    remedy: 'save the file again in its program and add it again',
  })
