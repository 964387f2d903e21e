import { z } from 'zod'

/** The files inside an XLSX workbook as the library hands them over; other formats have none. */
const archive = z.object({
  files: z.record(z.string(), z.object({ content: z.instanceof(Uint8Array).optional().catch(undefined) })).catch({}),
})
const endOfFormula = '</f>'
/** What follows a formula whose result was never worked out, as programs write it that do not calculate. */
const noResult = /^(?:<v\s*\/>|<v><\/v>)?<\/c>/

/** Counts what a sheet's cells do not show: pictures, and formulas that were saved without their result. */
export function partsOfArchive(book: object): { pictures: number; formulasWithoutResult: number } {
  const { files } = archive.parse('files' in book ? book : { files: {} })
  const names = Object.keys(files)
  const sheets = names.filter((name) => /^\/?xl\/worksheets\/[^/]+\.xml$/i.test(name))
  return {
    pictures: names.filter((name) => /^\/?xl\/media\/[^/]+\.(?:png|jpe?g|gif|bmp|tiff?|webp)$/i.test(name)).length,
    formulasWithoutResult: sheets.reduce((total, name) => total + countUnsolved(files[name]?.content), 0),
  }
}

function countUnsolved(sheet: Uint8Array | undefined): number {
  if (sheet === undefined) return 0
  const xml = Buffer.from(sheet.buffer, sheet.byteOffset, sheet.byteLength)
  let count = 0
  for (let at = xml.indexOf(endOfFormula); at !== -1; at = xml.indexOf(endOfFormula, at + 1)) {
    const after = at + endOfFormula.length
    if (noResult.test(xml.toString('latin1', after, after + 20))) count += 1
  }
  return count
}
