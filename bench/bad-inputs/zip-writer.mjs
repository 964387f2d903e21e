import { crc32, deflateRawSync } from 'node:zlib'

const utf8Names = 0x800

/**
 * An archive written field by field, so that every field can lie. An entry: `name`, `data`; `claimedSize` and
 * `claimedPacked` in place of the true sizes, `crc`, `flags`, `method`, `attributes` (upper half: the kind of file on
 * Unix), `packed` for bytes that are packed already, `sharesWith` for the index of an entry whose bytes it points at.
 */
export function zip(entries, { claimedEntries, comment = Buffer.alloc(0), prefix = Buffer.alloc(0) } = {}) {
  const parts = [prefix]
  const directory = []
  const offsets = []
  let offset = prefix.length
  for (const entry of entries) {
    const made = describe(entry)
    if (entry.sharesWith === undefined) {
      const local = Buffer.concat([header(0x04034b50, made, { isCentral: false }), made.name, made.packed])
      offsets.push(offset)
      offset += local.length
      parts.push(local)
    } else offsets.push(offsets[entry.sharesWith])
    directory.push(header(0x02014b50, made, { isCentral: true, offset: offsets.at(-1) }), made.name)
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE((claimedEntries ?? entries.length) & 0xffff, 8)
  end.writeUInt16LE((claimedEntries ?? entries.length) & 0xffff, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, listed, end, comment])
}

function describe({ name, data = '', method = 8, flags = utf8Names, attributes = 0, ...given }) {
  const raw = Buffer.from(data)
  const packed = given.packed ?? (method === 8 ? deflateRawSync(raw) : raw)
  return {
    name: Buffer.from(name),
    packed,
    method,
    flags,
    attributes,
    crc: given.crc ?? crc32(raw),
    size: given.claimedSize ?? raw.length,
    packedSize: given.claimedPacked ?? packed.length,
  }
}

function header(signature, entry, { isCentral, offset = 0 }) {
  const bytes = Buffer.alloc(isCentral ? 46 : 30)
  const at = isCentral ? 2 : 0
  bytes.writeUInt32LE(signature, 0)
  if (isCentral) bytes.writeUInt16LE(0x0314, 4)
  bytes.writeUInt16LE(20, 4 + at)
  bytes.writeUInt16LE(entry.flags, 6 + at)
  bytes.writeUInt16LE(entry.method, 8 + at)
  bytes.writeUInt32LE(entry.crc >>> 0, 14 + at)
  bytes.writeUInt32LE(entry.packedSize >>> 0, 18 + at)
  bytes.writeUInt32LE(entry.size >>> 0, 22 + at)
  bytes.writeUInt16LE(entry.name.length, 26 + at)
  if (isCentral) {
    bytes.writeUInt32LE(entry.attributes >>> 0, 38)
    bytes.writeUInt32LE(offset >>> 0, 42)
  }
  return bytes
}
