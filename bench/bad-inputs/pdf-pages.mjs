import { deflateSync } from 'node:zlib'
import { catalogue, font, hello, onePage, pdf, stream } from './pdf-writer.mjs'

const MiB = 1024 * 1024

/** PDFs with what is wrong on a page: forms, fonts, pictures, sizes and drawing operations. */
export function* pdfPages() {
  yield* forms()
  yield* sizes()
  yield* fonts()
  yield* contents()
}

function* forms() {
  const form = (content, names) =>
    stream(
      content,
      `/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << ${names} >> /Font << /F1 5 0 R >> >>`,
    )
  yield [
    'pdf/form-draws-itself.pdf',
    onePage('/X Do', { resources: '/XObject << /X 6 0 R >>', more: [form(`${hello} /X Do`, '/X 6 0 R')] }),
  ]
  yield [
    'pdf/forms-in-a-circle.pdf',
    onePage('/X Do', {
      resources: '/XObject << /X 6 0 R >>',
      more: [form('/X Do', '/X 7 0 R'), form(`${hello} /X Do /X Do`, '/X 6 0 R')],
    }),
  ]
  const laughs = Array.from({ length: 24 }, (_, index) => form('/X Do /X Do /X Do /X Do', `/X ${index + 7} 0 R`))
  yield [
    'pdf/forms-laugh.pdf',
    onePage('/X Do', { resources: '/XObject << /X 6 0 R >>', more: [...laughs, form(hello, '')] }),
  ]
  const type3 = `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [9] /Resources << /Font << /F1 5 0 R >> >> >>`
  yield [
    'pdf/glyph-draws-itself.pdf',
    onePage('BT /F1 12 Tf (aaaa) Tj ET', { fontObject: type3, more: [stream('9 0 d0 BT /F1 1 Tf (a) Tj ET')] }),
  ]
  yield [
    'pdf/pattern-paints-itself.pdf',
    onePage('/Pattern cs /P scn 0 0 99 99 re f', {
      resources: '/Pattern << /P 6 0 R >>',
      more: [
        stream(
          '/Pattern cs /P scn 0 0 9 9 re f',
          '/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.0001 /YStep 0.0001 /Resources << /Pattern << /P 6 0 R >> >>',
        ),
      ],
    }),
  ]
}

function* sizes() {
  for (const [label, mediaBox] of [
    ['huge', '[0 0 1e9 1e9]'],
    ['none', '[0 0 0 0]'],
    ['negative', '[612 792 -612 -792]'],
    ['not-numbers', '[/A (b) null true]'],
    ['beyond-numbers', `[0 0 ${'9'.repeat(400)} 1]`],
  ]) {
    yield [`pdf/media-box-${label}.pdf`, onePage(hello, { mediaBox })]
  }
  yield ['pdf/user-unit.pdf', onePage(hello, { page: '/UserUnit 1e30 /Rotate 12345' })]
  const image = (width, height, bytes, more = '') =>
    onePage('q 600 0 0 800 0 0 cm /X Do Q', {
      resources: '/XObject << /X 6 0 R >>',
      more: [
        stream(
          bytes,
          `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 ${more}`,
        ),
      ],
    })
  yield ['pdf/image-claims-gigapixels.pdf', image(100_000, 100_000, 'few bytes')]
  yield [
    'pdf/image-is-gigapixels.pdf',
    image(12_000, 12_000, deflateSync(Buffer.alloc(64 * MiB)), '/Filter /FlateDecode'),
  ]
  yield ['pdf/image-broken-jpeg.pdf', image(100, 100, Buffer.from('ffd8ffe0', 'hex'), '/Filter /DCTDecode')]
  yield ['pdf/image-broken-jpx.pdf', image(100, 100, Buffer.alloc(500, 'jP  '), '/Filter /JPXDecode')]
  yield ['pdf/image-broken-jbig2.pdf', image(100, 100, Buffer.alloc(500, 7), '/Filter /JBIG2Decode')]
  yield [
    'pdf/image-broken-fax.pdf',
    image(30_000, 30_000, Buffer.alloc(5000, 0x55), '/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 30000 >>'),
  ]
}

function* fonts() {
  const type0 = (toUnicode, descendant = '7 0 R') =>
    `<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [${descendant}] /ToUnicode ${toUnicode} >>`
  const cid =
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [0 4000000000 500] >>'
  const text = 'BT /F1 12 Tf 72 700 Td <000100020003> Tj ET'
  const map = (body) =>
    stream(
      `/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange ${body} endcmap`,
    )
  yield [
    'pdf/to-unicode-range.pdf',
    onePage(text, {
      fontObject: type0('6 0 R'),
      more: [map('1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange'), cid],
    }),
  ]
  yield [
    'pdf/to-unicode-long.pdf',
    onePage(text, {
      fontObject: type0('6 0 R'),
      more: [map(`1 beginbfchar <0001> <${'0041'.repeat(500_000)}> endbfchar`), cid],
    }),
  ]
  yield [
    'pdf/to-unicode-flood.pdf',
    onePage(`BT /F1 12 Tf 72 700 Td <${'0001'.repeat(20_000)}> Tj ET`, {
      fontObject: type0('6 0 R'),
      more: [map(`1 beginbfchar <0001> <${'0041'.repeat(5000)}> endbfchar`), cid],
    }),
  ]
  yield [
    'pdf/cmap-uses-itself.pdf',
    onePage(text, {
      fontObject: '<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding 6 0 R /DescendantFonts [7 0 R] >>',
      more: [stream('begincmap endcmap', '/Type /CMap /CMapName /A /UseCMap 6 0 R'), cid],
    }),
  ]
  yield ['pdf/font-holds-itself.pdf', onePage(text, { fontObject: type0('null', '5 0 R') })]
  const broken = (key) => `<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 9 9] /${key} 7 0 R >>`
  for (const [key, start] of [
    ['FontFile2', '00010000'],
    ['FontFile3', '01000404'],
    ['FontFile', '25215053'],
  ]) {
    const simple =
      '<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar 0 /LastChar 100000 /Widths [9] /FontDescriptor 6 0 R >>'
    yield [
      `pdf/broken-${key}.pdf`,
      onePage(hello, {
        fontObject: simple,
        more: [
          broken(key),
          stream(Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(3000, 0xee)]), '/Subtype /Type1C'),
        ],
      }),
    ]
  }
}

function* contents() {
  yield ['pdf/save-a-million-times.pdf', onePage('q '.repeat(1_000_000))]
  yield ['pdf/restore-a-million-times.pdf', onePage('Q '.repeat(1_000_000))]
  yield ['pdf/marks-never-closed.pdf', onePage(`${'/Span << /ActualText (x) >> BDC '.repeat(100_000)}${hello}`)]
  yield ['pdf/one-string.pdf', onePage(`BT /F1 1 Tf (${'long '.repeat(50_000)}) Tj ET`)]
  yield [
    'pdf/letters-one-by-one.pdf',
    onePage(
      `BT /F1 8 Tf ${Array.from({ length: 60_000 }, (_, index) => `1 0 0 1 ${index % 600} ${(index * 7) % 790} Tm (${'abc'[index % 3]}) Tj`).join(' ')} ET`,
    ),
  ]
  yield [
    'pdf/rules-a-hundred-thousand.pdf',
    onePage(
      `${Array.from({ length: 100_000 }, (_, index) => `${index % 600} 0 m ${index % 600} 790 l S`).join(' ')} ${hello}`,
    ),
  ]
  yield ['pdf/text-far-away.pdf', onePage('BT /F1 1e30 Tf 1e38 -1e38 Td (far) Tj 0 Tc 1e99 Tw (away) Tj ET')]
  yield ['pdf/text-of-no-size.pdf', onePage('BT /F1 0 Tf 0 0 0 0 0 0 Tm (none) Tj ET')]
  yield ['pdf/string-never-closed.pdf', onePage(`BT /F1 9 Tf (${'('.repeat(300_000)}`)]
  yield ['pdf/numbers-strange.pdf', onePage('BT /F1 --12.3.4 Tf 7-2 +-+5 Td 1e400 Tz (x) Tj ET')]
  yield ['pdf/inline-image-never-ends.pdf', onePage(`BI /W 99999 /H 99999 /BPC 8 /CS /RGB ID ${'x'.repeat(500_000)}`)]
  yield [
    'pdf/shading-mesh.pdf',
    onePage('/S sh', {
      resources: '/Shading << /S 6 0 R >>',
      more: [
        stream(
          Buffer.alloc(300_000, 1),
          '/ShadingType 4 /ColorSpace /DeviceRGB /BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8 /Decode [0 1 0 1 0 1 0 1 0 1]',
        ),
      ],
    }),
  ]
  yield ['pdf/many-pages.pdf', manyPages(3000)]
  yield [
    'pdf/annotations.pdf',
    onePage(hello, {
      page: `/Annots [${'6 0 R '.repeat(50_000)}]`,
      more: ['<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (note) /Parent 6 0 R >>'],
    }),
  ]
}

function manyPages(count) {
  const kids = Array.from({ length: count }, (_, index) => `${index + 5} 0 R`).join(' ')
  const page =
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>'
  return pdf([
    catalogue,
    `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`,
    stream(hello),
    font,
    ...Array.from({ length: count }, () => page),
  ])
}
