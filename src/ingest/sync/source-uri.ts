/**
 * The name by which a file is known: its absolute path with forward slashes. A backslash separates folders on Windows
 * and is part of a name everywhere else.
 */
export function sourceUriOf(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
}

/** Whether a path is a folder or stands below it; `/a/bc` is not below `/a/b`. */
export function isWithin(path: string, folder: string): boolean {
  const normal = (text: string) => text.replaceAll('\\', '/').replace(/\/+$/, '')
  return normal(path) === normal(folder) || normal(path).startsWith(`${normal(folder)}/`)
}

/** The same order on every machine, whatever its language. */
export const bySourceUri = (a: { sourceUri: string }, b: { sourceUri: string }) =>
  a.sourceUri < b.sourceUri ? -1 : a.sourceUri > b.sourceUri ? 1 : 0
