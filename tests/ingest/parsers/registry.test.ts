import { describe, expect, test } from 'vitest'
import { parserFor } from '../../../src/ingest/parsers/registry.js'

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
    ]) {
      expect(parserFor(type)?.mediaTypes).toContain(type)
    }
    expect(parserFor('application/rtf')).toBeNull()
  })
})
