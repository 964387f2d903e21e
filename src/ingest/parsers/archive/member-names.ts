const longestPart = 200
const longestName = 1000

/**
 * The path of a file inside a file as it may be shown and stored: forward slashes, no drive, no root, no `..`, no control
 * characters; never empty.
 */
export function cleanMemberName(name: string): string {
  const parts = name
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be removed
    .replace(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => part.trim())
    .filter(isName)
  while (/^[a-z]:/i.test(parts[0] ?? '')) {
    const rest = (parts.shift() ?? '').slice(2).trim()
    if (isName(rest)) parts.unshift(rest)
  }
  const kept: string[] = []
  let length = 0
  // The end of a path says more than its beginning.
  for (const part of parts.map((whole) => shortened(whole)).reverse()) {
    length += part.length + 1
    if (length > longestName) break
    kept.unshift(part)
  }
  return kept.length === 0 ? 'file' : kept.join('/')
}

const isName = (part: string) => part !== '' && !/^\.+$/.test(part)

/** Gives out each name once: the second `a.txt` is `a (2).txt`. */
export function uniqueNames(): (name: string) => string {
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  return (name) => {
    let candidate = name
    for (let count = counts.get(name) ?? 1; taken.has(candidate); counts.set(name, count)) {
      count += 1
      candidate = numbered(name, count)
    }
    taken.add(candidate)
    return candidate
  }
}

function numbered(name: string, count: number): string {
  const [, stem = name, ending = ''] = /^(.*[^/.])(\.[^./]{1,10})$/.exec(name) ?? []
  return `${stem} (${count})${ending}`
}

/** Cuts a part in its middle, never a character in two; the ending stays. */
function shortened(part: string): string {
  const characters = [...part]
  if (characters.length <= longestPart) return part
  return [...characters.slice(0, longestPart - 21), '…', ...characters.slice(-20)].join('')
}
