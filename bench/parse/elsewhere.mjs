import { findSnippet, ways } from './snippets.mjs'

/**
 * Looks for each snippet in all the files that it does not belong to: a way of finding that finds it there too, where the
 * files are not copies of each other, is no proof that it was read.
 * @returns `pairs` that were looked at; `found`, by snippet, the files that hold it in the way in which its own file does,
 *   or in a stricter one. Snippets that their own file has as they are written prove themselves and are left out.
 */
export async function foundElsewhere(files) {
  const strictness = Object.keys(ways)
  const found = []
  let pairs = 0
  for (const { name, snippet, hit, read } of files) {
    if (snippet === null || hit.how === 'found' || !strictness.includes(hit.how)) continue
    const elsewhere = []
    for (const other of files) {
      if (other.name === name || other.read.text === '') continue
      pairs += 1
      // Hidden texts and syntax are those of the snippet's own file.
      const { how } = await findSnippet(snippet, { ...other.read, path: read.path, format: read.format })
      if (strictness.includes(how) && strictness.indexOf(how) <= strictness.indexOf(hit.how)) elsewhere.push(other.name)
    }
    if (elsewhere.length > 0) found.push({ name, how: hit.how, elsewhere })
  }
  return { pairs, found }
}
