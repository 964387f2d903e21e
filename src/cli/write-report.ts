import { constants } from 'node:fs'
import { access, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InkstoneError, toInkstoneError } from '../core/errors.js'

/** A page for people, a run for later comparisons, or questions: what the command was told to write. */
type ReportKind = 'report' | 'run' | 'candidates'

const flags: Record<ReportKind, string> = { report: '--report', run: '--save', candidates: '--out' }

/** Whether a report can be written, said before hours of work. @throws InkstoneError `invalid_request` */
export async function checkReportPath(path: string, { kind = 'report' }: { kind?: ReportKind } = {}): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw reportError(path, kind, error)
  })
}

/** Writes a report whole or not at all. @throws InkstoneError `invalid_request`, `storage_full` */
export async function writeReport(
  path: string,
  text: string,
  { kind = 'report' }: { kind?: ReportKind } = {},
): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    await writeFile(beside, text)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw reportError(path, kind, error)
  }
}

function reportError(path: string, kind: ReportKind, cause: unknown): InkstoneError {
  const { code, message, remedy } = toInkstoneError(cause, 'invalid_request')
  return new InkstoneError(code, `the ${kind} cannot be written to "${path}": ${message}`, {
    remedy: remedy ?? `give ${flags[kind]} a path in a folder that is there and that this user may write to`,
    cause,
  })
}
