import { basename, dirname } from 'node:path'

/** The way from folders down to some paths. */
export interface PathsBelow {
  /** What to look at in a folder on the way, sorted; null for one of the paths and below it, where all of it counts. */
  namesIn(folder: string): string[] | null
}

/** @param paths absolute */
export function pathsBelow(paths: readonly string[]): PathsBelow {
  const ends = new Set(paths)
  const names = new Map<string, Set<string>>()
  for (const path of ends) {
    for (let inner = path, folder = dirname(path); folder !== inner; inner = folder, folder = dirname(folder)) {
      const inFolder = names.get(folder) ?? new Set()
      names.set(folder, inFolder.add(basename(inner)))
    }
  }
  return {
    namesIn(folder) {
      const inFolder = names.get(folder)
      return ends.has(folder) || inFolder === undefined ? null : [...inFolder].sort()
    },
  }
}
