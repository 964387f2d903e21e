interface TextType {
  mediaType: string | null
  label: string
}

const webPage: TextType = { mediaType: 'text/html', label: 'a web page' }
const xmlFile: TextType = { mediaType: 'application/xml', label: 'an XML file' }
const csvTable: TextType = { mediaType: 'text/csv', label: 'a table (CSV)' }
const markdown: TextType = { mediaType: 'text/markdown', label: 'a Markdown text' }

/** What names say of texts whose bytes do not. */
const byExtension: readonly [extensions: string, type: TextType][] = [
  ['csv tsv tab psv', csvTable],
  ['md markdown mdx mkd', markdown],
  ['org', { mediaType: 'text/x-org', label: 'an Org text' }],
  ['json geojson jsonl ndjson ipynb', { mediaType: 'application/json', label: 'a JSON file' }],
  [
    'yaml yml toml ini cfg conf properties env reg py pyi js mjs cjs jsx ts tsx vue svelte java kt kts scala groovy gradle c h cc cpp cxx hpp cs go rs rb php pl pm lua r jl swift m mm sql sh bash zsh fish bat cmd ps1 psm1 css scss less tf proto graphql dart ex exs erl hs clj lisp el vb vbs pas f90 f95 asm s v vhd vhdl st scl makefile dockerfile cmake tex bib diff patch',
    { mediaType: 'text/x-source', label: 'a source or settings file' },
  ],
]

/** Names under which programs export web pages. */
const exportedPages = /^(?:|xls|doc|ppt|et|wps)$/
const pageOpening = /^<(?:head|body|meta|title|style|script|table|div|p|span|h[1-6]|center|font|br|link)[\s/>]/i

/**
 * Which kind of text it is, by what it says, and by its file's name where it leaves that open. A text of unknown kind is
 * plain text.
 * @param sample the beginning of the text
 */
export function textMediaType(sample: string, extension: string): TextType {
  if (isBinary(sample)) return { mediaType: null, label: 'a binary file of unknown kind' }
  const text = sample.replace(/^\uFEFF/, '')
  if (/^\s*\{\\rtf/.test(text)) return { mediaType: 'application/rtf', label: 'a rich text document (.rtf)' }
  const marked = markupType(text, extension)
  if (marked !== null) return marked
  if (isMail(text, extension)) return { mediaType: 'message/rfc822', label: 'an e-mail message (.eml)' }
  const named = byExtension.find(([extensions]) => extension !== '' && extensions.split(' ').includes(extension))
  if (named !== undefined) return named[1]
  if (readsAsMarkdown(text, extension)) return markdown
  if (extension === '' && readsAsCsv(text)) return csvTable
  return { mediaType: 'text/plain', label: 'a plain text' }
}

function markupType(text: string, extension: string): TextType | null {
  const opening = text.replace(/^(?:\s|<\?[^>]*>|<!--[\s\S]*?-->)+/, '').slice(0, 1000)
  if (/^<(?:!doctype html|html[\s>])/i.test(opening)) return webPage
  if (/^(?:<!doctype svg[^[>]*(?:\[[^\]]*\]\s*)?>\s*)?<svg[\s/>]/i.test(opening)) {
    return { mediaType: 'image/svg+xml', label: 'a drawing (SVG)' }
  }
  if (/^\s*<\?xml/.test(text)) return xmlFile
  if (/^(?:xml|rss|atom|xsd|xslt?|wsdl|kml|gpx|dita|ditamap|xlf|xliff|opml|fodt|fods|fodp)$/.test(extension)) {
    if (/^<[!\p{L}_]/u.test(opening)) return xmlFile
  }
  if (/^(?:html?|xhtml)$/.test(extension) && /<[a-z][^>]*>/i.test(text)) return webPage
  return exportedPages.test(extension) && pageOpening.test(opening) ? webPage : null
}

function isBinary(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what gives a binary file away
  const odd = text.match(/[\u0001-\u0008\u000E-\u001A\u001C-\u001F\uFFFD]/g)?.length ?? 0
  return odd / Math.max(1, text.length) > 0.02 || isMostlyZero(text)
}

/** Logs that were cut off by a crash and tables of fixed width have zero bytes between their texts. */
function isMostlyZero(text: string): boolean {
  const zeros = text.length - text.replaceAll('\0', '').length
  return zeros / Math.max(1, text.length) > 0.3
}

function isMail(text: string, extension: string): boolean {
  const header = text.slice(0, 8192).split(/\r?\n\r?\n/)[0] ?? ''
  const names = header.match(/^(?:From|To|Subject|Date|MIME-Version|Received|Message-ID|Return-Path):/gim) ?? []
  if (/^(?:eml|mht|mhtml)$/.test(extension) && names.length >= 2) return true
  return names.length >= 3 && /^MIME-Version:|^Received:|^Message-ID:/im.test(header)
}

/** Several # headings with a blank line before them; a configuration file's # comments stand directly above other lines. */
function readsAsMarkdown(text: string, extension: string): boolean {
  if (extension !== '' && extension !== 'txt') return false
  const lines = text.split(/\r?\n/)
  const headings = lines.filter((line) => /^#{1,6} +\S/.test(line)).length
  const apart = lines.filter((line, index) => /^#{1,6} +\S/.test(line) && (lines[index + 1] ?? '').trim() === '').length
  return headings >= 2 && apart / headings >= 0.7 && lines.some((line) => /^##+ +\S/.test(line))
}

function readsAsCsv(text: string): boolean {
  const lines = text
    .split(/\r?\n/)
    .slice(0, 20)
    .filter((line) => line.trim() !== '')
  return [',', '\t', ';'].some((delimiter) => {
    const widths = new Set(lines.map((line) => line.split(delimiter).length))
    return lines.length >= 3 && widths.size === 1 && !widths.has(1)
  })
}
