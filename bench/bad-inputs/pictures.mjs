import { crc32, deflateSync } from 'node:zlib'

const MiB = 1024 * 1024

/** Pictures that claim to be huge, are huge, turn in circles or end too early. */
export function* pictures() {
  yield ['png/claims-gigapixels.png', png(60_000, 60_000, deflateSync(Buffer.alloc(10)))]
  yield ['png/is-huge.png', png(20_000, 20_000, deflateSync(Buffer.alloc(20_000 * 2_501)), { depth: 1, colour: 0 })]
  yield ['png/unpacks-to-more.png', png(100, 100, deflateSync(Buffer.alloc(256 * MiB)))]
  yield ['png/of-no-size.png', png(0, 0, deflateSync(Buffer.alloc(1)))]
  yield ['png/one-pixel.png', png(1, 1, deflateSync(Buffer.alloc(4)))]
  yield ['png/one-row.png', png(200_000, 1, deflateSync(Buffer.alloc(600_001)))]
  yield ['png/depth-lies.png', png(50, 50, deflateSync(Buffer.alloc(9000)), { depth: 77, colour: 9 })]
  yield [
    'png/text-bomb.png',
    png(50, 50, deflateSync(Buffer.alloc(7550)), {
      before: [chunk('zTXt', Buffer.concat([Buffer.from('k\0\0'), deflateSync(Buffer.alloc(128 * MiB))]))],
    }),
  ]
  yield [
    'png/chunks-without-number.png',
    png(50, 50, deflateSync(Buffer.alloc(7550)), {
      before: Array.from({ length: 50_000 }, () => chunk('tEXt', Buffer.from('a\0b'))),
    }),
  ]
  yield ['png/chunk-length-lies.png', Buffer.concat([signature, Buffer.from('7fffffff', 'hex'), Buffer.from('IHDR')])]
  yield ['jpg/claims-gigapixels.jpg', jpeg(65_500, 65_500)]
  yield ['jpg/of-no-size.jpg', jpeg(0, 0)]
  yield ['jpg/markers-only.jpg', Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(200_000, 0xff)])]
  yield ['jpg/segments-lie.jpg', Buffer.from(`ffd8${'ffe0ffff'.repeat(5)}00`, 'hex')]
  yield [
    'gif/claims-gigapixels.gif',
    Buffer.from('474946383961ffffffff800000000000ffffff2c00000000ffffffff00020144003b', 'hex'),
  ]
  yield [
    'gif/frames-without-number.gif',
    Buffer.concat([
      Buffer.from('47494638396101000100800000000000ffffff', 'hex'),
      ...Array.from({ length: 30_000 }, () => Buffer.from('2c000000000100010000020144003b', 'hex').subarray(0, 14)),
    ]),
  ]
  yield ['tiff/directory-follows-itself.tiff', tiff(8)]
  yield ['tiff/directory-far-away.tiff', tiff(0xfffffff0)]
  yield ['tiff/claims-gigapixels.tiff', tiff(0)]
  yield ['bmp/claims-gigapixels.bmp', bmp(0x7fffffff, 0x7fffffff)]
  yield ['bmp/negative.bmp', bmp(-5, -5)]
  yield [
    'webp/claims-much.webp',
    Buffer.concat([
      Buffer.from('RIFF'),
      Buffer.from('ffffff7f', 'hex'),
      Buffer.from('WEBPVP8X'),
      Buffer.from('0a00000010000000ffffffffffff', 'hex'),
    ]),
  ]
  yield [
    'svg/uses-itself.svg',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><use href="#a"/><use href="#a"/></g></svg>'),
  ]
  yield [
    'svg/reads-files.svg',
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"><image href="file:///etc/passwd"/><text>t</text></svg>',
    ),
  ]
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex')

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body) >>> 0)
  return Buffer.concat([length, body, sum])
}

function png(width, height, packed, { depth = 8, colour = 2, before = [] } = {}) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  header[9] = colour
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', packed),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function jpeg(width, height) {
  const frame = Buffer.from('ffc0001108000000000301220002110103110100', 'hex')
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    frame.subarray(0, 19),
    Buffer.from('ffda000c03010002110311003f00', 'hex'),
    Buffer.alloc(100),
    Buffer.from('ffd9', 'hex'),
  ])
}

/** One directory with a width and a height, and where the next directory is said to stand. */
function tiff(next) {
  const bytes = Buffer.alloc(8 + 2 + 24 + 4)
  bytes.write('II*\0', 0, 'latin1')
  bytes.writeUInt32LE(8, 4)
  bytes.writeUInt16LE(2, 8)
  for (const [index, tag] of [0x100, 0x101].entries()) {
    bytes.writeUInt16LE(tag, 10 + index * 12)
    bytes.writeUInt16LE(4, 12 + index * 12)
    bytes.writeUInt32LE(1, 14 + index * 12)
    bytes.writeUInt32LE(100_000, 18 + index * 12)
  }
  bytes.writeUInt32LE(next, 34)
  return bytes
}

function bmp(width, height) {
  const bytes = Buffer.alloc(100)
  bytes.write('BM', 0)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  return bytes
}
