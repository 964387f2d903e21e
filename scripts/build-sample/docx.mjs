import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'

const LEVELS = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 }
const TEXT_WIDTH_TWIPS = 9070
const FONT = { ascii: 'Arial', hAnsi: 'Arial', cs: 'Arial', eastAsia: 'SimSun' }

/**
 * Sets one content file as a Word document with real headings, tables and a footer.
 *
 * @param {{ meta: Record<string, string>, blocks: import('./markdown.mjs').Block[] }} content
 * @returns {Promise<Buffer>}
 */
export async function buildDocx({ meta, blocks }) {
  return withClock(new Date(`${meta.date}T08:00:00Z`), () => {
    const document = new Document({
      title: meta.title,
      subject: meta.subject,
      creator: meta.author,
      lastModifiedBy: meta.author,
      keywords: meta.number,
      styles: {
        default: {
          document: { run: { font: FONT, size: 21 } },
          heading1: { run: { font: FONT, size: 30, bold: true }, paragraph: { spacing: { before: 280, after: 120 } } },
          heading2: { run: { font: FONT, size: 25, bold: true }, paragraph: { spacing: { before: 200, after: 80 } } },
          heading3: { run: { font: FONT, size: 22, bold: true }, paragraph: { spacing: { before: 140, after: 60 } } },
        },
      },
      sections: [
        {
          footers: { default: footer(meta) },
          children: [
            new Paragraph({
              heading: HeadingLevel.TITLE,
              alignment: AlignmentType.CENTER,
              children: [new TextRun({ text: meta.title, bold: true, size: 36 })],
            }),
            ...blocks.flatMap(element),
          ],
        },
      ],
    })
    return Packer.toBuffer(document)
  })
}

/** Word files carry the time in their properties and in every zip entry; the libraries read it from the clock, in local time. */
async function withClock(time, work) {
  const RealDate = globalThis.Date
  process.env.TZ = 'UTC'
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [time] : parts))
    }
    static now() {
      return time.getTime()
    }
  }
  try {
    return await work()
  } finally {
    globalThis.Date = RealDate
  }
}

function element(block) {
  const spacing = { after: 100, line: 320 }
  switch (block.kind) {
    case 'heading':
      return [new Paragraph({ text: block.text, heading: LEVELS[block.level] })]
    case 'paragraph':
      return [new Paragraph({ text: block.text, spacing })]
    case 'bullet':
      return [new Paragraph({ text: block.text, bullet: { level: 0 }, spacing })]
    case 'step':
      return [new Paragraph({ text: `${block.marker} ${block.text}`, indent: { left: 420, hanging: 420 }, spacing })]
    case 'notice':
      return [new Paragraph({ children: [new TextRun({ text: block.text, bold: true })], spacing })]
    case 'caption':
      return [
        new Paragraph({
          children: [new TextRun({ text: block.text, bold: true })],
          alignment: AlignmentType.CENTER,
          spacing: { before: 120, after: 60 },
        }),
      ]
    case 'table':
      return [table(block.rows), new Paragraph({ text: '' })]
    case 'break':
      return [new Paragraph({ text: '', pageBreakBefore: true })]
    default:
      throw new Error(`no Word element for a ${block.kind}`)
  }
}

function table(rows) {
  const width = Math.floor(TEXT_WIDTH_TWIPS / rows[0].length)
  return new Table({
    width: { size: TEXT_WIDTH_TWIPS, type: WidthType.DXA },
    columnWidths: rows[0].map(() => width),
    rows: rows.map(
      (cells, index) =>
        new TableRow({
          tableHeader: index === 0,
          children: cells.map(
            (text) =>
              new TableCell({
                width: { size: width, type: WidthType.DXA },
                margins: { top: 50, bottom: 50, left: 90, right: 90 },
                ...(index === 0 ? { shading: { type: ShadingType.CLEAR, fill: 'E6EDF4', color: 'auto' } } : {}),
                children: [new Paragraph({ children: [new TextRun({ text, bold: index === 0, size: 19 })] })],
              }),
          ),
        }),
    ),
  })
}

function footer(meta) {
  const run = { size: 17, color: '555555' }
  return new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [
          new TextRun({ ...run, text: `${meta.author}  ${meta.number}  ` }),
          new TextRun({ ...run, children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES] }),
        ],
      }),
    ],
  })
}
