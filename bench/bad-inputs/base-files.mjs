import xlsx from '@e965/xlsx'
import PDFDocument from 'pdfkit'
import sharp from 'sharp'
import { docx, epub, odf, pptx, workbook } from './packages.mjs'
import { zip } from './zip-writer.mjs'

const sentence = 'The pump runs at 2900 rpm and lifts 32 m. 水泵的额定流量为25立方米每小时，扬程32米。'
const lines = Array.from({ length: 60 }, (_, index) => `${index + 1}. ${sentence}`)

/**
 * Sound files of every format, small and made by code: what the damaged ones are made from. Only the encryption of one
 * takes numbers that are others each time.
 */
export async function baseFiles() {
  const html = `<!doctype html><html><head><title>Pump</title></head><body><h1>手册</h1>${lines.map((line) => `<p>${line}</p>`).join('')}<table><tr><th>型号</th><th>流量</th></tr><tr><td>IH65</td><td>25</td></tr></table></body></html>`
  const rows = [['型号', '流量', '扬程'], ...lines.map((line, index) => [`IH${index}`, index, line])]
  const picture = sharp({ create: { width: 300, height: 200, channels: 3, background: '#88aacc' } })
  return {
    pdf: await pdfOf(lines),
    'locked.pdf': await pdfOf(lines, { userPassword: 'secret' }),
    docx: docx(
      `${lines.map(paragraph).join('')}<w:tbl><w:tr>${cells(['型号', '流量'])}</w:tr><w:tr>${cells(['IH65', '25'])}</w:tr></w:tbl>`,
    ),
    pptx: pptx([`<a:p><a:r><a:t>${sentence}</a:t></a:r></a:p>`, '<a:p><a:r><a:t>二</a:t></a:r></a:p>']),
    xlsx: workbookOf(rows, 'xlsx'),
    xls: workbookOf(rows, 'biff8'),
    ods: workbookOf(rows, 'ods'),
    'raw.xlsx': workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'),
    odt: odf('text', lines.map((line) => `<text:p>${line}</text:p>`).join('')),
    odp: odf(
      'presentation',
      `<draw:page><draw:frame><draw:text-box><text:p>${sentence}</text:p></draw:text-box></draw:frame></draw:page>`,
    ),
    epub: epub([{ name: 'a.xhtml', body: lines.map((line) => `<p>${line}</p>`).join('') }]),
    html: Buffer.from(html),
    md: Buffer.from(`---\ntitle: 手册\n---\n# 手册\n\n${lines.join('\n\n')}\n\n| a | b |\n| - | - |\n| 1 | 2 |\n`),
    txt: Buffer.from(lines.join('\n\n')),
    csv: Buffer.from(rows.map((row) => row.join(',')).join('\n')),
    rtf: Buffer.from(`{\\rtf1\\ansi\\deff0 ${lines.map((_, index) => `{\\b Line ${index}\\b0\\par}`).join('\n')}}`),
    eml: Buffer.from(
      `From: a@example.org\r\nTo: b@example.org\r\nSubject: pump\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${lines.join('\r\n')}\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('a,b\n1,2\n3,4').toString('base64')}\r\n--b--\r\n`,
    ),
    zip: zip([
      { name: 'one.txt', data: lines.join('\n') },
      { name: 'folder/two.md', data: '# 二\n\ntext' },
    ]),
    png: await picture.clone().png().toBuffer(),
    jpg: await picture.clone().jpeg().toBuffer(),
    gif: await picture.clone().gif().toBuffer(),
    tiff: await picture.clone().tiff().toBuffer(),
    webp: await picture.clone().webp().toBuffer(),
    doc: compoundFile('WordDocument'),
    ppt: compoundFile('PowerPoint Document'),
    msg: compoundFile('__properties_version1.0'),
  }
}

const paragraph = (text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
const cells = (texts) => texts.map((text) => `<w:tc>${paragraph(text)}</w:tc>`).join('')

export async function pdfOf(texts, options = {}) {
  const pdf = new PDFDocument({ size: 'A4', ...options, info: { CreationDate: new Date(0) } })
  const parts = []
  const ended = new Promise((resolve, reject) => pdf.on('end', resolve).on('error', reject))
  pdf.on('data', (part) => parts.push(part))
  for (const text of texts) pdf.fontSize(10).text(text.replace(/[^ -~]/g, ''))
  pdf.end()
  await ended
  return Buffer.concat(parts)
}

export function workbookOf(rows, bookType) {
  const book = xlsx.utils.book_new()
  xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows), '表')
  return Buffer.from(xlsx.write(book, { type: 'buffer', bookType, compression: true }))
}

/** An old office file with one stream of its program and nothing sensible in it. */
export function compoundFile(stream, content = Buffer.alloc(6000, 'inkstone ')) {
  const file = xlsx.CFB.utils.cfb_new()
  xlsx.CFB.utils.cfb_add(file, `/${stream}`, content)
  return Buffer.from(xlsx.CFB.write(file, { type: 'buffer' }))
}
