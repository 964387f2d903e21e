import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { InkstoneError } from '../../core/errors.js'
import { type DrawnPicture, damaged, mostOverviewPixels, mostPixels, scaledSize, shrinkage } from './drawn-picture.js'
import { resized } from './image-file.js'

/** Dots an inch at which a page is read and searched for text. */
const readingDpi = 200
const overviewDpi = 96
const pointsPerInch = 72
/** Shorter side of A4. What is smaller was mostly made small, with small type: it is drawn larger, up to twice. */
const usualSide = 595

export interface PdfPages {
  /** @throws InkstoneError `file_corrupt`, `ocr_failed` for a page that does not exist or a password that is missing */
  draw(file: PdfFile, page: number): Promise<DrawnPicture>
  close(): Promise<void>
}

export interface PdfFile {
  path: string
  passwords: readonly string[]
}

/** Draws pages of PDFs. The last file stays open: the next page is mostly of the same one. */
export function pdfPages(): PdfPages {
  let opened: { path: string; document: PDFDocumentProxy } | null = null

  const close = async () => {
    const before = opened
    opened = null
    await before?.document.destroy()
  }
  const open = async (file: PdfFile) => {
    if (opened?.path === file.path) return opened.document
    await close()
    opened = { path: file.path, document: await openPdf(file) }
    return opened.document
  }
  return {
    async draw(file, page) {
      const document = await open(file)
      if (page > document.numPages) {
        throw new InkstoneError('ocr_failed', `the PDF has no page ${page}, its last is ${document.numPages}`, {
          remedy: 'add the file again, so that it is read anew',
        })
      }
      return drawPage(document, page)
    },
    close,
  }
}

/** Tries to open it without a password and with each of those there are. */
async function openPdf({ path, passwords }: PdfFile): Promise<PDFDocumentProxy> {
  const bytes = await readFile(path)
  for (const password of [undefined, ...passwords]) {
    try {
      return await getDocument({
        ...loadOptions(),
        data: Uint8Array.from(bytes),
        ...(password === undefined ? {} : { password }),
      }).promise
    } catch (cause) {
      if (!(cause instanceof Error) || cause.name !== 'PasswordException') throw damaged('the PDF', cause)
    }
  }
  throw new InkstoneError('ocr_failed', 'the PDF can only be opened with a password', {
    remedy: 'add it again with its password',
  })
}

function loadOptions() {
  const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  return {
    cMapUrl: `${library}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${library}/standard_fonts/`,
    wasmUrl: `${library}/wasm/`,
    iccUrl: `${library}/iccs/`,
    isEvalSupported: false,
    // Glyphs are drawn as paths: no font of this machine is used, and none is registered with it.
    disableFontFace: true,
    useSystemFonts: false,
    isOffscreenCanvasSupported: false,
    // One image inside a page; it is drawn at the page's size anyway.
    maxImageSize: 268_000_000,
    verbosity: VerbosityLevel.ERRORS,
  }
}

async function drawPage(document: PDFDocumentProxy, number: number): Promise<DrawnPicture> {
  try {
    const page = await document.getPage(number)
    const { width, height } = page.getViewport({ scale: 1 })
    const inches = { width: width / pointsPerInch, height: height / pointsPerInch }
    const enlargement = Math.min(2, Math.max(1, usualSide / Math.min(width, height)))
    const finest = readingDpi * enlargement
    const dpi = finest * shrinkage({ width: inches.width * finest, height: inches.height * finest }, mostPixels)
    const viewport = page.getViewport({ scale: dpi / pointsPerInch })
    const canvas = createCanvas(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)))
    await page.render({ canvas, canvasContext: canvas.getContext('2d'), viewport, intent: 'print' }).promise
    page.cleanup()
    const bitmap = { width: canvas.width, height: canvas.height, data: Uint8Array.from(canvas.data()) }
    const scale = Math.min((overviewDpi * enlargement) / dpi, shrinkage(bitmap, mostOverviewPixels))
    return { bitmap, overview: await resized(bitmap, scaledSize(bitmap, scale)), width, height }
  } catch (cause) {
    throw damaged(`page ${number} of the PDF`, cause)
  }
}
