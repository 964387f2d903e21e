import type { Block } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { type Box, readingOrder } from './reading-order.js'

export type SlideBlock =
  | { kind: 'paragraph' | 'list' | 'caption'; text: string }
  | { kind: 'table'; rows: string[][]; hasHeader: boolean }

/** What stands in one place of a slide. */
export interface SlidePart {
  box: Box | null
  blocks: SlideBlock[]
}

export interface Slide {
  /** Empty where the slide has no title. */
  title: string
  parts: SlidePart[]
  notes: SlideBlock[]
}

/** Blocks of one slide: its title, what stands on it in reading order, then the speaker's notes under their own heading. */
export function slideBlocks({ title, parts, notes }: Slide, { page }: { page: number }): Block[] {
  // Each slide begins anew: one without a title must not stand under the title of the slide before it.
  const list = blockList()
  list.heading(title, { level: 2, page })
  for (const part of readingOrder(parts)) addAll(list, part.blocks, page)
  const spoken = notes.map((block) => (block.kind === 'table' ? '' : block.text)).join('')
  if (spoken.trim() !== '') {
    const isChinese = /\p{Script=Han}/u.test(`${spoken}${title}`)
    list.heading(isChinese ? '备注' : 'Notes', { level: 3, page })
    addAll(list, notes, page)
  }
  return list.blocks
}

function addAll(list: BlockList, blocks: readonly SlideBlock[], page: number): void {
  for (const block of blocks) {
    if (block.kind === 'table') list.table(block.rows, { page, hasHeader: block.hasHeader })
    else list.add(block.kind, block.text, { page })
  }
}

/** A picture's description where a person wrote it: not a file's name, a number or a program's guess. */
export function pictureCaption(description: string): string | null {
  const text = description.trim()
  const isName = /\.(?:png|jpe?g|gif|bmp|svg|webp|tiff?|emf|wmf)$/i.test(text)
  const isNumber = /^(?:图片|图像|图形|图|picture|image|img|photo|screenshot|graphic)?[\s_\-.:\d]*$/i.test(text)
  const isGuess = /automatically generated|AI-generated|自动生成|AI 生成/i.test(text)
  return isName || isNumber || isGuess ? null : text
}

/** `slide 3`, or `slides 1, 3-5`. */
export function slideNumbers(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const number of [...new Set(numbers)].sort((one, other) => one - other)) {
    const last = ranges.at(-1)
    if (last !== undefined && last.to === number - 1) last.to = number
    else ranges.push({ from: number, to: number })
  }
  const texts = ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))
  return `${new Set(numbers).size === 1 ? 'slide' : 'slides'} ${texts.join(', ')}`
}
