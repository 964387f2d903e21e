import type { Block } from '../../../core/types.js'
import { blockList } from '../block-list.js'
import { addFlow, type FlowBlock, flowText, type PlacedPicture } from '../flow-block.js'
import { type Box, readingOrder } from '../pdf/reading-order.js'

/** A slide has one heading: its title. */
export type SlideBlock = Exclude<FlowBlock, { kind: 'heading' }>

/** What stands in one place of a slide. */
export interface SlidePart {
  box: Box | null
  blocks: SlideBlock[]
}

export interface Slide {
  /** Empty where the slide has no title. */
  title: string
  parts: SlidePart[]
  comments?: SlideBlock[]
  notes: SlideBlock[]
}

/**
 * Blocks of one slide: its title, what stands on it in reading order, then comments and the speaker's notes under their own
 * heading. The places of its pictures count from the slide's first block.
 */
export function slideBlocks(
  { title, parts, comments = [], notes }: Slide,
  { page }: { page: number },
): { blocks: Block[]; pictures: PlacedPicture[] } {
  // Each slide begins anew: one without a title must not stand under the title of the slide before it.
  const list = blockList()
  list.heading(title, { level: 2, page })
  const pictures = readingOrder(parts).flatMap((part) => addFlow(list, part.blocks, { page }))
  addFlow(list, comments, { page })
  const spoken = flowText(notes)
  if (spoken !== '') {
    const isChinese = /\p{Script=Han}/u.test(`${spoken}${title}`)
    list.heading(isChinese ? '备注' : 'Notes', { level: 3, page })
    addFlow(list, notes, { page })
  }
  return { blocks: list.blocks, pictures }
}

/** A picture's description where a person wrote it: not a file's name, a number or a program's guess. */
export function pictureCaption(description: string): string | null {
  const text = description.trim()
  const isName = /\.(?:png|jpe?g|gif|bmp|svg|webp|tiff?|emf|wmf)$/i.test(text)
  const isNumber = /^(?:图片|图像|图形|图|picture|image|img|photo|screenshot|graphic)?[\s_\-.:\d]*$/i.test(text)
  const isGuess = /automatically generated|AI-generated|自动生成|AI 生成/i.test(text)
  return isName || isNumber || isGuess ? null : text
}
