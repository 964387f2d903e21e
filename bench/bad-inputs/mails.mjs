const head =
  'From: a@example.org\r\nTo: b@example.org\r\nSubject: pump\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nMIME-Version: 1.0\r\n'
const mixed = (boundary, body) => `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${body}`
const text = 'Content-Type: text/plain\r\n\r\ntext\r\n'

/** Mails with parts without number, without end or inside each other. */
export function* mails() {
  for (const [name, content] of all()) yield [`eml/${name}.eml`, Buffer.from(head + content)]
}

function* all() {
  yield ['ten-thousand-parts', mixed('b', `${`--b\r\n${text}`.repeat(10_000)}--b--`)]
  const attachment = (index) =>
    `--b\r\nContent-Type: text/plain; name=a${index}.txt\r\nContent-Disposition: attachment; filename=a${index}.txt\r\n\r\nfile ${index}\r\n`
  yield [
    'three-hundred-attachments',
    mixed('b', `${Array.from({ length: 300 }, (_, index) => attachment(index)).join('')}--b--`),
  ]
  yield ['parts-deep', deepParts(3_000)]
  yield ['parts-rather-deep', deepParts(60)]
  yield ['mails-deep', deepMails(500)]
  yield ['same-boundary-deep', `${mixed('b', '--b\r\n').repeat(2_000)}${text}`]
  yield ['boundary-missing', `Content-Type: multipart/mixed\r\n\r\n--b\r\n${text}--b--`]
  yield ['boundary-empty', mixed('', `--\r\n${text}----`)]
  yield ['boundary-of-operators', mixed('(.*)+$', `--(.*)+$\r\n${text}--(.*)+$--`)]
  yield ['boundary-never-comes', mixed('b', 'no part at all '.repeat(5_000))]
  yield ['never-ends', mixed('b', `--b\r\n${text}`)]
  yield ['long-header', `X-Long: ${'x'.repeat(3_000_000)}\r\n\r\ntext`]
  yield ['folded-header', `X-Folded: a${'\r\n b'.repeat(300_000)}\r\n\r\ntext`]
  yield [
    'hundred-thousand-headers',
    `${Array.from({ length: 100_000 }, (_, index) => `X-${index}: v\r\n`).join('')}\r\ntext`,
  ]
  yield ['hundred-thousand-receivers', `Cc: ${'c@example.org, '.repeat(10_000)}\r\n\r\ntext`]
  yield ['groups-of-receivers', `Cc: ${'g: (('.repeat(30_000)}\r\n\r\ntext`]
  yield ['encoded-words', `X-Words: ${'=?utf-8?B?5Lit?= '.repeat(10_000)}\r\nSubject: =?nowhere?Q?=ZZ?=\r\n\r\ntext`]
  yield [
    'base64-noise',
    `Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${'!@#$%^&*='.repeat(100_000)}`,
  ]
  yield [
    'quoted-one-line',
    `Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${'=E6=B0=B4=ZZ'.repeat(20_000)}`,
  ]
  yield ['unknown-charset', 'Content-Type: text/plain; charset=x-nowhere\r\n\r\ntext \xff\xfe']
  yield [
    'unknown-encoding',
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: x-nothing\r\n\r\ntext',
  ]
  yield [
    'unsafe-names',
    mixed(
      'b',
      `${['../../../etc/passwd', '/etc/x', 'a\\..\\b', 'con', '.', '..', '', 'x'.repeat(5_000)].map((name) => `--b\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\ndata\r\n`).join('')}--b--`,
    ),
  ]
  yield ['page-deep', `Content-Type: text/html\r\n\r\n${'<div>'.repeat(100_000)}x`]
  yield ['only-headers', '']
  yield ['zeros', `\r\n${'\0'.repeat(500_000)}`]
  yield ['uuencoded', `\r\nbegin 644 a.txt\r\n${'M'.repeat(60)}\r\n`.repeat(500)]
}

function deepParts(depth) {
  let body = text
  for (let level = 0; level < depth; level++) body = mixed(`b${level}`, `--b${level}\r\n${body}\r\n--b${level}--\r\n`)
  return body
}

function deepMails(depth) {
  let body = text
  for (let level = 0; level < depth; level++) body = `Content-Type: message/rfc822\r\n\r\n${head}${body}`
  return body
}
