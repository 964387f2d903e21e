import { pdfPages } from './pdf-pages.mjs'
import { pdfStructures } from './pdf-structures.mjs'

/** PDFs whose structure turns in circles, is far too deep, claims too much or unpacks to too much. */
export function* pdfs() {
  yield* pdfStructures()
  yield* pdfPages()
}
