import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { oneLine } from '../clean-text.js'
import { decodeText } from '../decode.js'
import { lossList } from '../losses.js'
import { pictureTray } from '../picture-tray.js'
import { htmlContent } from './html-blocks.js'
import { collectImages, linkedWarnings } from './html-images.js'
import {
  attribute,
  descendants,
  findElement,
  type HtmlElement,
  type HtmlParent,
  parseHtml,
  rawText,
} from './html-tree.js'

const declaredIn =
  /<meta[^>]{0,200}charset\s*=\s*["']?([\w:-]{2,40})|<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:-]{2,40})/i
const keptMeta = ['author', 'description', 'keywords', 'date']

/** Web pages: the main content, without scripts, navigation and what the page hides. */
export function htmlParser(): Parser {
  return { mediaTypes: ['text/html'], parse: (bytes, context) => readPage(decodeHtml(bytes), context) }
}

/** Text of a web page, by what it says of its encoding where that is right. */
export function decodeHtml(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  const declared = declaredIn.exec(head)
  return decodeText(bytes, { declared: declared?.[1] ?? declared?.[2] ?? null }).text
}

async function readPage(html: string, { scratchDir }: ParseContext): Promise<ParsedFile> {
  const document = parseHtml(html)
  const body = findElement(document, 'body') ?? document
  const losses = lossList()
  const { blocks, images } = htmlContent(mainContent(body), { losses })
  const tray = pictureTray({ scratchDir, losses })
  const linked = await collectImages(images, { tray, read: null })
  const title = findElement(document, 'title')
  const titleText = title === null ? '' : oneLine(title.childNodes.map(rawText).join(''))
  const firstHeading = blocks.find((block) => block.kind === 'heading' && block.level === 1)
  return {
    title: titleText === '' ? (firstHeading?.text ?? null) : titleText,
    mediaType: 'text/html',
    pageCount: null,
    blocks,
    pictures: tray.pictures,
    members: [],
    losses: losses.losses,
    warnings: linkedWarnings(linked),
    metadata: metaOf(document),
  }
}

/** `<main>` or the only `<article>` where it carries a fair share of the page, otherwise the body. */
function mainContent(body: HtmlParent): HtmlParent {
  const articles = [...descendants(body)].filter((element) => element.tagName === 'article')
  const candidates = [findElement(body, 'main'), articles.length === 1 ? articles[0] : null]
  const whole = visibleLength(body)
  const main = candidates.find(
    (candidate): candidate is HtmlElement => candidate != null && visibleLength(candidate) > whole * 0.3,
  )
  return main ?? body
}

function visibleLength(parent: HtmlParent): number {
  return parent.childNodes.reduce((length, child) => length + oneLine(rawText(child)).length, 0)
}

function metaOf(document: HtmlParent): ParsedFile['metadata'] {
  const metadata: ParsedFile['metadata'] = {}
  for (const element of descendants(document)) {
    if (element.tagName !== 'meta') continue
    const name = attribute(element, 'name')?.toLowerCase()
    const content = oneLine(attribute(element, 'content') ?? '')
    if (name !== undefined && keptMeta.includes(name) && content !== '') metadata[name] = content
  }
  return metadata
}
