import iconv from 'iconv-lite'
import type { Entry } from 'yauzl'
import { legacyEncoding } from '../legacy-encoding.js'

const utf8Flag = 0x800
const unicodePath = 0x7075

/**
 * The names of an archive's entries as their author saw them: by the UTF-8 mark or the Unicode path of an entry, else
 * as UTF-8 where all names are, else in the encoding that all names of the archive together point to (Chinese Windows
 * writes GBK, Japanese Shift-JIS), code page 437 at last.
 */
export function entryNames(entries: readonly Entry[]): string[] {
  const unmarked = entries.filter((entry) => markedName(entry) === null).map(({ fileNameRaw }) => fileNameRaw)
  const encoding = commonEncoding(unmarked)
  return entries.map((entry) => markedName(entry) ?? iconv.decode(entry.fileNameRaw, encoding))
}

function markedName(entry: Entry): string | null {
  if ((entry.generalPurposeBitFlag & utf8Flag) !== 0) return entry.fileNameRaw.toString('utf8')
  // One byte of version, four of a checksum, then the name.
  const field = entry.extraFields.find(({ id, data }) => id === unicodePath && data.length > 5 && data[0] === 1)
  return field === undefined ? null : field.data.toString('utf8', 5)
}

function commonEncoding(names: readonly Buffer[]): string {
  const foreign = names.filter((name) => name.some((byte) => byte >= 0x80))
  if (foreign.every(isUtf8)) return 'utf-8'
  const all = Buffer.concat(foreign.flatMap((name) => [name, Buffer.from('\n')]))
  const guess = legacyEncoding(all)
  if (/^(?:gb18030|euc-kr|euc-jp)$/.test(guess)) return guess
  // An accented letter and the one behind it look like one of these characters, but never two in a row.
  const isRun = /^(?:big5|shift_jis)$/.test(guess) && /[^\p{ASCII}]{2}/u.test(iconv.decode(all, guess))
  return isRun ? guess : 'cp437'
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
