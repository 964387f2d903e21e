import { describe, expect, test } from 'vitest'
import { parserFor } from '../../../src/ingest/parsers/registry.js'

describe('parserFor', () => {
  test('finds the parser of each supported type, and none for others', () => {
    for (const type of ['application/pdf', 'text/markdown', 'text/html', 'text/csv', 'text/plain']) {
      expect(parserFor(type)?.mediaTypes).toContain(type)
    }
    expect(parserFor('application/rtf')).toBeNull()
  })
})
