import { randomUUID } from 'node:crypto'
import { imageHeader } from '../image-header.js'
import type { MailMessage } from './mail-message.js'

/** Writes a message as a file of its own, so that one inside another can be read like any other. */
export function toEml(message: MailMessage): Buffer {
  const head = [
    field('From', message.from),
    field('To', message.to),
    field('Cc', message.cc),
    field('Date', message.date),
    field('Subject', message.subject),
    'MIME-Version: 1.0',
  ]
  const sections = message.sections.map(({ text, html }) => {
    const parts = [
      ...(text === null ? [] : [bodyPart('text/plain', text)]),
      ...(html === null ? [] : [bodyPart('text/html', html)]),
    ]
    return multipart('alternative', parts)
  })
  const attachments = message.attachments.map(({ name, isInline, bytes }) => {
    const content = Buffer.from(bytes())
    const image = imageHeader(content)
    return part(
      [
        `Content-Type: ${image === null ? 'application/octet-stream' : `image/${image.format}`}`,
        `Content-Disposition: ${isInline ? 'inline' : 'attachment'}; filename*=utf-8''${percentCoded(name)}`,
      ],
      content,
    )
  })
  const body = multipart('mixed', [...sections, ...attachments])
  return Buffer.from([...head.filter((line) => line !== ''), body].join('\r\n'))
}

function field(name: string, value: string): string {
  return value === '' ? '' : `${name}: =?utf-8?B?${Buffer.from(value).toString('base64')}?=`
}

function bodyPart(type: string, text: string): string {
  return part([`Content-Type: ${type}; charset=utf-8`], Buffer.from(text))
}

function part(headers: readonly string[], bytes: Buffer): string {
  const coded = bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
  return [...headers, 'Content-Transfer-Encoding: base64', '', coded].join('\r\n')
}

function percentCoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
}

function multipart(kind: string, parts: readonly string[]): string {
  const boundary = `part-${randomUUID()}`
  const lines = parts.map((inner) => `--${boundary}\r\n${inner}\r\n`)
  return [`Content-Type: multipart/${kind}; boundary="${boundary}"`, '', ...lines, `--${boundary}--`, ''].join('\r\n')
}
