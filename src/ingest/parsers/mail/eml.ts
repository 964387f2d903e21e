import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { oneLine } from '../clean-text.js'
import { htmlParser } from '../html/html.js'
import { isoDate, type MailAttachment, type MailMessage, mailFile } from './mail-message.js'
import { decodeWords, readHeaders } from './mime-header.js'
import { type MimePart, partBytes, partText, readMime } from './mime-part.js'

const mediaType = 'message/rfc822'

/** E-mail messages (.eml) with their attachments as members, and web pages that a browser saved as one file (.mht). */
export function emlParser(): Parser {
  return { mediaTypes: [mediaType], parse: readEml }
}

async function readEml(bytes: Uint8Array, context: ParseContext): Promise<ParsedFile> {
  const root = readMime(bytes)
  const page = isSavedPage(root) ? firstPage(root) : null
  return page === null ? mailFile(toMessage(root), context) : readSavedPage(root, page, context)
}

function toMessage(root: MimePart): MailMessage {
  const field = (name: string) => decodeWords(root.headers.get(name) ?? '')
  const message: MailMessage = {
    mediaType,
    from: field('from'),
    to: field('to'),
    cc: field('cc'),
    date: isoDate(field('date')),
    subject: oneLine(field('subject')),
    sections: [],
    attachments: [],
    unreadable: [],
  }
  collect(root, message)
  return message
}

const signature = /^application\/(?:pgp-signature|(?:x-)?pkcs7-signature)$/
const secureMime = /^application\/(?:x-)?pkcs7-mime$/

function collect(part: MimePart, message: MailMessage): void {
  const type = part.type.value
  if (type === 'multipart/encrypted') message.unreadable.push('the message is encrypted')
  else if (secureMime.test(type)) message.unreadable.push(sealed(part))
  else if (type === 'multipart/alternative') collectAlternative(part, message)
  else if (part.parts.length > 0) for (const inner of part.parts) collect(inner, message)
  else if (isBodyText(part)) {
    const text = partText(part)
    message.sections.push(type === 'text/html' ? { text: null, html: text } : { text, html: null })
  } else if (!signature.test(type)) message.attachments.push(toAttachment(part, message.attachments.length + 1))
}

function sealed(part: MimePart): string {
  const isOnlySigned = part.type.params['smime-type']?.toLowerCase() === 'signed-data'
  return isOnlySigned ? 'the message is wrapped into a signature (S/MIME)' : 'the message is encrypted'
}

/** The same in several forms: the texts among them belong together, anything else, such as a calendar, is attached. */
function collectAlternative(part: MimePart, message: MailMessage): void {
  const inner: MailMessage = { ...message, sections: [], attachments: message.attachments }
  for (const choice of part.parts) collect(choice, inner)
  const joined = (kind: 'text' | 'html') => {
    const texts = inner.sections.flatMap((section) => section[kind] ?? [])
    return texts.length === 0 ? null : texts.join('\n\n')
  }
  message.sections.push({ text: joined('text'), html: joined('html') })
}

function isBodyText({ type, disposition }: MimePart): boolean {
  const isNamed = (disposition.params.filename ?? type.params.name ?? '') !== ''
  const isText = /^(?:|text|text\/(?:plain|html)|message\/(?:delivery-status|disposition-notification))$/.test(
    type.value,
  )
  return isText && disposition.value !== 'attachment' && !isNamed
}

const endings = new Map(
  Object.entries({
    'message/rfc822': 'eml',
    'application/pdf': 'pdf',
    'application/zip': 'zip',
    'image/png': 'png',
    'image/jpeg': 'jpg',
    'image/gif': 'gif',
    'text/calendar': 'ics',
    'text/vcard': 'vcf',
    'text/html': 'html',
    'text/plain': 'txt',
    'text/csv': 'csv',
  }),
)

function toAttachment(part: MimePart, number: number): MailAttachment {
  const given = oneLine(part.disposition.params.filename ?? part.type.params.name ?? '')
  const isImage = part.type.value.startsWith('image/')
  return {
    name: given === '' ? nameFor(part, number) : given.replaceAll('/', '_'),
    isInline: isImage && (part.headers.has('content-id') || part.disposition.value === 'inline'),
    bytes: () => partBytes(part),
  }
}

/** A message inside a message is called by its subject, anything else without a name by its number. */
function nameFor(part: MimePart, number: number): string {
  const ending = endings.get(part.type.value) ?? 'bin'
  if (part.type.value !== 'message/rfc822') return `attachment-${number}.${ending}`
  const subject = oneLine(decodeWords(readHeaders(partBytes(part).subarray(0, 65_536)).get('subject') ?? ''))
  return `${subject === '' ? `message-${number}` : subject.replace(/[\\/]/g, '_')}.${ending}`
}

function isSavedPage({ headers, type }: MimePart): boolean {
  const from = headers.get('from') ?? ''
  const isByBrowser = headers.has('snapshot-content-location') || /^<?saved by /i.test(from)
  return isByBrowser || (type.value === 'multipart/related' && !from.includes('@') && !headers.has('to'))
}

function firstPage(part: MimePart): MimePart | null {
  if (part.type.value === 'text/html') return part
  for (const inner of part.parts) {
    const page = firstPage(inner)
    if (page !== null) return page
  }
  return null
}

/** The pictures of a saved page are its decoration: they do not become documents. */
async function readSavedPage(root: MimePart, page: MimePart, context: ParseContext): Promise<ParsedFile> {
  const parsed = await htmlParser().parse(Buffer.from(partText(page)), context)
  const subject = oneLine(decodeWords(root.headers.get('subject') ?? ''))
  return { ...parsed, mediaType, title: parsed.title ?? (subject === '' ? null : subject) }
}
