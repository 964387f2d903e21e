import { describe, expect, test } from 'vitest'
import { isZip, zipMediaType } from '../../../src/ingest/parse/zip-media-type.js'
import { docxMediaType } from '../../../src/ingest/parsers/docx/docx.js'
import { makeEpub } from '../fixtures/epub.js'
import { makeOdp, makeOdt } from '../fixtures/odf.js'
import { makePptx } from '../fixtures/pptx.js'
import { makeZip } from '../fixtures/zip.js'

const pptx = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
const withTypes = (type: string) =>
  makeZip([
    { name: 'z.bin', content: 'x' },
    {
      name: '[Content_Types].xml',
      content: `<Types><Override PartName="/ppt/presentation.xml" ContentType="${type}"/></Types>`,
    },
  ])

describe('zipMediaType', () => {
  test('goes by what the archive says of itself, wherever that stands', async () => {
    expect(await zipMediaType(makePptx([]))).toBe(pptx)
    expect(await zipMediaType(makeOdt(''))).toBe('application/vnd.oasis.opendocument.text')
    expect(await zipMediaType(makeOdp(''))).toBe('application/vnd.oasis.opendocument.presentation')
    expect(await zipMediaType(makeEpub([]))).toBe('application/epub+zip')
    const last = makeZip([
      { name: 'a', content: 'x' },
      { name: 'mimetype', content: 'application/epub+zip\n' },
    ])
    expect(await zipMediaType(last)).toBe('application/epub+zip')
  })

  test('takes shows, templates and presentations with macros for presentations', async () => {
    const types = [
      'application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml',
      'application/vnd.openxmlformats-officedocument.presentationml.template.main+xml',
      'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml',
    ]
    for (const type of types) expect(await zipMediaType(withTypes(type))).toBe(pptx)
  })

  test('takes Word documents and templates, with and without macros, for documents', async () => {
    const types = [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml',
      'application/vnd.ms-word.document.macroEnabled.main+xml',
      'application/vnd.ms-word.template.macroEnabledTemplate.main+xml',
    ]
    for (const type of types) expect(await zipMediaType(withTypes(type)), type).toBe(docxMediaType)
  })

  test('does not take the package of an unknown program for an archive of files', async () => {
    expect(await zipMediaType(withTypes('application/vnd.ms-visio.drawing.main+xml'))).toBe(
      'application/x-open-package',
    )
  })

  test('says nothing of other archives, damaged ones and other files', async () => {
    expect(await zipMediaType(makeZip([{ name: 'mimetype', content: '<script>' }]))).toBeNull()
    expect(await zipMediaType(makePptx([]).subarray(0, 200))).toBeNull()
    expect(await zipMediaType(Buffer.from('text'))).toBeNull()
  })
})

describe('isZip', () => {
  test('knows an archive by its first bytes', () => {
    expect([
      isZip(makeZip([{ name: 'a', content: '' }])),
      isZip(Buffer.from('PK')),
      isZip(Buffer.from('%PDF')),
    ]).toEqual([true, false, false])
  })
})
