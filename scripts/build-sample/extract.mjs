import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import mammoth from 'mammoth'
import { PDFParse } from 'pdf-parse'

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&nbsp;': ' ' }

/**
 * The text of a document, page by page. Formats without pages give one text.
 *
 * @param {string} file
 * @returns {Promise<{ isPaged: boolean, pages: string[] }>}
 */
export async function extractPages(file) {
  const bytes = await readFile(file)
  switch (extname(file)) {
    case '.pdf':
      return { isPaged: true, pages: await pdfPages(bytes) }
    case '.docx':
      return { isPaged: false, pages: [(await mammoth.extractRawText({ buffer: bytes })).value] }
    case '.html':
      return { isPaged: false, pages: [stripTags(bytes.toString('utf8'))] }
    default:
      return { isPaged: false, pages: [bytes.toString('utf8')] }
  }
}

async function pdfPages(bytes) {
  const parser = new PDFParse({ data: new Uint8Array(bytes) })
  try {
    const { pages } = await parser.getText()
    return pages.map(({ text }) => text)
  } finally {
    await parser.destroy()
  }
}

function stripTags(html) {
  return html
    .replace(/<(style|script|title)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, '\n')
    .replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity)
}
