import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InkstoneError } from '../../core/errors.js'

export interface Conversion {
  /** LibreOffice's program. */
  soffice: string
  /** The file to convert; its ending tells LibreOffice what to try first. */
  input: string
  /** The ending of the file to make. */
  format: 'docx' | 'pptx'
  scratchDir: string
}

/** Where programs that LibreOffice's start script needs are found. */
const searchPath = '/usr/local/bin:/usr/bin:/bin'
const longestNote = 2000

/**
 * Converts a file with LibreOffice: without a window, with a profile of its own in the scratch folder, so that no other
 * run is in its way. It stays in this process's group, and ends with it.
 * @returns the path of the new file
 * @throws InkstoneError `file_corrupt` where it makes no file, `unsupported_format` where it cannot be started
 */
export async function convertWithSoffice({ soffice, input, format, scratchDir }: Conversion): Promise<string> {
  const profile = join(scratchDir, 'office-profile')
  const output = join(scratchDir, 'office-output')
  await mkdir(profile, { recursive: true })
  await mkdir(output, { recursive: true })
  const child = spawn(
    soffice,
    [
      '--headless',
      '--norestore',
      '--nologo',
      '--nolockcheck',
      '--nodefault',
      `-env:UserInstallation=${pathToFileURL(profile).href}`,
      '--convert-to',
      format,
      '--outdir',
      output,
      input,
    ],
    {
      cwd: scratchDir,
      // Not the caller's environment: a converter needs no keys. Without a display it draws into memory.
      env: { PATH: searchPath, HOME: profile, TMPDIR: scratchDir, LC_ALL: 'C.UTF-8', SAL_USE_VCLPLUGIN: 'svp' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const note = await ended(child, soffice)
  const made = (await readdir(output)).find((name) => name.toLowerCase().endsWith(`.${format}`))
  if (made === undefined) throw notConverted(note)
  return join(output, made)
}

/** Waits for the end. Returns what the program said of errors. */
async function ended(child: ChildProcess, soffice: string): Promise<string> {
  const parts: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    if (parts.join('').length < longestNote) parts.push(part)
  })
  await new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(soffice, cause)))
    // A program that LibreOffice itself leaves behind may keep the pipe open: its exit counts.
    child.once('exit', () => resolve())
  })
  return parts.join('').slice(0, longestNote)
}

function notStarted(soffice: string, cause: unknown): InkstoneError {
  return new InkstoneError('unsupported_format', `LibreOffice could not be started from "${soffice}"`, {
    remedy: 'install LibreOffice, or set INKSTONE_SOFFICE_PATH to its program',
    cause,
  })
}

function notConverted(note: string): InkstoneError {
  return new InkstoneError('file_corrupt', 'LibreOffice could not read the file', {
    remedy: 'open it in its program and save it again, as .docx or .pptx',
    cause: new Error(note),
  })
}
