const signature = 'd0cf11e0a1b11ae1'
const headerBytes = 512
const entryBytes = 128
const noEntry = 0xffffffff

/** Whether the bytes begin a compound file: the container of the Office formats before 2007. */
export function isCompoundFile(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 8)).toString('hex') === signature
}

/**
 * The names at the top of a compound file, which tell its program: a document that is embedded further down does not
 * count. Empty where the directory cannot be read. Source: [MS-CFB].
 */
export function compoundFileEntries(bytes: Uint8Array): string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isCompoundFile(bytes) || file.length < headerBytes) return []
  const directory = readDirectory(file)
  const names: string[] = []
  const seen = new Set<number>([noEntry])
  const open = [idAt(directory, 0, 76)]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id) || (id + 1) * entryBytes > directory.length) continue
    seen.add(id)
    names.push(nameOf(directory, id))
    // An entry's siblings to the left and right.
    open.push(idAt(directory, id, 68), idAt(directory, id, 72))
  }
  return names
}

/** The directory's sectors, which need not follow each other in the file. */
function readDirectory(file: Buffer): Buffer {
  const sectorBytes = 1 << file.readUInt16LE(30)
  if (sectorBytes !== 512 && sectorBytes !== 4096) return Buffer.alloc(0)
  const sectors = new Set<number>()
  const startOf = (sector: number) => (sector + 1) * sectorBytes
  for (let sector = file.readUInt32LE(48); startOf(sector) < file.length && !sectors.has(sector); ) {
    sectors.add(sector)
    sector = nextSector(file, { sector, sectorBytes })
  }
  return Buffer.concat([...sectors].map((sector) => file.subarray(startOf(sector), startOf(sector + 1))))
}

/**
 * The header lists the first 109 sectors of the allocation table, good for 7 MB. What a directory has beyond is left out:
 * a document's main streams stand at its beginning.
 */
function nextSector(file: Buffer, { sector, sectorBytes }: { sector: number; sectorBytes: number }): number {
  const perSector = sectorBytes / 4
  const table = Math.floor(sector / perSector)
  if (table >= 109) return noEntry
  const at = (file.readUInt32LE(76 + table * 4) + 1) * sectorBytes + (sector % perSector) * 4
  return at + 4 <= file.length ? file.readUInt32LE(at) : noEntry
}

function idAt(directory: Buffer, id: number, offset: number): number {
  const at = id * entryBytes + offset
  return at + 4 <= directory.length ? directory.readUInt32LE(at) : noEntry
}

function nameOf(directory: Buffer, id: number): string {
  const at = id * entryBytes
  const length = Math.min(directory.readUInt16LE(at + 64), 64)
  return directory.toString('utf16le', at, at + Math.max(0, length - 2))
}
