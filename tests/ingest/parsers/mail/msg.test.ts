import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../../src/core/errors.js'
import { emlParser } from '../../../../src/ingest/parsers/mail/eml.js'
import { msgParser } from '../../../../src/ingest/parsers/mail/msg.js'
import { parseContext } from '../../../support/parse-context.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { type MsgFixture, makeMsg } from '../../fixtures/msg.js'
import { makeCompoundFile } from '../../fixtures/workbook.js'

async function parseBytes(bytes: Uint8Array) {
  return msgParser().parse(bytes, parseContext('a.msg', { scratchDir: await temporaryFolder() }))
}

const parse = (message: MsgFixture) => parseBytes(makeMsg(message))

const head = {
  55: '检修通知',
  3098: '王工',
  23809: 'wang@example.cn',
  3103: '/O=EX/CN=WANG',
}

describe('msgParser', () => {
  test('reads head, text, recipients and date', async () => {
    const parsed = await parse({
      texts: { ...head, 4096: '一号泵停机检修。\r\n\r\n请准备备件。' },
      times: { 57: new Date('2024-03-04T01:30:00Z') },
      recipients: [
        { texts: { 12289: '李工', 14846: 'li@example.cn' }, integers: { 3093: 1 } },
        { texts: { 12289: 'zhao@example.cn', 12291: 'zhao@example.cn' }, integers: { 3093: 2 } },
      ],
    })
    expect(parsed.blocks.map(({ text }) => text)).toEqual([
      'From: 王工 <wang@example.cn>\nTo: 李工 <li@example.cn>\nCc: zhao@example.cn\nDate: 2024-03-04T01:30:00.000Z\nSubject: 检修通知',
      '一号泵停机检修。',
      '请准备备件。',
    ])
    expect(parsed).toMatchObject({
      title: '检修通知',
      mediaType: 'application/vnd.ms-outlook',
      metadata: { from: '王工 <wang@example.cn>', date: '2024-03-04T01:30:00.000Z' },
    })
  })

  test('reads texts in the code page of the message', async () => {
    const parsed = await parse({ codePage: 936, narrow: { 55: '检修通知', 4096: '请准备备件。' } })
    expect(parsed.blocks.map(({ text }) => text)).toEqual(['Subject: 检修通知', '请准备备件。'])
  })

  test('reads a page in its own code page, and rich text where there is nothing else', async () => {
    const html = iconv.encode('<p>请准备备件，周一停机。</p>', 'gbk')
    const page = await parse({ binaries: { 4115: html }, integers: { 16350: 936 } })
    expect(page.blocks.at(-1)?.text).toBe('请准备备件，周一停机。')
    const plain = Buffer.from('{\\rtf1 first\\par second}')
    const size = Buffer.alloc(8)
    size.writeUInt32LE(plain.length, 4)
    const rtf = Buffer.concat([size, Buffer.from('MELA'), Buffer.alloc(4), plain])
    expect((await parse({ binaries: { 4105: rtf } })).blocks.at(-1)?.text).toBe('first\nsecond')
  })

  test('makes members of attachments, and of the messages attached to it', async () => {
    const parsed = await parse({
      texts: { ...head, 4096: '见附件' },
      attachments: [
        { texts: { 14087: '..\\手册.pdf' }, binaries: { 14081: Buffer.from('%PDF-1.7') } },
        {
          texts: { 12289: '原邮件' },
          message: {
            texts: { 55: '原邮件', 4096: '里面的文字' },
            attachments: [{ texts: { 14084: 'a.txt' }, binaries: { 14081: Buffer.from('inner') } }],
          },
        },
      ],
    })
    expect(parsed.members.map(({ name }) => name)).toEqual(['.._手册.pdf', '原邮件.eml'])
    const inner = await emlParser().parse(
      await readFile(parsed.members[1]?.path ?? ''),
      parseContext('原邮件.eml', { scratchDir: await temporaryFolder() }),
    )
    expect(inner.blocks.map(({ text }) => text)).toEqual(['Subject: 原邮件', '里面的文字'])
    expect(inner.members.map(({ name }) => name)).toEqual(['a.txt'])
    expect(await readFile(inner.members[0]?.path ?? '', 'utf8')).toBe('inner')
  })

  test('names what is encrypted and keeps the head', async () => {
    const parsed = await parse({
      texts: { ...head, 26: 'IPM.Note.SMIME' },
      attachments: [{ texts: { 14087: 'smime.p7m' }, binaries: { 14081: Buffer.from('x') } }],
    })
    expect(parsed.losses).toMatchObject([{ kind: 'text', reason: 'the message is encrypted' }])
    expect(parsed.members).toEqual([])
    expect(parsed.title).toBe('检修通知')
  })

  test('refuses what is no message, and ends on every damage', async () => {
    await expect(parseBytes(Buffer.from('no message'))).rejects.toMatchObject({ code: 'file_corrupt' })
    await expect(parseBytes(makeCompoundFile({}).slice(0, 600))).rejects.toMatchObject({ code: 'file_corrupt' })
    const whole = makeMsg({
      texts: { ...head, 4096: 'text'.repeat(2000) },
      attachments: [{ texts: { 14087: 'a.txt' }, binaries: { 14081: Buffer.alloc(6000, 'x') } }],
    })
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), fc.nat(whole.length), async (changes, end) => {
        const bytes = whole.slice(0, Math.max(end, 512))
        for (const [at, value] of changes) if (at > 7 && at < bytes.length) bytes[at] = value
        const outcome = await parseBytes(bytes).catch((thrown: unknown) => thrown)
        expect(outcome instanceof InkstoneError || !(outcome instanceof Error)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
