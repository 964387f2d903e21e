import { readFile } from 'node:fs/promises'
import { InkstoneError } from '../core/errors.js'

/** Gathers a flag that may be given several times; a password may hold anything, commas too. */
export function gatherPasswords(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value]
}

/** One password a line; empty lines count for nothing, spaces do. @throws InkstoneError `invalid_request` */
export async function readPasswordFile(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new InkstoneError('invalid_request', `the passwords cannot be read from "${path}": ${reason}`, {
      remedy: 'give --password-file a text file with one password a line',
      cause,
    })
  })
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return lines.filter((line) => line !== '')
}
