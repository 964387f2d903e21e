import type { ParseContext } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { memberTray } from '../archive/member-tray.js'
import { type BlockList, blockList } from '../block-list.js'
import { oneLine } from '../clean-text.js'
import { htmlBlocks } from '../html/html-blocks.js'
import { parseHtml } from '../html/html-tree.js'
import { imageHeader } from '../image-header.js'
import { lossList } from '../losses.js'
import { addPlainText } from '../plain-text.js'

/** A piece of a message's body: the same text as plain text and as a web page, where the message has both. */
export interface MailSection {
  text: string | null
  html: string | null
}

export interface MailAttachment {
  name: string
  /** Shown inside the text, as pictures are. */
  isInline: boolean
  bytes(): Uint8Array
}

export interface MailMessage {
  mediaType: string
  from: string
  to: string
  cc: string
  /** ISO 8601 where it is a date. */
  date: string
  subject: string
  sections: MailSection[]
  attachments: MailAttachment[]
  /** Why the text cannot be read, once for each part. */
  unreadable: string[]
}

const encrypted = 'the message is encrypted'
/** A picture in the text below this is a mark or part of a signature. */
const leastInlinePixels = 64

/** A message as a file: who wrote when to whom about what, its text, and its attachments as members. */
export async function mailFile(message: MailMessage, { scratchDir }: ParseContext): Promise<ParsedFile> {
  const list = blockList()
  const losses = lossList()
  for (const reason of message.unreadable) losses.add('text', reason)
  const head = headOf(message)
  list.add('paragraph', head.map(([name, value]) => `${name}: ${value}`).join('\n'))
  for (const section of message.sections) {
    const { text, html, isEncrypted } = withoutArmour(section)
    if (isEncrypted) losses.add('text', encrypted)
    addSection(list, { text, html })
  }
  const tray = memberTray({ scratchDir })
  for (const attachment of message.attachments) {
    const bytes = attachment.bytes()
    if (bytes.length > 0 && !(attachment.isInline && isMark(bytes))) await tray.add(attachment.name, [bytes])
  }
  const { from, to, date, subject } = Object.fromEntries(head.map(([name, value]) => [name.toLowerCase(), value]))
  return {
    title: message.subject === '' ? null : message.subject,
    mediaType: message.mediaType,
    pageCount: null,
    blocks: list.blocks,
    pictures: [],
    members: tray.members,
    losses: losses.losses,
    warnings: [],
    metadata: {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(date === undefined ? {} : { date }),
      ...(subject === undefined ? {} : { subject }),
    },
  }
}

function headOf({ from, to, cc, date, subject }: MailMessage): [name: string, value: string][] {
  const all: [string, string][] = [
    ['From', from],
    ['To', to],
    ['Cc', cc],
    ['Date', date],
    ['Subject', subject],
  ]
  return all.map(([name, value]): [string, string] => [name, oneLine(value)]).filter(([, value]) => value !== '')
}

/** Text that was encrypted by hand stands between two lines inside the message. */
function withoutArmour({ text, html }: MailSection): MailSection & { isEncrypted: boolean } {
  const start = text?.indexOf('-----BEGIN PGP MESSAGE-----') ?? -1
  if (text === null || start === -1) return { text, html, isEncrypted: false }
  const mark = '-----END PGP MESSAGE-----'
  const end = text.indexOf(mark, start)
  const after = end === -1 ? '' : text.slice(end + mark.length)
  return { text: `${text.slice(0, start)}${after}`, html: null, isEncrypted: true }
}

/** Plain text where it says as much; a page that holds a table says it better. */
function addSection(list: BlockList, { text, html }: MailSection): void {
  const page = html === null ? [] : htmlBlocks(parseHtml(html))
  const pageLength = length(page.map((block) => block.text).join(''))
  const textLength = length(text ?? '')
  const hasTable = page.some((block) => block.kind === 'table')
  const isTextFuller = textLength >= pageLength * 0.9 && !(hasTable && pageLength >= textLength * 0.8)
  if (text !== null && isTextFuller) addPlainText(list, text)
  else for (const block of page) list.blocks.push(block)
}

const length = (text: string) => text.replace(/\s+/g, '').length

function isMark(bytes: Uint8Array): boolean {
  const header = imageHeader(bytes)
  return header !== null && Math.min(header.width, header.height) < leastInlinePixels
}

/** A date as it is stored; what is none stays as it is written. */
export function isoDate(written: string): string {
  const date = new Date(written)
  return written === '' || Number.isNaN(date.getTime()) ? written : date.toISOString()
}
