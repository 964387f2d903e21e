import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { docx, epub, odf, pptx, workbook } from './packages.mjs'
import { zip } from './zip-writer.mjs'

const MiB = 1024 * 1024
const zeros = (megabytes) => Buffer.alloc(megabytes * MiB)
const unixLink = 0o120777 << 16

const entities = Array.from({ length: 12 }, (_, level) =>
  level === 0 ? '<!ENTITY l0 "lol">' : `<!ENTITY l${level} "${`&l${level - 1};`.repeat(10)}">`,
).join('')
const laughs = `<!DOCTYPE x [${entities}]>`
const outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
const doctype = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'

/** Archives that are bombs, that lie, or that want to write elsewhere. */
export function* archives() {
  const bomb = zip([{ name: 'zeros.txt', data: zeros(128) }])
  yield ['zip/ratio.zip', bomb]
  yield ['zip/ratio.docx', docx('<w:p/>', { extra: [{ name: 'word/media/zeros.bin', data: zeros(128) }] })]
  yield [
    'zip/many-small-bombs.zip',
    zip(Array.from({ length: 40 }, (_, index) => ({ name: `${index}.txt`, data: zeros(1) }))),
  ]
  yield ['zip/nested.zip', nested(zip([{ name: 'core.txt', data: 'deep' }]), 60)]
  yield ['zip/tree-of-bombs.zip', tree(bomb, 3)]
  yield ['zip/tree.zip', tree(zip([{ name: 'leaf.txt', data: 'leaf' }]), 3)]
  yield ['zip/claims-less.zip', zip([{ name: 'a.txt', data: zeros(20), claimedSize: 10 }])]
  yield ['zip/claims-more.zip', zip([{ name: 'a.txt', data: 'short', claimedSize: 0xfffffff0 }])]
  yield ['zip/claims-packed-more.zip', zip([{ name: 'a.txt', data: 'short', claimedPacked: 0x7fffffff }])]
  yield ['zip/claims-less.docx', docx('', { extra: [{ name: 'word/document.xml', data: zeros(20), claimedSize: 10 }] })]
  yield ['zip/overlapping.zip', overlapping()]
  yield ['zip/many-entries.zip', zip(Array.from({ length: 60_000 }, (_, index) => ({ name: `${index}`, method: 0 })))]
  yield [
    'zip/too-many-for-one.zip',
    zip(Array.from({ length: 2500 }, (_, index) => ({ name: `${index}.txt`, data: `${index}` }))),
  ]
  yield ['zip/entry-count-lies.zip', zip([{ name: 'a.txt', data: 'a' }], { claimedEntries: 60_000 })]
  yield ['zip/entry-count-zero.zip', zip([{ name: 'a.txt', data: 'a' }], { claimedEntries: 0 })]
  yield ['zip/same-name-often.zip', zip(Array.from({ length: 100 }, () => ({ name: 'a.txt', data: 'same' })))]
  for (const [label, name] of unsafeNames)
    yield [
      `zip/name-${label}.zip`,
      zip([
        { name, data: 'out' },
        { name: 'in.txt', data: 'in' },
      ]),
    ]
  yield [
    'zip/slip.docx',
    docx('<w:p><w:r><w:t>text</w:t></w:r></w:p>', { extra: [{ name: '../../evil.xml', data: '<x/>' }] }),
  ]
  yield ['zip/link-out.zip', zip([{ name: 'link.txt', data: '/etc/passwd', attributes: unixLink }])]
  yield [
    'zip/link-to-itself.zip',
    zip([
      { name: 'link', data: 'link', attributes: unixLink },
      { name: 'link/a.txt', data: 'a' },
    ]),
  ]
  yield ['zip/encrypted.zip', zip([{ name: 'a.txt', data: 'secret secret secret', flags: 0x801 }])]
  yield [
    'zip/half-encrypted.zip',
    zip([
      { name: 'a.txt', data: 'secret', flags: 0x801 },
      { name: 'b.txt', data: 'open' },
    ]),
  ]
  yield ['zip/unknown-method.zip', zip([{ name: 'a.txt', data: 'a', method: 99 }])]
  yield ['zip/wrong-checksum.zip', zip([{ name: 'a.txt', data: 'text text', crc: 1 }])]
  yield ['zip/not-deflate.zip', zip([{ name: 'a.txt', packed: Buffer.alloc(500, 0xff), claimedSize: 900 }])]
  yield ['zip/prefix.zip', zip([{ name: 'a.txt', data: 'a' }], { prefix: Buffer.alloc(4000, 'MZ') })]
  yield [
    'zip/comment-with-an-end.zip',
    zip([{ name: 'a.txt', data: 'a' }], { comment: zip([{ name: 'b.txt', data: 'b' }]) }),
  ]
  yield ['zip/empty.zip', zip([])]
  yield [
    'zip/folders-only.zip',
    zip(Array.from({ length: 900 }, (_, index) => ({ name: `${'d/'.repeat(index % 100)}e${index}/` }))),
  ]
  yield ['zip/deep-path.zip', zip([{ name: `${'d/'.repeat(10_000)}a.txt`, data: 'deep' }])]
  yield ['zip/zip64-lies.zip', zip([{ name: 'a.txt', data: 'a', claimedSize: 0xffffffff, claimedPacked: 0xffffffff }])]
  yield ['zip/bomb.gz', gzipSync(zeros(64))]
  yield ['zip/zlib.bin', deflateSync(zeros(16))]
  yield* documentsWithEntities()
}

const unsafeNames = [
  ['slip', '../../../../tmp/evil.txt'],
  ['absolute', '/etc/evil.txt'],
  ['drive', 'C:\\evil.txt'],
  ['backslash', '..\\..\\evil.txt'],
  ['zero', 'a\0.txt'],
  ['line', 'a\nb.txt'],
  ['long', `${'n'.repeat(60_000)}.txt`],
  ['empty', ''],
  ['dots', './././../a.txt'],
  ['bidi', 'invoice\u202egpj.exe.txt'],
  ['not-utf8', Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x2e, 0x74])],
]

function nested(core, levels) {
  let bytes = core
  for (let level = 0; level < levels; level++) bytes = zip([{ name: `${level}.zip`, data: bytes, method: 0 }])
  return bytes
}

/** Eight archives of eight archives …, in the way of 42.zip. */
function tree(leaf, levels) {
  let bytes = leaf
  for (let level = 0; level < levels; level++) {
    bytes = zip(Array.from({ length: 8 }, (_, index) => ({ name: `lib ${index}.zip`, data: bytes })))
  }
  return bytes
}

/** Many entries of the directory that all point at the same packed bytes. */
function overlapping() {
  const packed = deflateRawSync(zeros(1))
  const first = { name: '0.txt', packed, claimedSize: MiB }
  const others = Array.from({ length: 1500 }, (_, index) => ({ ...first, name: `${index + 1}.txt`, sharesWith: 0 }))
  return zip([first, ...others])
}

function* documentsWithEntities() {
  const text = '&l11;'
  for (const [label, prolog, content] of [
    ['laughs', laughs, text],
    ['outside', outside, '&f;'],
    ['doctype', doctype, 'text'],
  ]) {
    yield [`xml/${label}.docx`, docx(`<w:p><w:r><w:t>${content}</w:t></w:r></w:p>`, { prolog })]
    yield [
      `xml/${label}.xlsx`,
      workbook(`<row r="1"><c t="inlineStr"><is><t>${content}</t></is></c></row>`, { prolog }),
    ]
    yield [`xml/${label}.pptx`, pptx([`<a:p><a:r><a:t>${content}</a:t></a:r></a:p>`], { prolog })]
    yield [`xml/${label}.odt`, odf('text', `<text:p>${content}</text:p>`, { prolog })]
    yield [`xml/${label}.epub`, epub([{ name: 'a.xhtml', body: `<p>${content}</p>`, prolog }])]
    yield [`xml/${label}-package.epub`, epub([{ name: 'a.xhtml', body: '<p>text</p>' }], { prolog })]
    yield [`xml/${label}.xml`, Buffer.from(`<?xml version="1.0"?>${prolog}<x>${content}</x>`)]
    yield [
      `xml/${label}.svg`,
      Buffer.from(
        `<?xml version="1.0"?>${prolog}<svg xmlns="http://www.w3.org/2000/svg"><text>${content}</text></svg>`,
      ),
    ]
    yield [
      `xml/${label}.xhtml`,
      Buffer.from(`<?xml version="1.0"?>${prolog}<html><body><p>${content}</p></body></html>`),
    ]
  }
}
