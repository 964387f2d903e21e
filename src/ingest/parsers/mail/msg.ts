import { InkstoneError } from '../../../core/errors.js'
import type { Parser } from '../../../core/ports.js'
import { type CompoundEntry, openCompoundFile } from '../../parse/compound-file.js'
import { oneLine } from '../clean-text.js'
import { decodeHtml } from '../html/html.js'
import { decompressRtf } from '../rtf/compressed-rtf.js'
import { rtfText } from '../rtf/rtf-text.js'
import { type MailAttachment, type MailMessage, mailFile } from './mail-message.js'
import { toEml } from './mime-writer.js'
import { decodeCodePage, type MsgProperties, msgProperties } from './msg-properties.js'

const mediaType = 'application/vnd.ms-outlook'
const mostAttachments = 2000
const deepestMessage = 10

/** Properties by their tags. Source: [MS-OXPROPS]. */
const tags = {
  subject: 0x0037,
  sentAt: 0x0039,
  senderName: 0x0c1a,
  senderAddress: 0x0c1f,
  senderSmtp: 0x5d01,
  onBehalfOf: 0x0042,
  displayTo: 0x0e04,
  displayCc: 0x0e03,
  receivedAt: 0x0e06,
  messageClass: 0x001a,
  body: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  name: 0x3001,
  address: 0x3003,
  smtp: 0x39fe,
  recipientKind: 0x0c15,
  data: 0x3701,
  shortFileName: 0x3704,
  fileName: 0x3707,
  contentId: 0x3712,
  codePage: 0x3fde,
} as const

/** Outlook messages (.msg), with their attachments, and the messages attached to them, as members. */
export function msgParser(): Parser {
  return {
    mediaTypes: [mediaType],
    parse: async (bytes, context) => {
      const root = openCompoundFile(bytes)
      if (root === null || root.children.length === 0) throw damaged()
      return mailFile(readMessage(root, { headerBytes: 32, budget: { left: bytes.length }, depth: 0 }), context)
    },
  }
}

interface Place {
  headerBytes: number
  /** No two attachments share bytes, so together they are no larger than the file. */
  budget: { left: number }
  depth: number
}

function readMessage(folder: CompoundEntry, place: Place): MailMessage {
  const message = msgProperties(folder, { headerBytes: place.headerBytes })
  const recipients = folder.children
    .filter(({ name }) => /^__recip_version1\.0_#/i.test(name))
    .map((entry) => msgProperties(entry, { headerBytes: 8, codePage: message.codePage }))
  const named = (kind: number) =>
    recipients
      .filter((recipient) => recipient.integer(tags.recipientKind) === kind)
      .map((recipient) =>
        addressOf(recipient.text(tags.name), recipient.text(tags.smtp) || recipient.text(tags.address)),
      )
      .join(', ')
  const isSealed = /^IPM\.Note\.SMIME(?!\.MultipartSigned)/i.test(message.text(tags.messageClass))
  const sender = message.text(tags.senderName) || message.text(tags.onBehalfOf)
  return {
    mediaType,
    from: addressOf(sender, message.text(tags.senderSmtp) || message.text(tags.senderAddress)),
    to: named(1) || message.text(tags.displayTo),
    cc: named(2) || message.text(tags.displayCc),
    date: message.time(tags.sentAt) || message.time(tags.receivedAt),
    subject: oneLine(message.text(tags.subject)),
    sections: [bodyOf(message)],
    attachments: isSealed ? [] : attachmentsOf(folder, { ...place, codePage: message.codePage }),
    unreadable: isSealed ? ['the message is encrypted'] : [],
  }
}

/** `Name <address>`; an address inside an Exchange server is no address to anybody else. */
function addressOf(name: string, address: string): string {
  const mail = address.includes('@') ? address : ''
  if (name === '' || name === mail) return mail
  return mail === '' ? name : `${name} <${mail}>`
}

function bodyOf(message: MsgProperties & { codePage: number }): { text: string | null; html: string | null } {
  const text = message.text(tags.body)
  const page = message.binary(tags.html)
  const html = page === null ? message.text(tags.html) : decodePage(page, message)
  const rtf = text === '' && html === '' ? message.binary(tags.rtf) : null
  const unpacked = rtf === null ? null : decompressRtf(rtf)
  const plain = unpacked === null ? text : rtfText(unpacked)
  return { text: plain === '' ? null : plain, html: html === '' ? null : html }
}

function decodePage(page: Buffer, message: MsgProperties): string {
  const codePage = message.integer(tags.codePage)
  const isDeclared = /charset/i.test(page.toString('latin1', 0, 4096))
  return isDeclared || codePage === null ? decodeHtml(page) : decodeCodePage(page, codePage)
}

function attachmentsOf(folder: CompoundEntry, place: Place & { codePage: number }): MailAttachment[] {
  const entries = folder.children.filter(({ name }) => /^__attach_version1\.0_#/i.test(name))
  if (entries.length > mostAttachments) throw tooMany(entries.length)
  return entries.map((entry, index) => {
    const attachment = msgProperties(entry, { headerBytes: 8, codePage: place.codePage })
    const inner = attachment.folder(tags.data)
    const given =
      attachment.text(tags.fileName) || attachment.text(tags.shortFileName) || attachment.text(tags.name) || ''
    const name = oneLine(given).replace(/[\\/]/g, '_') || `attachment-${index + 1}`
    if (inner !== null) return innerMessage(inner, { name, place })
    return {
      name,
      isInline: attachment.text(tags.contentId) !== '',
      bytes: () => charged(attachment.binary(tags.data) ?? Buffer.alloc(0), place.budget),
    }
  })
}

function innerMessage(folder: CompoundEntry, { name, place }: { name: string; place: Place }): MailAttachment {
  return {
    name: `${name.replace(/\.(?:msg|eml)$/i, '')}.eml`,
    isInline: false,
    bytes: () => {
      if (place.depth >= deepestMessage) throw tooDeep()
      return toEml(readMessage(folder, { headerBytes: 24, budget: place.budget, depth: place.depth + 1 }))
    },
  }
}

function charged(bytes: Buffer, budget: { left: number }): Buffer {
  budget.left -= bytes.length
  if (budget.left < 0) throw damaged()
  return bytes
}

function damaged(): InkstoneError {
  return new InkstoneError('file_corrupt', 'the Outlook message is damaged: its parts cannot be read', {
    remedy: 'open it in Outlook and save it again',
  })
}

function tooMany(count: number): InkstoneError {
  return new InkstoneError('archive_bomb', `the message holds ${count} attachments, more than ${mostAttachments}`, {
    remedy: 'save the attachments from Outlook and add those',
  })
}

function tooDeep(): InkstoneError {
  return new InkstoneError('archive_bomb', `messages are attached to each other deeper than ${deepestMessage} levels`, {
    remedy: 'save the attachments from Outlook and add those',
  })
}
