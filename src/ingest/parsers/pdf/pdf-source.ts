import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { PDFParse } from 'pdf-parse'
import {
  AnnotationMode,
  getDocument,
  type PDFDocumentProxy,
  type PDFPageProxy,
  VerbosityLevel,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { TextContent } from 'pdfjs-dist/types/src/display/api.js'
import { InkstoneError } from '../../../core/errors.js'
import { oneLine } from '../clean-text.js'
import { type Drawing, readDrawing } from './pdf-drawing.js'
import { type PageText, readItems, type TextItem } from './pdf-page.js'

export interface OutlineEntry {
  title: string
  /** 1 for the outermost. */
  level: number
}

export interface SourcePage {
  text: PageText
  /** Null where the page's drawing operations cannot be read. */
  drawing: Drawing | null
}

export interface PdfSource {
  pageCount: number
  title: string | null
  author: string | null
  outline: OutlineEntry[]
  /** Pages in order; null for one that cannot be read. */
  pages(): AsyncIterable<SourcePage | null>
  close(): Promise<void>
}

/**
 * Opens a PDF: pdf-parse for what the file says of itself, its pdf.js for text with positions and for what is drawn.
 * @param passwords tried in order, as the user's and as the owner's, on a file that does not open without one
 * @throws InkstoneError `password_required`, `file_corrupt`
 */
export async function openPdf(bytes: Uint8Array, { passwords }: { passwords: readonly string[] }): Promise<PdfSource> {
  const { document, password } = await unlock(bytes, passwords)
  const about = await readInfo(bytes, password)
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
function loadOptions(bytes: Uint8Array, password: string | null) {
  const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  return {
    data: Uint8Array.from(bytes),
    cMapUrl: `${library}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${library}/standard_fonts/`,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    // Where pictures are is enough: nothing here looks at them, and they take most of a page's time.
    maxImageSize: 0,
    verbosity: VerbosityLevel.ERRORS,
    ...(password === null ? {} : { password }),
  }
}

async function unlock(
  bytes: Uint8Array,
  passwords: readonly string[],
): Promise<{ document: PDFDocumentProxy; password: string | null }> {
  for (const password of [null, ...passwords]) {
    try {
      return { document: await getDocument(loadOptions(bytes, password)).promise, password }
    } catch (cause) {
      if (!(cause instanceof Error && cause.name === 'PasswordException')) throw damaged(cause)
    }
  }
  throw new InkstoneError(
    'password_required',
    passwords.length === 0
      ? 'the PDF can only be opened with a password'
      : `the PDF can only be opened with a password, and ${passwords.length === 1 ? 'the given one does' : 'the given ones do'} not fit`,
    { remedy: 'give its password, or print or save it without one and add it again' },
  )
}

function damaged(cause: unknown): InkstoneError {
  return new InkstoneError('file_corrupt', 'the PDF is damaged and cannot be opened', {
    remedy: 'copy or download the file again, or print it to a new PDF',
    cause,
  })
}

async function readInfo(
  bytes: Uint8Array,
  password: string | null,
): Promise<Pick<PdfSource, 'title' | 'author' | 'outline'>> {
  const reader = new PDFParse(loadOptions(bytes, password))
  try {
    const { info, outline } = await reader.getInfo()
    return { title: textOf(info?.Title), author: textOf(info?.Author), outline: flatOutline(outline ?? [], 1) }
  } catch (cause) {
    throw damaged(cause)
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

async function readPage(document: PDFDocumentProxy, number: number): Promise<SourcePage | null> {
  try {
    const page = await document.getPage(number)
    const { width, height, transform } = page.getViewport({ scale: 1 })
    const shown = { width, height, transform: transform.map(Number) }
    const texts = await readTexts(page)
    const drawing = await page
      .getOperatorList({ annotationMode: AnnotationMode.DISABLE })
      .then((operators) => readDrawing(operators, shown))
      .catch(() => null)
    page.cleanup()
    return { text: readItems(texts, shown), drawing }
  } catch {
    return null
  }
}

/** In chunks, as pdf.js reads them: collecting them first takes longer. */
async function readTexts(page: PDFPageProxy): Promise<TextItem[]> {
  const texts: TextItem[] = []
  for await (const chunk of page.streamTextContent()) {
    const { items, styles }: Pick<TextContent, 'items' | 'styles'> = chunk
    for (const item of items) {
      if (!('str' in item)) continue
      const { str, dir, width, height, fontName, hasEOL } = item
      const transform: number[] = item.transform
      texts.push({
        str,
        dir,
        width,
        height,
        fontName,
        hasEOL,
        vertical: styles[fontName]?.vertical === true,
        transform,
      })
    }
  }
  return texts
}
