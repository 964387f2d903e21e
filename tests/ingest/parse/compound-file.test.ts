import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CompoundEntry,
  compoundFileEntries,
  isCompoundFile,
  openCompoundFile,
} from '../../../src/ingest/parse/compound-file.js'
import { makeCompoundFile, makeWorkbook } from '../fixtures/workbook.js'

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

describe('openCompoundFile', () => {
  const find = (root: CompoundEntry | null, ...path: string[]) =>
    path.reduce<CompoundEntry | null>((at, name) => at?.children.find((entry) => entry.name === name) ?? null, root)

  test('reads small and large streams, in folders too', () => {
    const large = Buffer.alloc(20_000, 'large ')
    const root = openCompoundFile(makeCompoundFile({ small: Buffer.from('一'), 'a/b/large': large }))
    expect(find(root, 'small')?.read()?.toString()).toBe('一')
    expect(find(root, 'a', 'b', 'large')?.read()?.equals(large)).toBe(true)
    expect(find(root, 'a')?.read()).toBeNull()
  })

  test('reads streams of a file so large that its table is listed outside the header', () => {
    const large = Buffer.alloc(9_000_000, 'x')
    const root = openCompoundFile(makeCompoundFile({ large, last: Buffer.alloc(5000, 'z') }))
    expect(find(root, 'large')?.read()?.length).toBe(9_000_000)
    expect(find(root, 'last')?.read()?.toString('latin1', 4990)).toBe('z'.repeat(10))
  })

  test('gives nothing for a stream that claims more than there is', () => {
    const file = Buffer.from(makeCompoundFile({ claim: Buffer.alloc(5000, 'x') }))
    const at = file.indexOf(Buffer.from('claim', 'utf16le'))
    file.writeUInt32LE(2_000_000_000, at + 120)
    expect(find(openCompoundFile(file), 'claim')?.read()).toBeNull()
  })

  test('ends on chains and siblings that bite their own tails', () => {
    const file = Buffer.from(makeCompoundFile({ loop: Buffer.alloc(5000, 'x'), other: Buffer.from('y') }))
    const loop = file.indexOf(Buffer.from('loop', 'utf16le'))
    const other = file.indexOf(Buffer.from('other', 'utf16le'))
    for (const at of [loop, other]) for (const link of [68, 72]) file.writeUInt32LE(1, at + link)
    const table = (file.readUInt32LE(76) + 1) * 512
    for (let sector = 0; sector < 128; sector += 1) file.writeUInt32LE(0, table + sector * 4)
    const root = openCompoundFile(file)
    expect(root?.children.every((entry) => entry.read() === null || entry.sizeBytes < 5000)).toBe(true)
  })
})
