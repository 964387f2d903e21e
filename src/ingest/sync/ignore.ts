import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import ignore, { type Ignore } from 'ignore'

export const ignoreFileName = '.inkstoneignore'

/** `rule`: a line of an ignore file says so. `default`: nobody wants such a file. */
export type IgnoreReason = 'rule' | 'default'

/** The ignore files of a folder and of all folders below it, read when they are first needed. */
export interface IgnoreRules {
  /**
   * Why a path is passed over; null when it is not. The folders above it must not be ignored themselves: nobody looks
   * into those, so that nothing in them can be taken back.
   * @param relativePath from the root, with forward slashes
   * @throws Error when an ignore file is there and cannot be read
   */
  reasonFor(relativePath: string, options: { isFolder: boolean }): IgnoreReason | null
}

/** Hidden files, what programs leave beside a document, what is still being fetched, and folders of the system. */
const defaultPatterns = [
  '.*',
  '~$*',
  'node_modules/',
  'Thumbs.db',
  'desktop.ini',
  '*.tmp',
  '*.part',
  '*.crdownload',
  '$RECYCLE.BIN/',
  'System Volume Information/',
]

/**
 * Reads the ignore files below a root. They are written as .gitignore files are; upper and lower case are the same. The
 * file of a folder has the last word on what lies below it, and `!name` takes back what one above, or the default, says.
 */
export function ignoreRules(root: string): IgnoreRules {
  const defaults = ignore().add(defaultPatterns.map((pattern) => ({ pattern, mark: 'default' })))
  const matchers = new Map<string, Ignore>()

  function matcherOf(folder: string): Ignore {
    const known = matchers.get(folder)
    if (known !== undefined) return known
    const inherited = folder === '' ? defaults : matcherOf(parentOf(folder))
    const patterns = patternsIn(join(root, folder, ignoreFileName)).map((pattern) => within(folder, pattern))
    const matcher = patterns.length === 0 ? inherited : ignore().add(inherited).add(patterns)
    matchers.set(folder, matcher)
    return matcher
  }

  return {
    reasonFor(relativePath, { isFolder }) {
      const { ignored, rule } = matcherOf(parentOf(relativePath)).test(isFolder ? `${relativePath}/` : relativePath)
      if (!ignored) return null
      return rule?.mark === 'default' ? 'default' : 'rule'
    },
  }
}

function parentOf(relativePath: string): string {
  const parent = dirname(relativePath)
  return parent === '.' ? '' : parent
}

function patternsIn(path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return []
    throw error
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

/**
 * The same pattern seen from the root. A pattern with a slash before its end is anchored at its folder, any other holds
 * in every folder below.
 */
function within(folder: string, line: string): string {
  if (folder === '') return line
  const negation = line.startsWith('!') ? '!' : ''
  const pattern = line.slice(negation.length).replace(/^\\(?=[!#])/, '')
  const isAnchored = pattern.replace(/\s+$/, '').slice(0, -1).includes('/')
  const prefix = folder.replace(/[\\*?[\]]/g, '\\$&')
  return `${negation}/${prefix}/${isAnchored ? '' : '**/'}${pattern.replace(/^\//, '')}`
}
