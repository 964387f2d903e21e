import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCanvas, GlobalFonts } from '@napi-rs/canvas'
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import sharp, { type Sharp } from 'sharp'
import { pdfPages } from '../../../src/ingest/ocr/pdf-page-picture.js'

const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/** The path of one of the product's sample documents. Their PDFs bring their fonts, Chinese ones too. */
export const sample = (name: string) =>
  fileURLToPath(new URL(`../../../data/sample/documents/${name}`, import.meta.url))

/** The text layer of a PDF's page, a line for each height on which text stands. */
export async function textLayer(path: string, number: number): Promise<string> {
  const document = await getDocument({
    data: new Uint8Array(readFileSync(path)),
    cMapUrl: `${library}/cmaps/`,
    cMapPacked: true,
    verbosity: VerbosityLevel.ERRORS,
  }).promise
  const { items } = await (await document.getPage(number)).getTextContent()
  await document.destroy()
  const rows: { y: number; pieces: { x: number; right: number; text: string }[] }[] = []
  for (const item of items) {
    if (!('str' in item) || item.str.trim() === '') continue
    const [x, y] = [Number(item.transform[4]), Number(item.transform[5])]
    let row = rows.find((each) => Math.abs(each.y - y) < 4)
    if (row === undefined) {
      row = { y, pieces: [] }
      rows.push(row)
    }
    row.pieces.push({ x, right: x + item.width, text: item.str })
  }
  const lines = rows
    .sort((one, other) => other.y - one.y)
    .map(({ pieces }) => {
      let [line, end] = ['', Number.POSITIVE_INFINITY]
      for (const { x, right, text } of pieces.sort((one, other) => one.x - other.x)) {
        line += x - end > 1.5 ? ` ${text}` : text
        end = right
      }
      return line
    })
  return lines.join('\n')
}

/** A page of a PDF as a scanner would see it: pixels only, grey, a little blurred. */
export async function photograph(path: string, number: number): Promise<Sharp> {
  const pages = pdfPages()
  const { bitmap } = await pages.draw({ path, passwords: [] }, number)
  await pages.close()
  const { width, height, data } = bitmap
  return sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .grayscale()
    .blur(0.6)
}

/** Text in a Latin font that needs none on the machine, as a PNG. */
export function writing(
  lines: readonly string[],
  {
    width = 900,
    size = 28,
    leading = 44,
    times = 1,
  }: { width?: number; size?: number; leading?: number; times?: number } = {},
): Buffer {
  GlobalFonts.registerFromPath(join(library, 'standard_fonts', 'LiberationSans-Regular.ttf'), 'Scan')
  const all = Array.from({ length: times }, () => lines).flat()
  const canvas = createCanvas(width, all.length * leading + 80)
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#000'
  context.font = `${size}px Scan`
  all.forEach((line, index) => {
    context.fillText(line, 40, 70 + index * leading)
  })
  return canvas.toBuffer('image/png')
}

/** A PDF whose pages are one JPEG each, in points of the given size, and nothing else. */
export function scannedPdf(jpegs: readonly { bytes: Buffer; width: number; height: number }[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const add = (text: string) => parts.push(Buffer.from(text, 'latin1'))
  const kids = jpegs.map((_, index) => `${3 + index * 3} 0 R`).join(' ')
  add(`1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[${kids}]/Count ${jpegs.length}>>endobj\n`)
  jpegs.forEach(({ bytes, width, height }, index) => {
    const [page, content, image] = [3 + index * 3, 4 + index * 3, 5 + index * 3]
    const drawing = `595 0 0 842 0 0 cm /I Do`
    add(
      `${page} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${content} 0 R` +
        `/Resources<</XObject<</I ${image} 0 R>>>>>>endobj\n` +
        `${content} 0 obj<</Length ${drawing.length}>>stream\n${drawing}\nendstream endobj\n` +
        `${image} 0 obj<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/BitsPerComponent 8` +
        `/ColorSpace/DeviceGray/Filter/DCTDecode/Length ${bytes.length}>>stream\n`,
    )
    parts.push(bytes)
    add('\nendstream endobj\n')
  })
  add('trailer<</Root 1 0 R>>')
  return Buffer.concat(parts)
}
