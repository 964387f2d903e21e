import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../../src/core/errors.js'
import { emlParser } from '../../../../src/ingest/parsers/mail/eml.js'
import { parseContext } from '../../../support/parse-context.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

async function parse(source: string | Uint8Array) {
  return emlParser().parse(Buffer.from(source), parseContext('a.eml', { scratchDir: await temporaryFolder() }))
}

const lines = (...all: string[]) => all.join('\r\n')
const head = ['From: 王工 <wang@example.cn>', 'To: li@example.cn', 'Subject: 检修', 'MIME-Version: 1.0']
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64')
const png = (width: number, height: number) => {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  return Buffer.concat([bytes, size, Buffer.alloc(20)])
}

describe('emlParser', () => {
  test('puts who wrote when to whom about what before the text', async () => {
    const parsed = await parse(
      lines(...head, 'Cc: a@b.cn', 'Date: Mon, 04 Mar 2024 09:30:00 +0800', '', '请检查 1 号泵。', '', '谢谢！'),
    )
    expect(parsed.blocks.map(({ kind, text }) => [kind, text])).toEqual([
      [
        'paragraph',
        'From: 王工 <wang@example.cn>\nTo: li@example.cn\nCc: a@b.cn\nDate: 2024-03-04T01:30:00.000Z\nSubject: 检修',
      ],
      ['paragraph', '请检查 1 号泵。'],
      ['paragraph', '谢谢！'],
    ])
    expect(parsed.title).toBe('检修')
    expect(parsed.metadata).toEqual({
      from: '王工 <wang@example.cn>',
      to: 'li@example.cn',
      date: '2024-03-04T01:30:00.000Z',
      subject: '检修',
    })
    expect(parsed).toMatchObject({ mediaType: 'message/rfc822', pageCount: null, members: [], losses: [] })
  })

  test.each([
    ['gb18030', '作业前应当检查防护装置，确认完好之后才可以开机。'],
    ['big5', '作業前應當檢查防護裝置，確認完好之後才可以開機。'],
    ['shift_jis', '作業の前に防護装置を点検し、異常がないことを確認します。'],
  ])('reads a text in %s, named, coded and unnamed', async (charset, text) => {
    const bytes = iconv.encode(text, charset)
    const named = lines(...head, `Content-Type: text/plain; charset=${charset}`, 'Content-Transfer-Encoding: base64')
    const quoted = [...bytes].map((byte) => `=${byte.toString(16)}`).join('')
    for (const message of [
      Buffer.from(`${named}\r\n\r\n${base64(bytes)}`),
      Buffer.from(`${named.replace('base64', 'quoted-printable')}\r\n\r\n${quoted}`),
      Buffer.concat([Buffer.from('From: a@b.cn\nTo: c@d.cn\nSubject: x\n\n'), bytes]),
      Buffer.concat([Buffer.from('Subject: x\nContent-Type: text/plain; charset=us-ascii\n\n'), bytes]),
    ]) {
      expect((await parse(message)).blocks.at(-1)?.text).toBe(text)
    }
  })

  test('prefers the plain text, unless the page says more or holds a table', async () => {
    const both = (text: string, html: string) =>
      lines(
        ...head,
        'Content-Type: multipart/alternative; boundary="b"',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        '',
        text,
        '--b',
        'Content-Type: text/html; charset=utf-8',
        '',
        html,
        '--b--',
      )
    const kinds = async (source: string) => (await parse(source)).blocks.slice(1).map(({ kind, text }) => [kind, text])
    expect(await kinds(both('第一段。\n\n第二段。', '<p>第一段。</p><p>第二段。</p>'))).toEqual([
      ['paragraph', '第一段。'],
      ['paragraph', '第二段。'],
    ])
    expect(await kinds(both('see the page', '<h1>通知</h1><p>一号泵的轴承需要更换，请安排停机。</p>'))).toEqual([
      ['heading', '通知'],
      ['paragraph', '一号泵的轴承需要更换，请安排停机。'],
    ])
    const table = '<table><tr><td>型号</td><td>流量</td></tr><tr><td>IH65</td><td>25</td></tr></table>'
    expect(await kinds(both('型号 流量\nIH65 25', table))).toEqual([['table', '型号 | 流量\nIH65 | 25']])
  })

  test('makes members of attachments, attached messages and real pictures in the text', async () => {
    const inner = lines('Subject: =?utf-8?B?5YaF6YOo?=', '', 'inner')
    const part = (headers: string[], body: string) => ['--b', ...headers, '', body]
    const parsed = await parse(
      lines(
        ...head,
        'Content-Type: multipart/mixed; boundary=b',
        '',
        'This is a message in several parts.',
        ...part(['Content-Type: text/plain'], 'See attached.'),
        ...part(
          [
            'Content-Type: application/pdf',
            `Content-Disposition: attachment; filename*=utf-8''..%2F${encodeURIComponent('手册')}.pdf`,
            'Content-Transfer-Encoding: base64',
          ],
          base64('%PDF-1.7'),
        ),
        ...part(['Content-Type: text/plain; name="手册.pdf"', 'Content-Disposition: attachment'], 'x'),
        ...part(['Content-Type: message/rfc822'], inner),
        ...part(
          ['Content-Type: image/png', 'Content-ID: <a>', 'Content-Transfer-Encoding: base64'],
          base64(png(16, 16)),
        ),
        ...part(
          ['Content-Type: image/png', 'Content-ID: <b>', 'Content-Transfer-Encoding: base64'],
          base64(png(640, 480)),
        ),
        ...part(['Content-Type: application/pgp-signature; name=signature.asc'], 'x'),
        '--b--',
      ),
    )
    expect(parsed.members.map(({ name }) => name)).toEqual(['.._手册.pdf', '手册.pdf', '内部.eml', 'attachment-5.png'])
    expect(await readFile(parsed.members[0]?.path ?? '', 'utf8')).toBe('%PDF-1.7')
    expect((await readFile(parsed.members[2]?.path ?? '', 'utf8')).trimEnd()).toBe(inner)
    expect(parsed.blocks.at(-1)?.text).toBe('See attached.')
  })

  test('names what is encrypted and keeps the head', async () => {
    const encrypted = ['the message is encrypted']
    for (const body of [
      ['Content-Type: multipart/encrypted; boundary=b', '', '--b', '', 'Version: 1', '--b', '', 'x', '--b--'],
      ['Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', '', 'x'],
      ['', 'Hello', '-----BEGIN PGP MESSAGE-----', 'hQEMA', '-----END PGP MESSAGE-----'],
    ]) {
      const parsed = await parse(lines(...head, ...body))
      expect(parsed.losses.map(({ kind, reason }) => [kind, reason])).toEqual([['text', ...encrypted]])
      expect(parsed.blocks[0]?.text).toContain('Subject: 检修')
      expect(parsed.blocks.map(({ text }) => text).join()).not.toContain('hQEMA')
      expect(parsed.members).toEqual([])
    }
  })

  test('joins flowed lines', async () => {
    const flowed = lines(...head, 'Content-Type: text/plain; format=flowed', '', 'one ', 'two', '-- ', 'signature')
    expect((await parse(flowed)).blocks.at(-1)?.text).toBe('one two\n--\nsignature')
  })

  test('reads a page that a browser saved, without its pictures', async () => {
    const parsed = await parse(
      lines(
        'From: <Saved by Blink>',
        'Snapshot-Content-Location: https://example.cn/',
        'Subject: 首页',
        'MIME-Version: 1.0',
        'Content-Type: multipart/related; type="text/html"; boundary="b"',
        '',
        '--b',
        'Content-Type: text/html',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '<title>=E6=B3=B5</title><nav>menu</nav><h1>=E6=B3=B5</h1><p>text</p>',
        '--b',
        'Content-Type: image/png',
        'Content-Transfer-Encoding: base64',
        '',
        base64(png(640, 480)),
        '--b--',
      ),
    )
    expect(parsed.blocks.map(({ text }) => text)).toEqual(['泵', 'text'])
    expect(parsed).toMatchObject({ title: '泵', members: [], mediaType: 'message/rfc822' })
  })

  test('refuses messages of endless parts', async () => {
    const many = lines('Content-Type: multipart/mixed; boundary=b', '', ...Array(3000).fill('--b\r\n\r\nx'))
    await expect(parse(many)).rejects.toMatchObject({ code: 'archive_bomb' })
    const deep = Array.from(
      { length: 40 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`,
    )
    await expect(parse(deep.join(''))).rejects.toMatchObject({ code: 'archive_bomb' })
  })

  test('reads blank lines without end in time', async () => {
    const padded = lines(...head, 'Content-Transfer-Encoding: quoted-printable', '', ' '.repeat(1_000_000))
    const started = performance.now()
    await parse(padded)
    expect(performance.now() - started).toBeLessThan(3000)
  })

  test('ends on every damage with an error of its own or none', async () => {
    const whole = Buffer.from(
      lines(
        ...head,
        'Content-Type: multipart/mixed; boundary="=_b"',
        '',
        '--=_b',
        'Content-Type: text/html; charset="gb2312"',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '<p>=D6=D0=CE=C4</p>',
        '--=_b',
        `Content-Disposition: attachment; filename*0*=gbk''%D6; filename*1*=%D0`,
        'Content-Transfer-Encoding: base64',
        '',
        'AAAA',
        '--=_b--',
      ),
    )
    const token = fc.constantFrom('--=_b', '\r\n\r\n', '; boundary=', '=?gbk?B?', '%', '"', '=_b--\r\n', '\0')
    const edit = fc.tuple(fc.nat(whole.length), fc.nat(20), token)
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 10 }), async (edits) => {
        const damaged = edits.reduce(
          (bytes, [at, drop, put]) =>
            Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + drop)]),
          whole,
        )
        const outcome = await parse(damaged).catch((thrown: unknown) => thrown)
        expect(outcome instanceof InkstoneError || !(outcome instanceof Error)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
