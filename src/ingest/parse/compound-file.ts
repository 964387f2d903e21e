const signature = 'd0cf11e0a1b11ae1'
const headerBytes = 512
const entryBytes = 128
const noEntry = 0xffffffff
/** Sector numbers from here on are marks, such as the end of a chain. */
const firstMark = 0xfffffffa
const sectorsInHeader = 109

/** A file or folder inside a compound file. */
export interface CompoundEntry {
  name: string
  kind: 'folder' | 'stream'
  sizeBytes: number
  children: CompoundEntry[]
  /** The bytes of a stream; null where its sectors do not hold what the entry says. */
  read(): Buffer | null
}

/** Whether the bytes begin a compound file: the container of the Office formats before 2007. */
export function isCompoundFile(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 8)).toString('hex') === signature
}

/**
 * The names at the top of a compound file, which tell its program: a document that is embedded further down does not
 * count. Empty where the directory cannot be read.
 */
export function compoundFileEntries(bytes: Uint8Array): string[] {
  const root = openCompoundFile(bytes)
  return root === null ? [] : [root.name, ...root.children.map(({ name }) => name)]
}

/**
 * The root folder of a compound file, or null where there is no directory. Every sector and entry is followed once, so
 * that no chain that bites its own tail holds a reader up. Source: [MS-CFB].
 */
export function openCompoundFile(bytes: Uint8Array): CompoundEntry | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isCompoundFile(bytes) || file.length < headerBytes) return null
  const sectorBytes = 1 << Math.min(file.readUInt16LE(30), 20)
  if (sectorBytes !== 512 && sectorBytes !== 4096) return null
  const sectors = sectorReader(file, sectorBytes)
  const directory = sectors.chain(file.readUInt32LE(48))
  if (directory.length < entryBytes) return null
  const miniTable = sectors.chain(file.readUInt32LE(60))
  const miniStream = sectors.chain(directory.readUInt32LE(116))
  const minis = { table: miniTable, stream: miniStream, below: file.readUInt32LE(56) }
  const seen = new Set<number>([noEntry])
  return readEntry(0, { directory, seen, read: (start, size) => readStream(start, size, { sectors, minis }) })
}

interface Sectors {
  /** The sectors of a chain, one after the other. */
  chain(start: number): Buffer
}

function sectorReader(file: Buffer, sectorBytes: number): Sectors {
  const perSector = sectorBytes / 4
  const startOf = (sector: number) => (sector + 1) * sectorBytes
  const tables = allocationTables(file, sectorBytes)
  const next = (sector: number) => {
    const table = tables[Math.floor(sector / perSector)]
    const at = table === undefined ? -1 : startOf(table) + (sector % perSector) * 4
    return at >= 0 && at + 4 <= file.length ? file.readUInt32LE(at) : noEntry
  }
  return {
    chain(start) {
      const seen = new Set<number>()
      for (let sector = start; startOf(sector) < file.length && !seen.has(sector); sector = next(sector)) {
        seen.add(sector)
      }
      return Buffer.concat([...seen].map((sector) => file.subarray(startOf(sector), startOf(sector + 1))))
    },
  }
}

/** The sectors of the allocation table: the header lists the first ones, and a chain of lists the others. */
function allocationTables(file: Buffer, sectorBytes: number): number[] {
  const tables: number[] = []
  const take = (at: number, count: number) => {
    for (let index = 0; index < count && at + index * 4 + 4 <= file.length; index += 1) {
      const sector = file.readUInt32LE(at + index * 4)
      if (sector < firstMark) tables.push(sector)
    }
  }
  take(76, sectorsInHeader)
  const perList = sectorBytes / 4 - 1
  const seen = new Set<number>()
  for (let list = file.readUInt32LE(68); !seen.has(list); ) {
    const at = (list + 1) * sectorBytes
    if (list >= firstMark || at + sectorBytes > file.length) break
    seen.add(list)
    take(at, perList)
    list = file.readUInt32LE(at + perList * 4)
  }
  return tables
}

function readStream(
  start: number,
  size: number,
  { sectors, minis }: { sectors: Sectors; minis: { table: Buffer; stream: Buffer; below: number } },
): Buffer | null {
  const content = size < minis.below ? readMini(start, minis) : sectors.chain(start)
  return content.length < size ? null : content.subarray(0, size)
}

const miniBytes = 64

/** Small streams lie in pieces of 64 bytes inside the root's own stream. */
function readMini(start: number, { table, stream }: { table: Buffer; stream: Buffer }): Buffer {
  const seen = new Set<number>()
  for (let piece = start; piece * miniBytes < stream.length && !seen.has(piece); ) {
    seen.add(piece)
    piece = piece * 4 + 4 <= table.length ? table.readUInt32LE(piece * 4) : noEntry
  }
  return Buffer.concat([...seen].map((piece) => stream.subarray(piece * miniBytes, (piece + 1) * miniBytes)))
}

interface Directory {
  directory: Buffer
  seen: Set<number>
  read(start: number, size: number): Buffer | null
}

const deepestFolder = 100

function readEntry(id: number, source: Directory, depth = 0): CompoundEntry {
  const { directory, seen, read } = source
  const at = id * entryBytes
  seen.add(id)
  const isStream = directory[at + 66] === 2
  const [start, sizeBytes] = [directory.readUInt32LE(at + 116), directory.readUInt32LE(at + 120)]
  const nameBytes = Math.min(directory.readUInt16LE(at + 64), 64)
  return {
    name: directory.toString('utf16le', at, at + Math.max(0, nameBytes - 2)),
    kind: isStream ? 'stream' : 'folder',
    sizeBytes: isStream ? sizeBytes : 0,
    children: isStream || depth >= deepestFolder ? [] : childrenOf(directory.readUInt32LE(at + 76), source, depth + 1),
    read: () => (isStream ? read(start, sizeBytes) : null),
  }
}

/** A folder's entries are a tree of siblings to the left and right. */
function childrenOf(first: number, source: Directory, depth: number): CompoundEntry[] {
  const { directory, seen } = source
  const children: CompoundEntry[] = []
  const open = [first]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const at = id * entryBytes
    if (seen.has(id) || at + entryBytes > directory.length) continue
    children.push(readEntry(id, source, depth))
    open.push(directory.readUInt32LE(at + 68), directory.readUInt32LE(at + 72))
  }
  return children
}
