import type { ZipEntries } from '../archive/zip-entries.js'
import type { FlowBlock } from '../flow-block.js'
import type { LossList } from '../losses.js'
import { type Relationship, readPart, readSidePart, relationshipsOf } from '../opc.js'
import { attribute, childAt, childElements, elementsNamed } from '../xml.js'
import { sheetDrawing } from './sheet-drawing.js'
import { tooManyCells } from './sheet-grid.js'

/** What stands on the sheets of a workbook beside their cells, by the sheets' position. */
export type SheetExtras = ReadonlyMap<number, FlowBlock[]>

const endOfFormula = '</f>'
/** What follows a formula whose result was never worked out, as programs write it that do not calculate. */
const noResult = /^(?:<v\s*\/>|<v><\/v>)?<\/c>/
/** WPS keeps a picture inside a cell as a formula that names it. */
const cellPicture = /DISPIMG\((?:&quot;|")([\w-]{1,80})/g

/**
 * Looks at the parts of an XLSX workbook that its cells do not show: drawings, charts, pictures and comments of each sheet,
 * embedded objects, and formulas that were saved without their result.
 * @param maxCells more cells than this are refused before the workbook is read: each costs room
 * @throws InkstoneError `parse_failed`
 */
export async function workbookParts(
  archive: ZipEntries,
  { losses, maxCells }: { losses: LossList; maxCells: number },
): Promise<SheetExtras> {
  const main = (await relationshipsOf(archive, '')).find(({ type }) => type === 'officeDocument')?.target
  const book = main === undefined ? null : await readPart(archive, main)
  const list = book === null ? null : childAt(book, 'sheets')
  const relationships = main === undefined ? [] : await relationshipsOf(archive, main)
  const targets = new Map(relationships.map(({ id, target }) => [id, target]))
  const inCells = await cellPictures(archive, relationships, losses)
  const extras = new Map<number, FlowBlock[]>()
  let cells = 0
  for (const [index, sheet] of (list === null ? [] : childElements(list, 'sheet')).entries()) {
    const part = targets.get(attribute(sheet, 'r:id') ?? '')
    if (part === undefined) continue
    const seen = look(await archive.read(part))
    cells += seen.cells
    if (cells > maxCells) throw tooManyCells(maxCells)
    // Hidden sheets are not read.
    if ((attribute(sheet, 'state') ?? 'visible') !== 'visible') continue
    for (let count = 0; count < seen.unsolved; count += 1) {
      losses.add('formula', 'formulas whose results are not in the file: open it in its program and save it again')
    }
    const pictures = seen.pictures.flatMap((name): FlowBlock[] => [
      { kind: 'picture', target: inCells.get(name) ?? null },
    ])
    extras.set(index, [...pictures, ...(await sheetDrawing(archive, part, { losses }))])
  }
  return extras
}

function look(bytes: Uint8Array | null): { cells: number; unsolved: number; pictures: string[] } {
  if (bytes === null) return { cells: 0, unsolved: 0, pictures: [] }
  const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let unsolved = 0
  for (let at = xml.indexOf(endOfFormula); at !== -1; at = xml.indexOf(endOfFormula, at + 1)) {
    const after = at + endOfFormula.length
    if (noResult.test(xml.toString('latin1', after, after + 20))) unsolved += 1
  }
  return { cells: countCells(xml), unsolved, pictures: [...new Set(picturesIn(xml))] }
}

function countCells(xml: Buffer): number {
  let count = 0
  for (let at = xml.indexOf('<c '); at !== -1; at = xml.indexOf('<c ', at + 3)) count += 1
  return count
}

function picturesIn(xml: Buffer): string[] {
  const names: string[] = []
  for (let at = xml.indexOf('DISPIMG('); at !== -1; at = xml.indexOf('DISPIMG(', at + 1)) {
    const found = [...xml.toString('latin1', at, at + 120).matchAll(cellPicture)][0]?.[1]
    if (found !== undefined) names.push(found)
  }
  return names
}

/** Names inside the archive of the pictures that stand in cells, by the names that the cells use. */
async function cellPictures(
  archive: ZipEntries,
  relationships: readonly Relationship[],
  losses: LossList,
): Promise<Map<string, string>> {
  const part = relationships.find(({ type }) => type === 'cellImage')?.target
  const root = part === undefined ? null : await readSidePart(archive, part, losses)
  if (part === undefined || root === null) return new Map()
  const targets = new Map((await relationshipsOf(archive, part)).map(({ id, target }) => [id, target]))
  return new Map(
    elementsNamed(root, 'pic').flatMap((picture): [string, string][] => {
      const name = childAt(picture, 'nvPicPr', 'cNvPr')
      const blip = childAt(picture, 'blipFill', 'blip')
      const target = blip === null ? undefined : targets.get(attribute(blip, 'r:embed') ?? '')
      return name === null || target === undefined ? [] : [[attribute(name, 'name') ?? '', target]]
    }),
  )
}
