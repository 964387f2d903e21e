import PDFDocument from 'pdfkit'

const MM = 72 / 25.4
const INK = '#1c1c1c'
const ACCENT = '#1f4e79'
const RULE = '#8a8a8a'
const SIZES = {
  '16k': [185 * MM, 260 * MM],
  a4: [210 * MM, 297 * MM],
}
const HEADING = {
  1: { size: 17, before: 18, after: 8 },
  2: { size: 13, before: 12, after: 5 },
  3: { size: 11.5, before: 8, after: 3 },
}
const BODY = { size: 10.5, lineGap: 3.6, after: 5.5 }
const CELL = { size: 9, lineGap: 1.6, padX: 4, padY: 3.4 }

/**
 * Sets one content file as a PDF: cover, contents, chapters with bookmarks, ruled tables, a footer with page numbers.
 * The same content, font and library give the same bytes.
 *
 * @param {{ meta: Record<string, string>, blocks: import('./markdown.mjs').Block[] }} content
 * @param {{ fonts: ReturnType<typeof import('./font.mjs').findFonts> }} options
 * @returns {Promise<Buffer>}
 */
export async function buildPdf({ meta, blocks }, { fonts }) {
  // The contents list needs page numbers that are known only once the chapters are set.
  const draft = setPages(meta, blocks, fonts, [])
  draft.doc.end()
  const final = setPages(meta, blocks, fonts, draft.chapters)
  const bytes = collect(final.doc)
  stampFooters(final.doc, meta)
  final.doc.end()
  return bytes
}

function setPages(meta, blocks, fonts, chapters) {
  const date = new Date(`${meta.date}T08:00:00Z`)
  const doc = new PDFDocument({
    size: SIZES[meta.size],
    margins: { top: 20 * MM, bottom: 22 * MM, left: 20 * MM, right: 20 * MM },
    bufferPages: true,
    lang: meta.language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: meta.title,
      Author: meta.author,
      Subject: meta.subject,
      Keywords: meta.number,
      CreationDate: date,
      ModDate: date,
    },
  })
  doc.registerFont('regular', fonts.regular.file, fonts.regular.face)
  doc.registerFont('bold', fonts.bold.file, fonts.bold.face)
  const found = []
  cover(doc, meta)
  if (meta.contents) contents(doc, meta, blocks, chapters)
  doc.addPage()
  let outline = doc.outline
  for (const [index, block] of blocks.entries()) {
    if (block.kind === 'heading') {
      const page = heading(doc, block, { kept: keptHeight(doc, blocks, index + 1) })
      if (block.level === 1) outline = doc.outline.addItem(block.text)
      else if (block.level === 2) outline.addItem(block.text)
      if (block.level === 1) found.push({ text: block.text, page })
    } else DRAW[block.kind](doc, block, blocks[index + 1])
  }
  return { doc, chapters: found }
}

function cover(doc, meta) {
  const { left } = doc.page.margins
  const width = innerWidth(doc)
  doc.rect(left, 62 * MM, width, 1.6).fill(ACCENT)
  doc
    .fillColor(INK)
    .font('regular')
    .fontSize(12)
    .text(meta.author, left, 40 * MM, { width })
  if (meta.authorOther) doc.fontSize(10).text(meta.authorOther, { width })
  doc
    .fillColor(ACCENT)
    .font('bold')
    .fontSize(22)
    .text(meta.title, left, 74 * MM, { width, lineGap: 6 })
  doc.moveDown(0.5).fillColor(INK).font('regular').fontSize(13).text(meta.subject, { width, lineGap: 4 })
  doc.fontSize(10.5).text('', left, 150 * MM)
  for (const line of meta.cover.split(' / ')) doc.text(line, { width, lineGap: 5 })
}

function contents(doc, meta, blocks, chapters) {
  doc.addPage()
  doc.fillColor(ACCENT).font('bold').fontSize(17).text(meta.contents)
  doc.moveDown(0.8).fillColor(INK).font('regular').fontSize(10.5)
  const titles = blocks.filter((block) => block.kind === 'heading' && block.level === 1)
  for (const [index, { text }] of titles.entries()) {
    const page = String(chapters[index]?.page ?? 0)
    const y = doc.y
    const right = doc.page.width - doc.page.margins.right
    doc.text(text, doc.page.margins.left, y, { lineBreak: false })
    const from = doc.page.margins.left + doc.widthOfString(text) + 6
    const to = right - doc.widthOfString(page) - 6
    doc
      .moveTo(from, y + 11)
      .lineTo(to, y + 11)
      .dash(1, { space: 2.5 })
      .lineWidth(0.6)
      .stroke(RULE)
      .undash()
    doc.fillColor(INK).text(page, to + 6, y, { lineBreak: false })
    doc.x = doc.page.margins.left
    doc.y = y + 21
  }
}

/** How much must stand on a heading's page below it: the headings that follow at once and the first lines they head. */
function keptHeight(doc, blocks, index) {
  const block = blocks[index]
  if (block?.kind === 'heading') {
    const { size, before, after } = HEADING[block.level]
    return before + size * 1.6 + after + keptHeight(doc, blocks, index + 1)
  }
  if (block?.kind === 'caption') return 30 + tableStart(doc, blocks[index + 1])
  return block?.text === undefined ? 0 : unsplitHeight(doc, block.text, 0)
}

/** A paragraph of up to four lines is not split between pages; of a longer one two lines must fit. */
function unsplitHeight(doc, text, indent) {
  doc.font('regular').fontSize(BODY.size)
  const line = doc.currentLineHeight(true) + BODY.lineGap
  const height = doc.heightOfString(text, { width: innerWidth(doc) - indent, lineGap: BODY.lineGap })
  return height > 4.5 * line ? 2 * line : height
}

function heading(doc, { level, text }, { kept }) {
  const { size, before, after } = HEADING[level]
  if (room(doc) < before + size * 1.6 + after + kept) doc.addPage()
  if (doc.y > doc.page.margins.top + 1) doc.y += before
  doc.x = doc.page.margins.left
  doc
    .fillColor(level === 3 ? INK : ACCENT)
    .font('bold')
    .fontSize(size)
    .text(text, { lineGap: 2 })
  doc.y += after
  return doc.bufferedPageRange().count
}

const DRAW = {
  paragraph: (doc, { text }) => running(doc, text, {}),
  bullet: (doc, { text }) => running(doc, text, { marker: '•' }),
  step: (doc, { marker, text }) => running(doc, text, { marker }),
  notice,
  caption(doc, { text }, next) {
    if (room(doc) < 30 + tableStart(doc, next)) doc.addPage()
    doc.x = doc.page.margins.left
    doc.y += 3
    doc.fillColor(INK).font('bold').fontSize(9.5).text(text, { align: 'center' })
    doc.y += 3
  },
  table,
  break: (doc) => doc.addPage(),
}

function running(doc, text, { marker }) {
  const indent = marker === undefined ? 0 : marker === '•' ? 12 : 22
  if (room(doc) < unsplitHeight(doc, text, indent)) doc.addPage()
  doc.fillColor(INK).font('regular').fontSize(BODY.size)
  const x = doc.page.margins.left
  const y = doc.y
  // U+2022 shares its glyph with the middle dot of "N·m" in Noto Sans CJK, and a glyph extracts as one character only.
  if (marker === '•')
    doc
      .fontSize(5)
      .text('●', x + 1, y + 4, { lineBreak: false })
      .fontSize(BODY.size)
  else if (marker !== undefined) doc.text(marker, x, y, { lineBreak: false })
  doc.y = y
  doc.text(text, x + indent, doc.y, { width: innerWidth(doc) - indent, lineGap: BODY.lineGap })
  doc.x = x
  doc.y += BODY.after
}

function notice(doc, { text }) {
  const x = doc.page.margins.left
  const width = innerWidth(doc) - 18
  doc.font('bold').fontSize(10)
  const height = doc.heightOfString(text, { width, lineGap: 2.6 }) + 12
  if (room(doc) < height) doc.addPage()
  const y = doc.y + 1
  doc.rect(x, y, innerWidth(doc), height).fill('#fdf3e1')
  doc.rect(x, y, 3.5, height).fill('#d9822b')
  doc.fillColor(INK).text(text, x + 12, y + 6, { width, lineGap: 2.6 })
  doc.x = x
  doc.y = y + height + 8
}

function table(doc, { rows }) {
  const widths = columnWidths(doc, rows)
  const [head, ...body] = rows
  row(doc, head, widths, { isHead: true })
  for (const cells of body) {
    if (room(doc) < rowHeight(doc, cells, widths, 'regular')) {
      doc.addPage()
      row(doc, head, widths, { isHead: true })
    }
    row(doc, cells, widths, { isHead: false })
  }
  doc.x = doc.page.margins.left
  doc.y += 9
}

function tableStart(doc, next) {
  if (next?.kind !== 'table') return 0
  const widths = columnWidths(doc, next.rows)
  return next.rows.slice(0, 3).reduce((sum, cells) => sum + rowHeight(doc, cells, widths, 'bold'), 0)
}

function row(doc, cells, widths, { isHead }) {
  const font = isHead ? 'bold' : 'regular'
  const height = rowHeight(doc, cells, widths, font)
  const y = doc.y
  let x = doc.page.margins.left
  for (const [index, text] of cells.entries()) {
    if (isHead) doc.rect(x, y, widths[index], height).fill('#e6edf4')
    doc.rect(x, y, widths[index], height).lineWidth(0.6).stroke(RULE)
    const width = widths[index] - 2 * CELL.padX
    doc.fillColor(INK).font(font).fontSize(CELL.size)
    const top = y + (height - doc.heightOfString(text, { width, lineGap: CELL.lineGap })) / 2 + 0.5
    doc.text(text, x + CELL.padX, top, { width, lineGap: CELL.lineGap })
    x += widths[index]
  }
  doc.y = y + height
}

function rowHeight(doc, cells, widths, font) {
  doc.font(font).fontSize(CELL.size)
  const heights = cells.map((text, index) =>
    doc.heightOfString(text, { width: widths[index] - 2 * CELL.padX, lineGap: CELL.lineGap }),
  )
  return Math.max(...heights) + 2 * CELL.padY
}

/** Columns share the width by the square root of their longest cell, so that a long text does not starve short columns. */
function columnWidths(doc, rows) {
  doc.font('bold').fontSize(CELL.size)
  const longest = rows[0].map((_, column) => Math.max(...rows.map((cells) => doc.widthOfString(cells[column] ?? ''))))
  const total = innerWidth(doc)
  const natural = longest.map((width) => width + 2 * CELL.padX + 2)
  const sum = natural.reduce((a, b) => a + b, 0)
  if (sum <= total) return natural.map((width) => width + (total - sum) / natural.length)
  const short = natural.map((width) => width <= total / natural.length)
  const taken = natural.reduce((a, width, index) => a + (short[index] ? width : 0), 0)
  const roots = natural.reduce((a, width, index) => a + (short[index] ? 0 : Math.sqrt(width)), 0)
  return natural.map((width, index) => (short[index] ? width : ((total - taken) * Math.sqrt(width)) / roots))
}

function stampFooters(doc, meta) {
  const { start, count } = doc.bufferedPageRange()
  for (let page = start + 1; page < start + count; page++) {
    doc.switchToPage(page)
    const bottom = doc.page.margins.bottom
    doc.page.margins.bottom = 0
    const y = doc.page.height - 14 * MM
    const { left, right } = doc.page.margins
    doc
      .moveTo(left, y - 4)
      .lineTo(doc.page.width - right, y - 4)
      .lineWidth(0.5)
      .stroke(RULE)
    doc.fillColor('#555555').font('regular').fontSize(8.5)
    doc.text(`${meta.footer}  ${meta.number}`, left, y, { lineBreak: false })
    const label = meta.pageLabel.replace('{page}', page + 1).replace('{pages}', count)
    doc.text(label, doc.page.width - right - doc.widthOfString(label), y, { lineBreak: false })
    doc.page.margins.bottom = bottom
  }
}

const innerWidth = (doc) => doc.page.width - doc.page.margins.left - doc.page.margins.right
const room = (doc) => doc.page.height - doc.page.margins.bottom - doc.y

function collect(doc) {
  return new Promise((resolve, reject) => {
    const parts = []
    doc.on('data', (part) => parts.push(part))
    doc.on('end', () => resolve(Buffer.concat(parts)))
    doc.on('error', reject)
  })
}
