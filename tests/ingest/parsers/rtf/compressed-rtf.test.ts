import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decompressRtf } from '../../../../src/ingest/parsers/rtf/compressed-rtf.js'

/** The two examples of [MS-OXRTFCP] 4. */
const simple = '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0'
const crossing = '1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0'

describe('decompressRtf', () => {
  test('reads the examples of the specification', () => {
    expect(decompressRtf(Buffer.from(simple, 'hex'))?.toString()).toBe(
      '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n',
    )
    expect(decompressRtf(Buffer.from(crossing, 'hex'))?.toString()).toBe('{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}')
  })

  test('reads what is not compressed, and nothing else', () => {
    const plain = Buffer.concat([
      Buffer.alloc(4),
      Buffer.from([3, 0, 0, 0]),
      Buffer.from('MELA'),
      Buffer.alloc(4),
      Buffer.from('abcd'),
    ])
    expect(decompressRtf(plain)?.toString()).toBe('abc')
    expect(decompressRtf(Buffer.from('{\\rtf1 a longer text}'))).toBeNull()
    expect(decompressRtf(Buffer.alloc(3))).toBeNull()
  })

  test('ends on every damage, and never makes more than it may', () => {
    const header = Buffer.from(simple, 'hex').subarray(0, 16)
    header.writeUInt32LE(0xffffffff, 4)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const made = decompressRtf(Buffer.concat([header, bytes]), { maxBytes: 1000 })
        expect(made?.length ?? -1).toBeLessThanOrEqual(1000)
      }),
    )
  })
})
