import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Embedding } from '../core/types.js'
import type { Passage } from './beir.js'

/** A piece of a passage: `text.slice(start, end)`, with the vector of what was embedded for it. */
export interface EmbeddedPiece {
  start: number
  end: number
  tokenCount: number
  vector: Embedding
}

/** Embedded passages on disk, by content. */
export interface PassageCache {
  /** Null when it is not there, or was damaged. */
  get(passage: Passage): Promise<EmbeddedPiece[] | null>
  put(entries: readonly { passage: Passage; pieces: readonly EmbeddedPiece[] }[]): Promise<void>
  close(): Promise<void>
}

const keyBytes = 32
const headBytes = keyBytes + 4
const numberBytes = 4
/** A file is read whole to find what it holds. */
const mostSegmentBytes = 128 * 1024 * 1024

interface Place {
  file: FileHandle
  position: number
  count: number
}

/**
 * Opens the cache of one fingerprint: a folder of files that are only ever appended to, each by one process, so that
 * neither two runs at a time nor a run that was killed can spoil it. A record is a SHA-256 of title and text, the number
 * of pieces, and for each piece start, end, tokens (32-bit integers) and the vector (32-bit floats), little-endian.
 * @param fingerprint names the embedder and how passages are cut: with another one, nothing is found
 */
export async function openPassageCache(
  folder: string,
  { fingerprint, dimensions }: { fingerprint: string; dimensions: number },
): Promise<PassageCache> {
  const own = join(folder, createHash('sha256').update(fingerprint).digest('hex').slice(0, 32))
  await mkdir(own, { recursive: true })
  const pieceBytes = (3 + dimensions) * numberBytes
  const places = new Map<string, Place>()
  const files: FileHandle[] = []
  for (const name of await readdir(own)) {
    const path = join(own, name)
    const file = await open(path, 'r')
    files.push(file)
    indexSegment(await readFile(path), { file, pieceBytes, places })
  }
  let segment: { file: FileHandle; sizeBytes: number } | null = null

  async function writable() {
    if (segment !== null && segment.sizeBytes < mostSegmentBytes) return segment
    segment = { file: await open(join(own, `${randomUUID()}.vectors`), 'wx+'), sizeBytes: 0 }
    files.push(segment.file)
    return segment
  }

  return {
    async get(passage) {
      const place = places.get(keyOf(passage).toString('hex'))
      if (place === undefined) return null
      const bytes = Buffer.alloc(place.count * pieceBytes)
      await place.file.read(bytes, 0, bytes.length, place.position)
      const pieces = Array.from({ length: place.count }, (_, at) =>
        pieceIn(bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes)),
      )
      return pieces.every((piece) => isSound(piece, passage)) ? pieces : null
    },
    async put(entries) {
      const target = await writable()
      const records = entries.map(({ passage, pieces }) => record(keyOf(passage), pieces, pieceBytes))
      const bytes = Buffer.concat(records)
      await target.file.write(bytes, 0, bytes.length, target.sizeBytes)
      indexSegment(bytes, { file: target.file, pieceBytes, places, startsAt: target.sizeBytes })
      target.sizeBytes += bytes.length
    },
    async close() {
      await Promise.all(files.map((file) => file.close()))
    },
  }
}

/** Notes where each record lies. The last one of a run that was killed may be cut short: it does not count. */
function indexSegment(
  bytes: Buffer,
  {
    file,
    pieceBytes,
    places,
    startsAt = 0,
  }: { file: FileHandle; pieceBytes: number; places: Map<string, Place>; startsAt?: number },
): void {
  let at = 0
  while (at + headBytes <= bytes.length) {
    const key = bytes.toString('hex', at, at + keyBytes)
    const count = bytes.readUInt32LE(at + keyBytes)
    const end = at + headBytes + count * pieceBytes
    if (end > bytes.length) return
    places.set(key, { file, position: startsAt + at + headBytes, count })
    at = end
  }
}

function record(key: Buffer, pieces: readonly EmbeddedPiece[], pieceBytes: number): Buffer {
  const bytes = Buffer.alloc(headBytes + pieces.length * pieceBytes)
  key.copy(bytes)
  bytes.writeUInt32LE(pieces.length, keyBytes)
  for (const [index, { start, end, tokenCount, vector }] of pieces.entries()) {
    const at = headBytes + index * pieceBytes
    for (const [place, value] of [start, end, tokenCount].entries())
      bytes.writeUInt32LE(value, at + place * numberBytes)
    for (const [place, value] of vector.entries()) bytes.writeFloatLE(value, at + (3 + place) * numberBytes)
  }
  return bytes
}

function pieceIn(bytes: Buffer): EmbeddedPiece {
  const vector = new Float32Array(bytes.length / numberBytes - 3)
  for (let place = 0; place < vector.length; place += 1) vector[place] = bytes.readFloatLE((3 + place) * numberBytes)
  return { start: bytes.readUInt32LE(0), end: bytes.readUInt32LE(4), tokenCount: bytes.readUInt32LE(8), vector }
}

/** A vector has norm 1, and a piece lies in its passage: what a damaged disk gave back mostly does not. */
function isSound({ start, end, vector }: EmbeddedPiece, { text }: Passage): boolean {
  return start < end && end <= text.length && Math.abs(Math.hypot(...vector) - 1) < 1e-3
}

function keyOf({ title, text }: Passage): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([title, text]))
    .digest()
}
