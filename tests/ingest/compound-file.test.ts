import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compoundFileEntries, isCompoundFile } from '../../src/ingest/compound-file.js'
import { makeCompoundFile, makeWorkbook } from './fixtures/workbook.js'

describe('compoundFileEntries', () => {
  test('lists what stands at the top of the file', () => {
    const xls = makeWorkbook([{ rows: [['a']] }], { format: 'biff8' })
    expect(compoundFileEntries(xls)).toContain('Workbook')
    const names = ['WordDocument', '1Table', 'Data', 'Extra', 'More']
    const file = makeCompoundFile(Object.fromEntries(names.map((name) => [name, Buffer.from('x')])))
    expect(compoundFileEntries(file)).toEqual(expect.arrayContaining(names))
  })

  test('does not list what is embedded further down', () => {
    const file = makeCompoundFile({ WordDocument: Buffer.from('x'), 'ObjectPool/_1/Workbook': Buffer.from('x') })
    expect(compoundFileEntries(file)).toContain('ObjectPool')
    expect(compoundFileEntries(file)).not.toContain('Workbook')
  })

  test('is empty for anything else, and ends on every damage', () => {
    expect(compoundFileEntries(Buffer.from('no compound file'))).toEqual([])
    const whole = makeWorkbook([{ rows: [['a']] }], { format: 'biff8' })
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), fc.array(change), (end, changes) => {
        const bytes = whole.slice(0, end)
        for (const [at, value] of changes) if (at > 7 && at < end) bytes[at] = value
        expect(Array.isArray(compoundFileEntries(bytes))).toBe(true)
      }),
    )
  })
})

describe('isCompoundFile', () => {
  test('goes by the first eight bytes', () => {
    expect(isCompoundFile(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe(true)
    expect(isCompoundFile(Buffer.from('d0cf11e0', 'hex'))).toBe(false)
  })
})
