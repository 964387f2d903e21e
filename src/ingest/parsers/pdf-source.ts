import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { PDFParse } from 'pdf-parse'
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { InkstoneError } from '../../core/errors.js'
import { oneLine } from './clean-text.js'
import { type PageText, readItems, type TextItem } from './pdf-page.js'

export interface OutlineEntry {
  title: string
  /** 1 for the outermost. */
  level: number
}

export interface PdfSource {
  pageCount: number
  title: string | null
  author: string | null
  outline: OutlineEntry[]
  /** Pages in order; null for one that cannot be read. */
  pages(): AsyncIterable<PageText | null>
  close(): Promise<void>
}

/**
 * Opens a PDF: pdf-parse for what the file says of itself, its pdf.js for text with positions.
 * @throws InkstoneError `password_required`, `file_corrupt`
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfSource> {
  const about = await readInfo(bytes)
  const document = await open(() => getDocument(loadOptions(bytes)).promise)
  return {
    ...about,
    pageCount: document.numPages,
    async *pages() {
      for (let number = 1; number <= document.numPages; number += 1) yield await readPage(document, number)
    },
    close: async () => document.destroy(),
  }
}

/** pdf.js takes the bytes over, so each reader gets a copy. */
function loadOptions(bytes: Uint8Array) {
  const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  return {
    data: Uint8Array.from(bytes),
    cMapUrl: `${library}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${library}/standard_fonts/`,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: VerbosityLevel.ERRORS,
  }
}

async function readInfo(bytes: Uint8Array): Promise<Pick<PdfSource, 'title' | 'author' | 'outline'>> {
  const reader = new PDFParse(loadOptions(bytes))
  try {
    const { info, outline } = await open(() => reader.getInfo())
    return { title: textOf(info?.Title), author: textOf(info?.Author), outline: flatOutline(outline ?? [], 1) }
  } finally {
    await reader.destroy()
  }
}

function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? oneLine(value) : ''
  return text === '' ? null : text
}

const deepestOutline = 6

function flatOutline(entries: readonly { title: string; items?: unknown }[], level: number): OutlineEntry[] {
  return entries.flatMap(({ title, items }) => [
    { title, level },
    ...(Array.isArray(items) && level < deepestOutline ? flatOutline(items, level + 1) : []),
  ])
}

async function open<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PasswordException') {
      throw new InkstoneError('password_required', 'the PDF can only be opened with a password', {
        remedy: 'open it, print or save it without the password and add it again',
        cause,
      })
    }
    throw new InkstoneError('file_corrupt', 'the PDF is damaged and cannot be opened', {
      remedy: 'copy or download the file again, or print it to a new PDF',
      cause,
    })
  }
}

async function readPage(document: PDFDocumentProxy, number: number): Promise<PageText | null> {
  try {
    const page = await document.getPage(number)
    const viewport = page.getViewport({ scale: 1 })
    const { items, styles } = await page.getTextContent()
    const texts: TextItem[] = items.flatMap((item) => {
      if (!('str' in item)) return []
      const { str, dir, width, height, fontName, hasEOL } = item
      const vertical = styles[fontName]?.vertical === true
      return [{ str, dir, width, height, fontName, hasEOL, vertical, transform: item.transform.map(Number) }]
    })
    page.cleanup()
    return readItems(texts, {
      page: number,
      width: viewport.width,
      height: viewport.height,
      transform: viewport.transform,
    })
  } catch {
    return null
  }
}
