import { zip } from './zip-writer.mjs'

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** What opens a Word document's main part; `prolog` is where a DOCTYPE would stand. */
export const word = (body, prolog = '') =>
  `${declaration}${prolog}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`

const types = (overrides) =>
  `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.map(([part, type]) => `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`).join('')}</Types>`

const rels = (targets) =>
  `${declaration}<Relationships xmlns="${packageRelations}">${targets.map(([id, type, target]) => `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`).join('')}</Relationships>`

/** A Word document by the XML of its body. `extra`: further entries of the archive, which replace those of their name. */
export function docx(body, { prolog = '', extra = [] } = {}) {
  return withEntries(
    [
      { name: '[Content_Types].xml', data: types([['/word/document.xml', 'wordprocessingml.document.main']]) },
      { name: '_rels/.rels', data: rels([['rId1', 'officeDocument', 'word/document.xml']]) },
      { name: 'word/document.xml', data: word(body, prolog) },
    ],
    extra,
  )
}

/** An Excel workbook by the rows of its one sheet. */
export function workbook(rows, { prolog = '', before = '', after = '', extra = [] } = {}) {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const parts = [
    ['/xl/workbook.xml', 'spreadsheetml.sheet.main'],
    ['/xl/worksheets/sheet1.xml', 'spreadsheetml.worksheet'],
  ]
  return withEntries(
    [
      { name: '[Content_Types].xml', data: types(parts) },
      { name: '_rels/.rels', data: rels([['rId1', 'officeDocument', 'xl/workbook.xml']]) },
      {
        name: 'xl/workbook.xml',
        data: `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      },
      { name: 'xl/_rels/workbook.xml.rels', data: rels([['rId1', 'worksheet', 'worksheets/sheet1.xml']]) },
      {
        name: 'xl/worksheets/sheet1.xml',
        data: `${declaration}${prolog}<worksheet xmlns="${main}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
      },
    ],
    extra,
  )
}

/** A presentation by the paragraphs of its slides. */
export function pptx(slides, { prolog = '', extra = [] } = {}) {
  const names = slides.map((_, index) => `slide${index + 1}`)
  const drawing = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
  const presentation = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" ${drawing} xmlns:r="${relations}"`
  const overrides = [
    ['/ppt/presentation.xml', 'presentationml.presentation.main'],
    ...names.map((name) => [`/ppt/slides/${name}.xml`, 'presentationml.slide']),
  ]
  return withEntries(
    [
      { name: '[Content_Types].xml', data: types(overrides) },
      { name: '_rels/.rels', data: rels([['rId1', 'officeDocument', 'ppt/presentation.xml']]) },
      {
        name: 'ppt/presentation.xml',
        data: `${declaration}<p:presentation ${presentation}><p:sldIdLst>${names.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
      },
      {
        name: 'ppt/_rels/presentation.xml.rels',
        data: rels(names.map((name, index) => [`rId${index + 1}`, 'slide', `slides/${name}.xml`])),
      },
      ...slides.map((content, index) => ({
        name: `ppt/slides/${names[index]}.xml`,
        data: `${declaration}${prolog}<p:sld ${presentation}><p:cSld><p:spTree><p:sp><p:txBody>${content}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>`,
      })),
    ],
    extra,
  )
}

/** An OpenDocument file by the XML of its body; `kind` is text, presentation or spreadsheet. */
export function odf(kind, body, { prolog = '', extra = [] } = {}) {
  const names = ['office', 'text', 'table', 'draw', 'presentation', 'style']
  const namespaces = names.map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`).join(' ')
  return withEntries(
    [
      { name: 'mimetype', data: `application/vnd.oasis.opendocument.${kind}`, method: 0 },
      {
        name: 'content.xml',
        data: `${declaration}${prolog}<office:document-content ${namespaces}><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
      },
    ],
    extra,
  )
}

/** An e-book by the bodies of its chapters. `spine`: the ids in reading order, by default each chapter once. */
export function epub(chapters, { prolog = '', spine, extra = [] } = {}) {
  const items = chapters.map(
    ({ name }, index) => `<item id="c${index}" href="${name}" media-type="application/xhtml+xml"/>`,
  )
  const order = spine ?? chapters.map((_, index) => `c${index}`)
  return withEntries(
    [
      { name: 'mimetype', data: 'application/epub+zip', method: 0 },
      {
        name: 'META-INF/container.xml',
        data: `${declaration}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
      },
      {
        name: 'content.opf',
        data: `${declaration}${prolog}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>${items.join('')}</manifest><spine>${order.map((id) => `<itemref idref="${id}"/>`).join('')}</spine></package>`,
      },
      ...chapters.map(({ name, body, prolog: own = '' }) => ({
        name,
        data: `${declaration}${own}<html xmlns="http://www.w3.org/1999/xhtml"><body>${body}</body></html>`,
      })),
    ],
    extra,
  )
}

function withEntries(entries, extra) {
  const replaced = new Set(extra.map(({ name }) => name))
  return zip([...entries.filter(({ name }) => !replaced.has(name)), ...extra])
}
