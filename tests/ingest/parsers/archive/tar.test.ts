import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../../src/core/errors.js'
import { tarParser } from '../../../../src/ingest/parsers/archive/tar.js'
import { parseContext } from '../../../support/parse-context.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

interface TarFixture {
  name: string
  content?: string
  type?: string
}

function makeTar(entries: readonly TarFixture[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', type = '0' }) => {
    const header = Buffer.alloc(512)
    const bytes = Buffer.from(content)
    header.write(name, 0, 100)
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write(' '.repeat(8), 148)
    header.write(type, 156)
    header.write('ustar', 257)
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    )
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

async function parse(bytes: Uint8Array, fileName = 'a.tar', limits = {}) {
  return tarParser(limits).parse(bytes, parseContext(fileName, { scratchDir: await temporaryFolder() }))
}

describe('tarParser', () => {
  const files = [
    { name: '泵/', type: '5' },
    { name: '泵/说明.txt', content: '检查油位' },
    { name: '../evil.txt', content: 'x' },
    { name: 'link', type: '2' },
  ]

  test.each([
    ['a tape archive', makeTar(files)],
    ['a packed one', gzipSync(makeTar(files))],
  ])('takes the files out of %s', async (_, bytes) => {
    const parsed = await parse(bytes)
    expect(parsed.members.map(({ name }) => name)).toEqual(['泵/说明.txt', 'evil.txt'])
    expect(await readFile(parsed.members[0]?.path ?? '', 'utf8')).toBe('检查油位')
    expect(parsed.blocks[0]?.text).toBe('- 泵/说明.txt (12 bytes)\n- evil.txt (1 byte)')
    expect(parsed.warnings).toHaveLength(1)
  })

  test('reads names that are longer than a header holds', async () => {
    const long = `${'folder/'.repeat(20)}a.txt`
    const record = ` path=${long}\n`
    const pax = `${record.length + 3}${record}`
    const parsed = await parse(
      makeTar([
        { name: 'x', type: 'x', content: pax },
        { name: 'short', content: '1' },
        { name: '././@LongLink', type: 'L', content: `b/${long}\0` },
        { name: 'short', content: '2' },
      ]),
    )
    expect(parsed.members.map(({ name }) => name)).toEqual([long, `b/${long}`])
  })

  test('takes a single packed file under its own name', async () => {
    const parsed = await parse(gzipSync('日志'), 'logs/2024.log.gz')
    expect(parsed.members.map(({ name }) => name)).toEqual(['2024.log'])
    expect(await readFile(parsed.members[0]?.path ?? '', 'utf8')).toBe('日志')
  })

  test('says what is cut off, damaged or too large', async () => {
    const cut = await parse(makeTar([{ name: 'a.txt', content: 'x'.repeat(5000) }]).subarray(0, 2000))
    expect(cut.losses).toMatchObject([{ kind: 'member', count: 1 }])
    await expect(parse(gzipSync('x').subarray(0, 12))).rejects.toMatchObject({ code: 'file_corrupt' })
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    await expect(parse(bomb, 'a.gz', { maxUnpackedBytes: 999_999 })).rejects.toMatchObject({ code: 'archive_bomb' })
    await expect(parse(makeTar(files), 'a.tar', { maxEntries: 3 })).rejects.toMatchObject({ code: 'archive_bomb' })
  })

  test('ends on every damage with an error of its own or none', async () => {
    const whole = makeTar(files)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }),
        async (changes) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of changes) bytes[at] = value
          const outcome = await parse(bytes).catch((thrown: unknown) => thrown)
          expect(outcome instanceof InkstoneError || !(outcome instanceof Error)).toBe(true)
        },
      ),
      { numRuns: 40 },
    )
  })
})
