import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { imageHeader } from '../../../src/ingest/parsers/image-header.js'
import { makePng } from '../fixtures/picture.js'

const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex')

describe('imageHeader', () => {
  test.each([
    ['png', makePng(120, 45)],
    ['gif', bytes('474946383961 7800 2d00 000000')],
    ['bmp', bytes('424d 00000000 00000000 36000000 28000000 78000000 d3ffffff')],
    ['jpeg', bytes('ffd8 ffe0 0004 0000 ffff ffc4 0003 00 ffc2 000b 08 002d 0078 01 01 11 00')],
    ['tiff', bytes('49492a00 08000000 0200 0001 0300 01000000 78000000 0101 0400 01000000 2d000000')],
    ['tiff', bytes('4d4d002a 00000008 0002 0100 0003 00000001 00780000 0101 0004 00000001 0000002d')],
    ['webp', bytes('52494646 00000000 57454250 56503820 00000000 000000 9d012a 7800 2d00')],
    ['webp', bytes('52494646 00000000 57454250 56503858 00000000 00000000 770000 2c0000')],
    ['webp', bytes('52494646 00000000 57454250 5650384c 00000000 2f 77000b00')],
  ])('knows the kind and size of a %s', (format, data) => {
    expect(imageHeader(data)).toEqual({ format, width: 120, height: 45 })
  })

  test('knows nothing of other files, and of none that is cut off', () => {
    expect(imageHeader(Buffer.from('<svg/>'))).toBeNull()
    expect(imageHeader(makePng(120, 45).subarray(0, 20))).toBeNull()
    expect(imageHeader(bytes('ffd8 ffe0 0004 0000'))).toBeNull()
  })

  test('ends on any bytes', () => {
    const starts = ['89504e470d0a1a0a', '474946383961', '424d', 'ffd8ff', '49492a00', '4d4d002a', '52494646']
    const data = fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }))
    fc.assert(
      fc.property(data, ([start, rest]) => {
        const header = imageHeader(Buffer.concat([Buffer.from(start, 'hex'), rest]))
        expect(header === null || (header.width > 0 && header.height > 0)).toBe(true)
      }),
    )
  })
})
