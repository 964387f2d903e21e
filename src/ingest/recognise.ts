import { toInkstoneError } from '../core/errors.js'
import type { TextRecogniser } from '../core/ports.js'
import type { Block, ParsedFile, Picture } from '../core/types.js'
import { type LossList, lossList } from './parsers/losses.js'

export interface RecogniseOptions {
  /** The file itself, for pictures that are pages of it. */
  path: string
  /** Null when text recognition is turned off. */
  recogniser: TextRecogniser | null
  passwords?: readonly string[]
  signal?: AbortSignal
  onProgress?(pictures: { done: number; total: number }): void
}

/** A file as it is after text recognition. */
export interface RecognisedFile extends ParsedFile {
  /** Pages and pictures in which text was recognised. */
  ocrCount: number
}

/**
 * Puts the text of a file's pictures where the pictures stand. One that cannot be read is a loss and stops nothing: the
 * text that it would have replaced stays. What holds no text is a loss as well, for nobody can tell whether it should.
 * @throws InkstoneError `cancelled`
 */
export async function recognisePictures(file: ParsedFile, options: RecogniseOptions): Promise<RecognisedFile> {
  const { recogniser, signal, onProgress } = options
  const found = lossList()
  const texts = new Map<Picture, Block[]>()
  const pictures = [...file.pictures].sort((one, other) => one.at - other.at)
  for (const [done, picture] of pictures.entries()) {
    signal?.throwIfAborted()
    if (recogniser === null) {
      addLoss(found, picture, 'text recognition (OCR) is turned off')
      continue
    }
    onProgress?.({ done, total: pictures.length })
    try {
      const blocks = await blocksOf(picture, { ...options, recogniser })
      if (blocks.length === 0) addLoss(found, picture, 'no text was recognised in it')
      else texts.set(picture, blocks)
    } catch (thrown) {
      const error = toInkstoneError(thrown, 'ocr_failed')
      if (signal?.aborted || error.code === 'cancelled') throw error
      addLoss(found, picture, error.message)
    }
  }
  return {
    ...file,
    blocks: merged(file.blocks, pictures, texts),
    pictures: [],
    losses: [...file.losses, ...found.losses],
    ocrCount: texts.size,
  }
}

function addLoss(losses: LossList, { source, page }: Picture, reason: string): void {
  losses.add(source.kind === 'page' ? 'page' : 'image', reason, page)
}

async function blocksOf(
  { source, page, headingPath }: Picture,
  { path, recogniser, passwords = [], signal }: RecogniseOptions & { recogniser: TextRecogniser },
): Promise<Block[]> {
  const picture = source.kind === 'page' ? { path, page: source.page, passwords } : { path: source.path, page: null }
  const { blocks } = await recogniser.recognise(picture, signal === undefined ? {} : { signal })
  return blocks
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, bbox, confidence }) => ({ kind: 'ocr', text, page, headingPath, bbox, confidence }))
}

/** Blocks and recognised text in the order of the document. */
function merged(blocks: readonly Block[], pictures: readonly Picture[], texts: ReadonlyMap<Picture, Block[]>): Block[] {
  const result: Block[] = []
  // One by one: there may be more blocks than a call takes arguments.
  const add = (some: readonly Block[]) => some.forEach((block) => void result.push(block))
  let next = 0
  for (const picture of pictures) {
    const recognised = texts.get(picture)
    if (recognised === undefined) continue
    add(blocks.slice(next, Math.max(next, picture.at)))
    add(recognised)
    next = Math.max(next, picture.at + picture.replaces)
  }
  add(blocks.slice(next))
  return result
}
