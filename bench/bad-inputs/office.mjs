import { compoundFile } from './base-files.mjs'
import { docx, epub, odf, pptx, word, workbook } from './packages.mjs'

const paragraph = (text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
const cell = (content) => `<w:tc>${content}</w:tc>`
const nest = (open, inner, close, depth) => `${open.repeat(depth)}${inner}${close.repeat(depth)}`

/** Office documents that are sound archives of unsound content. */
export function* office() {
  yield* wordDocuments()
  yield* workbooks()
  yield* openDocuments()
  yield* slidesAndBooks()
  yield* compoundFiles()
}

function* wordDocuments() {
  yield [
    'docx/controls-deep.docx',
    docx(nest('<w:sdt><w:sdtContent>', paragraph('deep'), '</w:sdtContent></w:sdt>', 20_000)),
  ]
  yield ['docx/tables-deep.docx', docx(nest('<w:tbl><w:tr><w:tc>', paragraph('deep'), '</w:tc></w:tr></w:tbl>', 2_000))]
  yield [
    'docx/tables-a-bit-deep.docx',
    docx(nest('<w:tbl><w:tr><w:tc>', paragraph('deep'), '</w:tc></w:tr></w:tbl>', 60)),
  ]
  yield [
    'docx/span-of-a-billion.docx',
    docx(
      `<w:tbl><w:tr>${cell(`<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>${paragraph('wide')}`)}</w:tr></w:tbl>`,
    ),
  ]
  yield [
    'docx/twenty-thousand-cells.docx',
    docx(`<w:tbl>${`<w:tr>${cell(paragraph('x')).repeat(200)}</w:tr>`.repeat(100)}</w:tbl>`),
  ]
  yield [
    'docx/merged-in-turn.docx',
    docx(
      `<w:tbl>${`<w:tr>${cell(`<w:tcPr><w:vMerge/></w:tcPr>${paragraph('m')}`).repeat(60)}</w:tr>`.repeat(300)}</w:tbl>`,
    ),
  ]
  yield [
    'docx/one-long-text.docx',
    docx(paragraph(Array.from({ length: 30_000 }, (_, index) => `word${index}`).join(' '))),
  ]
  yield ['docx/paragraphs.docx', docx(Array.from({ length: 10_000 }, (_, index) => paragraph(`第${index}段`)).join(''))]
  yield ['docx/runs.docx', docx(`<w:p>${'<w:r><w:t>a</w:t></w:r>'.repeat(60_000)}</w:p>`)]
  yield ['docx/no-main-part.docx', docx('', { extra: [{ name: 'word/document.xml', data: '' }] })]
  yield ['docx/not-xml.docx', docx('', { extra: [{ name: 'word/document.xml', data: 'this is no XML' }] })]
  yield [
    'docx/utf16.docx',
    docx('', {
      extra: [{ name: 'word/document.xml', data: Buffer.from(`\ufeff${word(paragraph('utf-16'))}`, 'utf16le') }],
    }),
  ]
  yield [
    'docx/never-closed.docx',
    docx('', { extra: [{ name: 'word/document.xml', data: word('<w:p><w:r><w:t>open').slice(0, -40) }] }),
  ]
  const styles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>`
  yield [
    'docx/styles-in-a-circle.docx',
    docx(`<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>text</w:t></w:r></w:p>`, {
      extra: [{ name: 'word/styles.xml', data: styles }],
    }),
  ]
  yield [
    'docx/relations-out.docx',
    docx(paragraph('text'), {
      extra: [
        {
          name: 'word/_rels/document.xml.rels',
          data: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="../../../../etc/passwd"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="document.xml"/></Relationships>',
        },
      ],
    }),
  ]
  yield [
    'docx/attributes.docx',
    docx(`<w:p ${Array.from({ length: 100_000 }, (_, index) => `a${index}="v"`).join(' ')}/>`),
  ]
}

function* workbooks() {
  const inline = (place, text) => `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`
  yield [
    'xlsx/dimension-lies.xlsx',
    workbook(`<row r="1">${inline('A1', 'only')}</row>`, { before: '<dimension ref="A1:XFD1048576"/>' }),
  ]
  yield [
    'xlsx/corners.xlsx',
    workbook(`<row r="1">${inline('A1', 'first')}</row><row r="1048576">${inline('XFD1048576', 'last')}</row>`),
  ]
  yield ['xlsx/beyond-the-sheet.xlsx', workbook(`<row r="99999999">${inline('ZZZZZ99999999', 'far')}</row>`)]
  yield [
    'xlsx/full-height.xlsx',
    workbook(
      Array.from(
        { length: 1_048_576 },
        // One in sixteen has a value: the others are as Excel leaves rows that were formatted.
        (_, index) =>
          `<row r="${index + 1}"><c r="A${index + 1}" s="0">${index % 16 === 0 ? `<v>${index}</v>` : ''}</c></row>`,
      ).join(''),
    ),
  ]
  yield ['xlsx/full-width.xlsx', workbook(`<row r="1">${'<c><v>1</v></c>'.repeat(16_384)}</row>`.repeat(3))]
  yield [
    'xlsx/empty-rows.xlsx',
    workbook(Array.from({ length: 300_000 }, (_, index) => `<row r="${index + 1}"/>`).join('')),
  ]
  yield [
    'xlsx/merged-whole.xlsx',
    workbook(`<row r="1">${inline('A1', 'all')}</row>`, {
      after: '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    }),
  ]
  yield [
    'xlsx/merged-often.xlsx',
    workbook(`<row r="1">${inline('A1', 'x')}</row>`, {
      after: `<mergeCells>${Array.from({ length: 60_000 }, (_, index) => `<mergeCell ref="A${index + 1}:Z${index + 50}"/>`).join('')}</mergeCells>`,
    }),
  ]
  yield [
    'xlsx/merged-nonsense.xlsx',
    workbook(`<row r="1">${inline('A1', 'x')}</row>`, {
      after: '<mergeCells><mergeCell ref="Z9:A1"/><mergeCell ref=""/><mergeCell ref="A0:A-1"/></mergeCells>',
    }),
  ]
  yield [
    'xlsx/strings-missing.xlsx',
    workbook(
      '<row r="1"><c r="A1" t="s"><v>999999</v></c><c r="B1" t="s"><v>-1</v></c><c r="C1" t="s"><v>NaN</v></c></row>',
    ),
  ]
  const strings = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4000000000" uniqueCount="4000000000"><si><t>${'lang '.repeat(20_000)}</t></si></sst>`
  yield [
    'xlsx/one-string-often.xlsx',
    workbook(
      Array.from(
        { length: 3000 },
        (_, index) => `<row r="${index + 1}"><c r="A${index + 1}" t="s"><v>0</v></c></row>`,
      ).join(''),
      { extra: [{ name: 'xl/sharedStrings.xml', data: strings }] },
    ),
  ]
  yield [
    'xlsx/rows-backwards.xlsx',
    workbook(
      Array.from(
        { length: 2000 },
        (_, index) => `<row r="${2000 - index}">${inline(`A${2000 - index}`, 'back')}</row>`,
      ).join(''),
    ),
  ]
  yield ['xlsx/same-cell-often.xlsx', workbook(`<row r="1">${inline('A1', 'again').repeat(50_000)}</row>`)]
  yield [
    'xlsx/formulas.xlsx',
    workbook(
      `<row r="1"><c r="A1"><f>A1</f></c><c r="B1"><f>${'('.repeat(50_000)}1${')'.repeat(50_000)}</f><v>1</v></c></row>`,
    ),
  ]
  yield [
    'xlsx/dates-strange.xlsx',
    workbook(
      '<row r="1"><c r="A1" t="d"><v>not a date</v></c><c r="B1"><v>1e400</v></c><c r="C1" t="e"><v>#REF!</v></c><c r="D1" t="b"><v>7</v></c></row>',
    ),
  ]
  yield ['xlsx/no-sheet.xlsx', workbook('', { extra: [{ name: 'xl/worksheets/sheet1.xml', data: '' }] })]
  yield ['xlsx/long-cell.xlsx', workbook(`<row r="1">${inline('A1', 'zelle '.repeat(40_000))}</row>`)]
  const sheets = Array.from(
    { length: 1500 },
    (_, index) => `<sheet name="S${index}" sheetId="${index + 1}" r:id="rId1"/>`,
  ).join('')
  yield [
    'xlsx/one-sheet-often.xlsx',
    workbook(`<row r="1">${inline('A1', 'again')}</row>`, {
      extra: [
        {
          name: 'xl/workbook.xml',
          data: `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${sheets}</sheets></workbook>`,
        },
      ],
    }),
  ]
}

function* openDocuments() {
  const table = (attributes, rows = 'table:number-rows-repeated="1"') =>
    `<table:table table:name="T"><table:table-row ${rows}><table:table-cell ${attributes}><text:p>x</text:p></table:table-cell></table:table-row></table:table>`
  yield [
    'ods/repeated-whole.ods',
    odf('spreadsheet', table('table:number-columns-repeated="16384"', 'table:number-rows-repeated="1048576"')),
  ]
  yield [
    'ods/repeated-billion.ods',
    odf('spreadsheet', table('table:number-columns-repeated="1000000000"', 'table:number-rows-repeated="1000000000"')),
  ]
  yield [
    'ods/spanned-whole.ods',
    odf('spreadsheet', table('table:number-columns-spanned="16384" table:number-rows-spanned="1048576"')),
  ]
  yield ['odt/repeated-billion.odt', odf('text', table('table:number-columns-repeated="1000000000"'))]
  yield [
    'odt/spanned-billion.odt',
    odf('text', table('table:number-columns-spanned="1000000000" table:number-rows-spanned="-5"')),
  ]
  yield ['odt/spaces.odt', odf('text', '<text:p>a<text:s text:c="2000000000"/>b</text:p>')]
  yield [
    'odt/sections-deep.odt',
    odf('text', nest('<text:section>', '<text:p>deep</text:p>', '</text:section>', 30_000)),
  ]
  yield [
    'odt/lists-deep.odt',
    odf('text', nest('<text:list><text:list-item>', '<text:p>deep</text:p>', '</text:list-item></text:list>', 5_000)),
  ]
  yield [
    'odt/tables-deep.odt',
    odf(
      'text',
      nest(
        '<table:table><table:table-row><table:table-cell>',
        '<text:p>deep</text:p>',
        '</table:table-cell></table:table-row></table:table>',
        1_000,
      ),
    ),
  ]
  yield [
    'odt/heading-levels.odt',
    odf(
      'text',
      '<text:h text:outline-level="99999999">h</text:h><text:h text:outline-level="-3">h</text:h><text:p>t</text:p>',
    ),
  ]
  yield [
    'odt/encrypted.odt',
    odf('text', '', {
      extra: [
        { name: 'content.xml', data: Buffer.alloc(3000, 0xa5) },
        {
          name: 'META-INF/manifest.xml',
          data: '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>',
        },
      ],
    }),
  ]
  yield [
    'odp/frames-deep.odp',
    odf(
      'presentation',
      `<draw:page>${nest('<draw:g>', '<draw:frame><draw:text-box><text:p>x</text:p></draw:text-box></draw:frame>', '</draw:g>', 20_000)}</draw:page>`,
    ),
  ]
  yield ['odp/pages.odp', odf('presentation', '<draw:page/>'.repeat(50_000))]
}

function* slidesAndBooks() {
  const text = (content) => `<a:p><a:r><a:t>${content}</a:t></a:r></a:p>`
  yield ['pptx/text-long.pptx', pptx([text('slide '.repeat(30_000))])]
  yield ['pptx/paragraphs.pptx', pptx([text('a').repeat(20_000)])]
  yield ['pptx/levels.pptx', pptx(['<a:p><a:pPr lvl="99999999"/><a:r><a:t>deep</a:t></a:r></a:p>'])]
  yield ['pptx/same-slide-often.pptx', pptx(Array.from({ length: 900 }, () => text('x')))]
  yield ['pptx/no-slides.pptx', pptx([])]
  const chapter = { name: 'a.xhtml', body: '<p>chapter</p>' }
  yield [
    'epub/spine-repeats.epub',
    epub([{ name: 'a.xhtml', body: '<p>chapter</p>'.repeat(2000) }], {
      spine: Array.from({ length: 5000 }, () => 'c0'),
    }),
  ]
  yield [
    'epub/spine-of-nothing.epub',
    epub([chapter], { spine: Array.from({ length: 5000 }, (_, index) => `x${index}`) }),
  ]
  yield ['epub/deep.epub', epub([{ name: 'a.xhtml', body: nest('<div>', 'deep', '</div>', 50_000) }])]
  yield ['epub/no-package.epub', epub([chapter], { extra: [{ name: 'content.opf', data: '' }] })]
  yield [
    'epub/package-elsewhere.epub',
    epub([chapter], {
      extra: [
        {
          name: 'META-INF/container.xml',
          data: '<container><rootfiles><rootfile full-path="../../../etc/passwd"/></rootfiles></container>',
        },
      ],
    }),
  ]
  yield ['epub/chapter-elsewhere.epub', epub([{ name: '../../a.xhtml', body: 'x' }])]
}

function* compoundFiles() {
  yield ['cfb/encrypted.docx', compoundFile('EncryptedPackage')]
  yield ['cfb/encrypted.xlsx', compoundFile('EncryptedPackage')]
  for (const [stream, ending] of [
    ['WordDocument', 'doc'],
    ['PowerPoint Document', 'ppt'],
    ['Workbook', 'xls'],
    ['__properties_version1.0', 'msg'],
    ['Nothing', 'wps'],
  ]) {
    const sound = compoundFile(stream)
    yield [`cfb/sectors-in-a-circle.${ending}`, withCircle(sound)]
    yield [`cfb/sector-size-lies.${ending}`, withByte(sound, 30, 31)]
    yield [`cfb/fat-count-lies.${ending}`, withByte(sound, 46, 0x7f)]
    yield [`cfb/empty-stream.${ending}`, compoundFile(stream, Buffer.alloc(0))]
    yield [`cfb/noise.${ending}`, compoundFile(stream, Buffer.alloc(60_000, 0x81))]
  }
}

/** Every sector says that it is followed by sector 1. */
function withCircle(bytes) {
  const copy = Buffer.from(bytes)
  for (let at = 512; at < 1024; at += 4) copy.writeUInt32LE(1, at)
  return copy
}

function withByte(bytes, at, value) {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}
