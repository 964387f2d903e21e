import { readFile } from 'node:fs/promises'
import { openZipEntries } from '../../dist/ingest/parsers/archive/zip-entries.js'

/** What no reader is shown, or has no need of: field codes, names of table styles, the list of contents. */
const hidden = [
  /<(?:w:instrText|a:tableStyleId)(?:\s[^>]*)?>([^<]*)</g,
  /<w:sdt>(?:(?!<w:sdt>).)*?w:docPartGallery w:val="Table of Contents"(.*?)<\/w:sdt>/gs,
]
const textOf = (source) => source.replace(/<[^>]*>/g, ' ').trim()

/** The hidden texts in a file of an office program, the longest first. */
export async function hiddenTexts(path) {
  const bytes = await readFile(path)
  if (bytes.subarray(0, 2).toString('latin1') !== 'PK') return []
  const archive = await openZipEntries(bytes)
  const texts = []
  for (const name of archive.names.filter((each) => /^(?:word|ppt)\/.*\.xml$/.test(each))) {
    const source = Buffer.from((await archive.read(name)) ?? []).toString('utf8')
    for (const form of hidden) for (const [, found] of source.matchAll(form)) texts.push(textOf(found))
  }
  return texts.filter((text) => text !== '').sort((one, other) => other.length - one.length)
}
