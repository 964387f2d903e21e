import { describe, expect, test } from 'vitest'
import { compoundMediaType } from '../../../src/ingest/parse/compound-media-type.js'
import { makeCompoundFile } from '../fixtures/workbook.js'

const typeOf = (entry: string, extension = 'bin') =>
  compoundMediaType(makeCompoundFile({ [entry]: Buffer.from('x') }), extension).mediaType

describe('compoundMediaType', () => {
  test('goes by what the program writes into the file', () => {
    expect(typeOf('WordDocument', 'wps')).toBe('application/msword')
    expect(typeOf('PowerPoint Document', 'dps')).toBe('application/vnd.ms-powerpoint')
    expect(typeOf('Workbook', 'et')).toBe('application/vnd.ms-excel')
    expect(typeOf('__properties_version1.0', 'doc')).toBe('application/vnd.ms-outlook')
    expect(typeOf('MatOST')).toBe('application/vnd.ms-works')
    expect(typeOf('VisioDocument')).toBe('application/x-cfb')
    expect(typeOf('EncryptedPackage', 'docx')).toBe('application/x-encrypted-office')
  })

  test('goes by the name where the directory is gone', () => {
    const damaged = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000, 0xff)])
    expect(compoundMediaType(damaged, 'pps').mediaType).toBe('application/vnd.ms-powerpoint')
    expect(compoundMediaType(damaged, 'msg').mediaType).toBe('application/vnd.ms-outlook')
    expect(compoundMediaType(damaged, 'x')).toEqual({
      mediaType: 'application/x-cfb',
      label: 'an old Microsoft Office file',
    })
  })
})
