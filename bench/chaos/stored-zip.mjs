import { crc32 } from 'node:zlib'

/** A ZIP archive whose entries are stored as they are. */
export function storedZip(entries) {
  const locals = []
  const directory = []
  let offset = 0
  for (const [name, content] of entries) {
    const bytes = Buffer.from(content)
    const path = Buffer.from(name)
    const local = header(0x04034b50, { bytes, path })
    directory.push(header(0x02014b50, { bytes, path, offset }))
    locals.push(local, bytes)
    offset += local.length + bytes.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...directory, end])
}

/** Both headers share their middle part; the one in the directory also says where the entry begins. */
function header(signature, { bytes, path, offset }) {
  const isCentral = offset !== undefined
  const buffer = Buffer.alloc(isCentral ? 46 : 30)
  const shared = isCentral ? 6 : 4
  buffer.writeUInt32LE(signature, 0)
  if (isCentral) buffer.writeUInt16LE(20, 4)
  buffer.writeUInt16LE(20, shared)
  buffer.writeUInt16LE(0x0800, shared + 2)
  buffer.writeUInt32LE(crc32(bytes), shared + 10)
  buffer.writeUInt32LE(bytes.length, shared + 14)
  buffer.writeUInt32LE(bytes.length, shared + 18)
  buffer.writeUInt16LE(path.length, shared + 22)
  if (isCentral) buffer.writeUInt32LE(offset, 42)
  return Buffer.concat([buffer, path])
}
