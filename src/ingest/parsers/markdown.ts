import { Marked } from 'marked'
import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { decodeText } from './decode.js'
import { readFrontMatter } from './front-matter.js'
import { htmlBlocks } from './html/html-blocks.js'
import { parseHtml } from './html/html-tree.js'

/** HTML that authors write into Markdown; anything else in angle brackets, such as `List<String>`, is text. */
const knownTag =
  /^<(?:!--|\/?(?:a|abbr|b|blockquote|br|caption|center|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|input|ins|kbd|li|main|mark|ol|p|pre|script|section|small|span|strong|style|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|video)(?:[\s/>]|$))/i

/** Markdown with tables (GitHub flavour) and YAML front matter. */
export function markdownParser(): Parser {
  return { mediaTypes: ['text/markdown'], parse: async (bytes) => readMarkdown(decodeText(bytes).text) }
}

function readMarkdown(source: string): ParsedFile {
  const { metadata, body } = readFrontMatter(source.replace(/\r\n?/g, '\n'))
  const marked = new Marked({
    gfm: true,
    renderer: { html: ({ text }) => (knownTag.test(text.trim()) ? text : escapeHtml(text)) },
  })
  const html = marked.parse(body, { async: false })
  const blocks = htmlBlocks(parseHtml(html))
  const firstHeading = blocks.find((block) => block.kind === 'heading')
  const isTitle = firstHeading !== undefined && firstHeading.level === 1
  const title = typeof metadata.title === 'string' ? metadata.title : isTitle ? firstHeading.text : null
  return {
    title,
    mediaType: 'text/markdown',
    pageCount: null,
    blocks,
    pictures: [],
    members: [],
    losses: [],
    warnings: [],
    metadata,
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
