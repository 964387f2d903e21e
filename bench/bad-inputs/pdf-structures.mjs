import { deflateSync } from 'node:zlib'
import { catalogue, hello, onePage, pdf, stream } from './pdf-writer.mjs'

const MiB = 1024 * 1024

/** PDFs whose objects, tables and streams are wrong: what is met before a page is read. */
export function* pdfStructures() {
  yield* pageTrees()
  yield* outlines()
  yield* bombs()
  yield* tables()
}

function* pageTrees() {
  const loop = (kids) =>
    pdf([
      catalogue,
      `<< /Type /Pages /Kids [${kids}] /Count 5 >>`,
      '<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 9 >>',
    ])
  yield ['pdf/tree-holds-itself.pdf', loop('2 0 R')]
  yield ['pdf/tree-circle.pdf', loop('3 0 R')]
  const deep = Array.from({ length: 20_000 }, (_, index) => `<< /Type /Pages /Kids [${index + 3} 0 R] /Count 1 >>`)
  yield ['pdf/tree-deep.pdf', pdf([catalogue, ...deep, '<< /Type /Page /MediaBox [0 0 9 9] >>'])]
  yield [
    'pdf/million-pages-claimed.pdf',
    pdf([
      catalogue,
      '<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
    ]),
  ]
  yield [
    'pdf/same-page-often.pdf',
    pdf([
      catalogue,
      `<< /Type /Pages /Kids [${'3 0 R '.repeat(50_000)}] /Count 50000 >>`,
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
    ]),
  ]
  yield [
    'pdf/negative-count.pdf',
    pdf([catalogue, '<< /Type /Pages /Kids [3 0 R] /Count -5 >>', '<< /Type /Page /Parent 2 0 R >>']),
  ]
  yield ['pdf/no-pages.pdf', pdf(['<< /Type /Catalog >>'])]
  yield ['pdf/kids-are-numbers.pdf', pdf([catalogue, '<< /Type /Pages /Kids [1 2 3 null (x) /A] /Count 6 >>'])]
}

function* outlines() {
  const root = '<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>'
  const outline = (more) => onePage(hello, { root, more })
  yield [
    'pdf/outline-next-is-itself.pdf',
    outline(['<< /First 7 0 R /Last 7 0 R /Count 1 >>', '<< /Title (a) /Parent 6 0 R /Next 7 0 R >>']),
  ]
  yield ['pdf/outline-child-is-parent.pdf', outline(['<< /First 7 0 R >>', '<< /Title (a) /First 6 0 R >>'])]
  const deep = Array.from({ length: 20_000 }, (_, index) => `<< /Title (level ${index}) /First ${index + 8} 0 R >>`)
  yield ['pdf/outline-deep.pdf', outline(['<< /First 7 0 R >>', ...deep, '<< /Title (end) >>'])]
  const labels =
    '<< /Type /Catalog /Pages 2 0 R /PageLabels << /Kids [6 0 R] >> /Names << /Dests 6 0 R >> /StructTreeRoot 7 0 R >>'
  yield [
    'pdf/name-tree-circle.pdf',
    onePage(hello, {
      root: labels,
      more: ['<< /Kids [6 0 R 6 0 R] /Limits [(a) (z)] >>', '<< /Type /StructTreeRoot /K 7 0 R /ParentTree 6 0 R >>'],
    }),
  ]
}

function* tables() {
  yield ['pdf/prev-is-itself.pdf', onePage(hello, { trailer: '/Prev 9' })]
  yield ['pdf/size-lies.pdf', onePage(hello, { trailer: '/Size 2000000000' })]
  yield ['pdf/startxref-lies.pdf', pdf([catalogue], { startxref: -1 })]
  yield ['pdf/startxref-far.pdf', pdf([catalogue], { startxref: 999_999_999 })]
  const objectStream = (more) => onePage(hello, { more: [stream('7 0 8 9 << >> << >>', `/Type /ObjStm ${more}`)] })
  yield ['pdf/object-stream-extends-itself.pdf', objectStream('/N 2 /First 8 /Extends 6 0 R')]
  yield ['pdf/object-stream-claims.pdf', objectStream('/N 100000000 /First 8')]
  const table = Buffer.alloc(70)
  yield [
    'pdf/xref-stream-widths.pdf',
    Buffer.from(
      `%PDF-1.5\n1 0 obj\n<< /Type /XRef /Size 2000000000 /W [1 99 9] /Index [0 2000000000] /Root 1 0 R /Length 70 >>\nstream\n${table.toString('latin1')}\nendstream\nendobj\nstartxref\n9\n%%EOF`,
      'latin1',
    ),
  ]
  yield [
    'pdf/encrypted-by-nobody.pdf',
    onePage(hello, { trailer: '/Encrypt << /Filter /Nobody /V 9 /R 9 /O (x) /U (y) /P -1 >> /ID [(a) (b)]' }),
  ]
  yield [
    'pdf/encrypted-broken.pdf',
    onePage(hello, {
      trailer: '/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /O () /U () /OE () /UE () /P -1 >>',
    }),
  ]
  yield ['pdf/references-in-a-circle.pdf', onePage(hello, { page: '/Rotate 6 0 R', more: ['7 0 R', '6 0 R'] })]
  yield [
    'pdf/arrays-deep.pdf',
    onePage(hello, { more: [`${'['.repeat(200_000)}${']'.repeat(200_000)}`], page: '/Annots 6 0 R' }),
  ]
  yield [
    'pdf/dictionaries-deep.pdf',
    onePage(hello, { more: [`${'<< /A '.repeat(100_000)}1${' >>'.repeat(100_000)}`], page: '/AA 6 0 R' }),
  ]
  yield ['pdf/zeros-before.pdf', Buffer.concat([Buffer.alloc(1000), onePage(hello)])]
  yield ['pdf/zeros-after.pdf', Buffer.concat([onePage(hello), Buffer.alloc(5 * MiB)])]
  yield ['pdf/header-only.pdf', Buffer.from('%PDF-1.7\n%%EOF')]
  yield ['pdf/no-table.pdf', Buffer.from(`%PDF-1.7\n${'1 0 obj\n<< >>\nendobj\n'.repeat(50_000)}`)]
  yield ['pdf/ten-in-one.pdf', Buffer.concat(Array.from({ length: 10 }, () => onePage(hello)))]
}

function* bombs() {
  const spaces = deflateSync(Buffer.alloc(256 * MiB, ' '))
  yield ['pdf/flate-bomb.pdf', onePage(stream(spaces, '/Filter /FlateDecode'))]
  yield ['pdf/flate-bomb-twice.pdf', onePage(stream(deflateSync(spaces), '/Filter [/FlateDecode /FlateDecode]'))]
  yield ['pdf/filters-a-thousand.pdf', onePage(stream('x', `/Filter [${'/ASCIIHexDecode '.repeat(1000)}]`))]
  yield [
    'pdf/predictor-huge.pdf',
    onePage(
      stream(
        deflateSync(Buffer.from(hello)),
        '/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2000000000 /Colors 32 /BitsPerComponent 16 >>',
      ),
    ),
  ]
  yield ['pdf/length-lies.pdf', onePage(Buffer.from(`<< /Length 999999999 >>\nstream\n${hello}\nendstream`))]
  yield ['pdf/length-is-itself.pdf', onePage(Buffer.from(`<< /Length 4 0 R >>\nstream\n${hello}\nendstream`))]
  yield ['pdf/lzw-noise.pdf', onePage(stream(Buffer.alloc(100_000, 0x80), '/Filter /LZWDecode'))]
}
