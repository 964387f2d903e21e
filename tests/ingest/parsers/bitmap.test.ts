import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBitmap } from '../../../src/ingest/parsers/bitmap.js'
import { bitmapHeader, makeBitmap } from '../fixtures/bitmap.js'

describe('readBitmap', () => {
  test('reads colours from the upper left corner', () => {
    const bitmap = makeBitmap([
      ['#ff0000', '#00ff00', '#0000ff'],
      ['#000000', '#ffffff', '#123456'],
    ])
    expect(readBitmap(bitmap)).toMatchObject({ width: 3, height: 2 })
    expect(readBitmap(bitmap)?.data.toString('hex')).toBe('ff000000ff000000ff000000ffffff123456')
  })

  test('reads palettes of 1, 4 and 8 bits, and rows from the top', () => {
    const palette = Buffer.from('00000000ffffff00', 'hex')
    const of = (bits: number, line: string) =>
      readBitmap(
        Buffer.concat([
          bitmapHeader({ width: 2, height: -1, bits, paletteBytes: 8 }),
          palette,
          Buffer.from(line, 'hex'),
        ]),
      )?.data.toString('hex')
    expect(of(1, '40000000')).toBe('000000ffffff')
    expect(of(4, '01000000')).toBe('000000ffffff')
    expect(of(8, '00010000')).toBe('000000ffffff')
  })

  test('gives nothing for what is cut off or of another kind', () => {
    const bitmap = makeBitmap([['#ff0000', '#00ff00']])
    expect(readBitmap(bitmap.subarray(0, bitmap.length - 1))).toBeNull()
    expect(readBitmap(Buffer.from('BM'))).toBeNull()
    const packed = Buffer.from(bitmap)
    packed.writeUInt32LE(1, 30)
    expect(readBitmap(packed)).toBeNull()
  })

  test('ends on every header', () => {
    const bitmap = makeBitmap([['#ff0000', '#00ff00']])
    const change = fc.tuple(fc.nat(53), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), (changes) => {
        const bytes = Buffer.from(bitmap)
        for (const [at, value] of changes) bytes[at] = value
        const read = readBitmap(bytes)
        expect(read === null || read.data.length === read.width * read.height * 3).toBe(true)
      }),
    )
  })
})
