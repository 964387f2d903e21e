import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { InkstoneError } from '../../core/errors.js'

/** A file was written to while it was read: what was read may be a mixture. */
export class FileChangedError extends Error {
  constructor(path: string) {
    super(`"${path}" was changed while it was read`)
    this.name = 'FileChangedError'
  }
}

const pieceBytes = 65_536

/**
 * The bytes of a file as it stood at one moment. Nothing is opened before the first are asked for.
 * @throws FileChangedError behind the last piece, when size or time of change is another than before the first
 */
export async function* steadyBytes(path: string): AsyncGenerator<Uint8Array> {
  const handle = await openForReading(path)
  try {
    const before = await stateOf(handle)
    // One that grows as fast as it is read has no end.
    for (let readBytes = 0; readBytes <= before.sizeBytes; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes)
      if (bytesRead === 0) break
      readBytes += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    const after = await stateOf(handle)
    if (after.sizeBytes !== before.sizeBytes || after.changedNs !== before.changedNs) throw new FileChangedError(path)
  } finally {
    await handle.close()
  }
}

/** Without O_NONBLOCK the opening of a pipe that has taken the place of a file would wait for ever. */
export function openForReading(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
}

async function stateOf(handle: FileHandle): Promise<{ sizeBytes: bigint; changedNs: bigint }> {
  const { size, mtimeNs } = await handle.stat({ bigint: true })
  return { sizeBytes: size, changedNs: mtimeNs }
}

/** What keeps a file from being read, such as missing rights. */
export function unreadableFile(error: unknown): InkstoneError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return new InkstoneError('file_unreadable', `it cannot be read (${reason})`, {
    remedy: 'check that it exists and that this user may read it',
    cause: error,
  })
}
