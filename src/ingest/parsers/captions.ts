import type { Block } from '../../core/types.js'

const ofTable = /^(?:附?表格?|Table|Tab\.|Exhibit|Schedule)\s*[A-Z]?\.?\d/i
const ofFigure = /^(?:附?图|Figure|Fig\.?|Chart|Photo|Plate)\s*[A-Z]?\.?\d/i
const label = /^[^\d]{1,12}\d[\d.\-–—]*[a-z]?(?=[\s.:：、,，—–-]|$)/i
/** What a sentence goes on with that only speaks of the table or figure. */
const speaksOf =
  /^[\s.:,]*(?:(?:shows?|lists?|gives?|presents?|contains?|summari[sz]es|illustrates?|depicts?|describes?|is|are|was|were|and|or|to|in|of|below|above)\b|所示|中|为|是|列出|给出|显示|表明|可见)/i
const longestCaption = 200

/**
 * Marks a paragraph as the caption of the table that follows it, or of the picture on either side of it, where it begins
 * like one: `表 3-1 螺栓的拧紧力矩`, `Figure 2: …`. Order and number of the blocks stay.
 * @param pictures the blocks before which pictures stand
 */
export function withCaptions(blocks: readonly Block[], pictures: readonly { at: number }[]): Block[] {
  const before = new Set(pictures.map((picture) => picture.at))
  return blocks.map((block, index) => {
    if (block.kind !== 'paragraph' || !isLabelled(block.text)) return block
    const next = blocks[index + 1]
    const isTables = ofTable.test(block.text) && next?.kind === 'table'
    const isFigures = ofFigure.test(block.text) && (before.has(index) || before.has(index + 1))
    return isTables || isFigures ? { ...block, kind: 'caption' } : block
  })
}

function isLabelled(text: string): boolean {
  if (text.length > longestCaption || text.includes('\n') || /[。；;：:]$/.test(text)) return false
  const found = label.exec(text)?.[0]
  return found !== undefined && !speaksOf.test(text.slice(found.length))
}
