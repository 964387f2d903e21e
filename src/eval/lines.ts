import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InkstoneError } from '../core/errors.js'

export interface Line {
  text: string
  /** Counts from 1. */
  number: number
}

/** The first of the paths that is there, each also tried with `.gz` behind. @throws InkstoneError `not_found` */
export async function existingPath(paths: readonly string[]): Promise<string> {
  for (const path of paths.flatMap((plain) => [plain, `${plain}.gz`])) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  throw new InkstoneError('not_found', `there is no ${paths.join(' nor ')}, with or without .gz`, {
    remedy: 'give --beir a folder with corpus.jsonl, queries.jsonl and qrels.tsv, each plain or gzipped',
  })
}

/**
 * The lines of a text file in UTF-8, unpacked when its name ends in `.gz`, those without anything but white space left
 * out. No more than a piece of the file is held at a time.
 * @throws InkstoneError `file_corrupt`
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 0
  let rest = ''
  try {
    for await (const bytes of bytesOf(path)) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      for (const text of parts) {
        number += 1
        if (text.trim() !== '') yield { text, number }
      }
    }
    rest += decoder.decode()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new InkstoneError('file_corrupt', `${basename(path)} cannot be read after line ${number}: ${reason}`, {
      remedy: 'fetch or pack the file again',
      cause,
    })
  }
  if (rest.trim() !== '') yield { text: rest, number: number + 1 }
}

function bytesOf(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  if (!path.endsWith('.gz')) return file
  // Its error reaches whoever reads the lines.
  return pipeline(file, createGunzip(), () => undefined)
}
