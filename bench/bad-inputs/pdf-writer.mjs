/** A PDF by its objects: `objects[0]` is number 1, the catalogue. Its cross-reference table is right. */
export function pdf(objects, { trailer = '', startxref } = {}) {
  const parts = [Buffer.from('%PDF-1.7\n')]
  const offsets = []
  let at = parts[0].length
  const push = (bytes) => {
    parts.push(bytes)
    at += bytes.length
  }
  objects.forEach((object, index) => {
    offsets.push(at)
    push(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]))
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  const head = `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\n`
  push(Buffer.from(`${head}startxref\n${startxref ?? at}\n%%EOF\n`))
  return Buffer.concat(parts)
}

export function stream(content, dictionary = '') {
  const bytes = Buffer.from(content)
  return Buffer.concat([
    Buffer.from(`<< /Length ${bytes.length} ${dictionary} >>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ])
}

export const catalogue = '<< /Type /Catalog /Pages 2 0 R >>'
export const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
export const hello = 'BT /F1 12 Tf 72 700 Td (Hello) Tj ET'

/** One page; `more` are the objects from number 6 on. */
export function onePage(
  content,
  {
    page = '',
    resources = '',
    more = [],
    root = catalogue,
    mediaBox = '[0 0 612 792]',
    fontObject = font,
    trailer,
  } = {},
) {
  const objects = [
    root,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox ${mediaBox} /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> ${resources} >> ${page} >>`,
    Buffer.isBuffer(content) ? content : stream(content),
    fontObject,
    ...more,
  ]
  return pdf(objects, trailer === undefined ? {} : { trailer })
}
