import { describe, expect, test } from 'vitest'
import { parserFor } from '../../../src/ingest/parsers/registry.js'
import { parseContext } from '../../support/parse-context.js'

describe('parserFor', () => {
  test('finds the parser of presentations, OpenDocument files and e-books', () => {
    const office = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
    const open = ['text', 'text-template', 'presentation', 'presentation-template']
    const types = open.map((kind) => `application/vnd.oasis.opendocument.${kind}`)
    for (const type of [office, 'application/epub+zip', ...types]) {
      expect(parserFor(type)?.mediaTypes).toContain(type)
    }
  })

  test('finds the parser of each supported type, and none for others', () => {
    for (const type of [
      'application/pdf',
      'text/markdown',
      'text/html',
      'text/csv',
      'text/plain',
      'application/vnd.ms-excel',
      'application/rtf',
      'application/msword',
      'application/vnd.ms-powerpoint',
      'message/rfc822',
      'application/vnd.ms-outlook',
      'application/zip',
      'application/gzip',
      'image/png',
      'image/tiff',
      'application/xml',
      'image/svg+xml',
      'application/json',
      'text/x-org',
      'text/x-source',
    ]) {
      expect(parserFor(type)?.mediaTypes).toContain(type)
    }
    expect(parserFor('video/mp4')).toBeNull()
  })

  test.each([
    ['application/x-7z-compressed', /ZIP/],
    ['application/x-rar-compressed', /ZIP/],
    ['application/vnd.apple.pages', /PDF/],
    ['image/heic', /PNG/],
  ])('says what to do with %s instead', async (type, remedy) => {
    await expect(parserFor(type)?.parse(Buffer.alloc(1), parseContext('a.x'))).rejects.toMatchObject({
      code: 'unsupported_format',
      remedy: expect.stringMatching(remedy),
    })
  })
})
