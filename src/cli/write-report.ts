import { constants } from 'node:fs'
import { access, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InkstoneError, toInkstoneError } from '../core/errors.js'

/** Whether a report can be written, said before hours of work. @throws InkstoneError `invalid_request` */
export async function checkReportPath(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw reportError(path, error)
  })
}

/** Writes a report whole or not at all. @throws InkstoneError `invalid_request`, `storage_full` */
export async function writeReport(path: string, html: string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    await writeFile(beside, html)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw reportError(path, error)
  }
}

function reportError(path: string, cause: unknown): InkstoneError {
  const { code, message, remedy } = toInkstoneError(cause, 'invalid_request')
  return new InkstoneError(code, `the report cannot be written to "${path}": ${message}`, {
    remedy: remedy ?? 'give --report a path in a folder that is there and that this user may write to',
    cause,
  })
}
