import { basename, relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { InkstoneError } from '../../core/errors.js'
import { type IgnoreRules, ignoreFileName, ignoreRules } from './ignore.js'

export interface FolderChangesOptions {
  /** Ask the file system again and again, for drives that tell nothing by themselves. */
  poll: boolean
  pollMs: number
  /** Called with each path that came, changed or went, also with folders; `isLink` when it is a symbolic link. */
  onChange: (path: string, change: { isLink: boolean }) => void
  /** Called when changes may have been missed. */
  onMissed: (reason: string) => void
}

/** Watches until it is closed. */
export interface FolderChanges {
  close(): Promise<void>
}

/** A driver that watches folders; it resolves when every later change will be told. */
export type OpenFolderChanges = (roots: readonly string[], options: FolderChangesOptions) => Promise<FolderChanges>

/**
 * Watches with what the operating system offers. Links are told and not followed, and what ignore files name is not
 * watched, the ignore files themselves excepted.
 * @throws InkstoneError `internal` when the system watches no more files
 */
export const openFolderChanges: OpenFolderChanges = async (roots, { poll, pollMs, onChange, onMissed }) => {
  const rules = new Map(roots.map((root) => [root, ignoreRules(root)]))
  const watcher = watch([...roots], {
    ignoreInitial: true,
    followSymlinks: false,
    alwaysStat: true,
    ignorePermissionErrors: true,
    usePolling: poll,
    interval: pollMs,
    binaryInterval: pollMs,
    ignored: (path, stats) => isIgnored(path, stats?.isDirectory() ?? false, rules),
  })
  try {
    await new Promise<void>((resolve, reject) => {
      watcher.on('ready', resolve)
      watcher.on('error', (error) => reject(watchError(error)))
    })
  } catch (error) {
    await watcher.close()
    throw error
  }
  watcher.removeAllListeners('error')
  watcher.on('error', (error) => onMissed(String(error)))
  watcher.on('all', (_event, path, stats) => onChange(path, { isLink: stats?.isSymbolicLink() ?? false }))
  return { close: () => watcher.close() }
}

function isIgnored(path: string, isFolder: boolean, rules: ReadonlyMap<string, IgnoreRules>): boolean {
  if (basename(path) === ignoreFileName) return false
  for (const [root, rule] of rules) {
    const relativePath = relative(root, path).split(sep).join('/')
    if (relativePath === '' || relativePath.startsWith('../') || relativePath === '..') continue
    try {
      return rule.reasonFor(relativePath, { isFolder }) !== null
    } catch {
      // An ignore file that cannot be read is told when the folder is looked at.
      return false
    }
  }
  return false
}

function watchError(error: unknown): InkstoneError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = `the folder cannot be watched: ${error instanceof Error ? error.message : String(error)}`
  if (code !== 'ENOSPC' && code !== 'EMFILE') return new InkstoneError('internal', message, { cause: error })
  return new InkstoneError('internal', message, {
    remedy: 'give --poll, or raise the limit (fs.inotify.max_user_watches on Linux, ulimit -n elsewhere)',
    cause: error,
  })
}
