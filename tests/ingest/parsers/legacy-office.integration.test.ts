import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Parser } from '../../../src/core/ports.js'
import type { ParsedFile } from '../../../src/core/types.js'
import { legacyOfficeParsers } from '../../../src/ingest/parsers/legacy-office.js'
import { parseContext } from '../../support/parse-context.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { until } from '../../support/until.js'
import { makeCompoundFile } from '../fixtures/workbook.js'

/** A parser that says what it was given. */
function echo(mediaType: string): Parser {
  return {
    mediaTypes: [mediaType],
    parse: async (bytes) => {
      const text = Buffer.from(bytes).toString()
      const block = { kind: 'paragraph' as const, text, page: null, headingPath: [] }
      const empty = { pictures: [], members: [], losses: [], warnings: [], metadata: {} }
      return { title: null, mediaType, pageCount: null, blocks: [block], ...empty } satisfies ParsedFile
    },
  }
}

const parsers = legacyOfficeParsers({ docx: echo('docx'), pptx: echo('pptx') })

/** A program that stands in for LibreOffice; `body` is what it does with its arguments `args`. */
async function fakeSoffice(body: string): Promise<string> {
  const path = join(await temporaryFolder(), 'soffice')
  const script = `#!${process.execPath}\nconst fs = require('node:fs'), path = require('node:path'), args = process.argv.slice(2)\n${body}\n`
  await writeFile(path, script)
  await chmod(path, 0o755)
  return path
}

const outFile = "path.join(args[args.indexOf('--outdir') + 1], 'document.' + args[args.indexOf('--convert-to') + 1])"
const word = makeCompoundFile({ WordDocument: Buffer.alloc(5000), '1Table': Buffer.from('x') })
const slides = makeCompoundFile({ 'PowerPoint Document': Buffer.alloc(5000), 'Current User': Buffer.alloc(40) })

async function parse(mediaType: string, bytes: Uint8Array, soffice: string | null) {
  const parser = parsers.find(({ mediaTypes }) => mediaTypes.includes(mediaType))
  if (parser === undefined) throw new Error(`no parser of ${mediaType}`)
  const scratchDir = await temporaryFolder()
  return { scratchDir, parsed: await parser.parse(bytes, parseContext('旧 文件.doc', { scratchDir, soffice })) }
}

describe('legacyOfficeParsers', () => {
  test('asks for the new format, with a profile and a folder of its own', async () => {
    const soffice = await fakeSoffice(
      `fs.writeFileSync(${outFile}, JSON.stringify({ args, cwd: process.cwd(), home: process.env.HOME, names: Object.keys(process.env), input: fs.readFileSync(args.at(-1)).length }))`,
    )
    const { parsed, scratchDir } = await parse('application/msword', word, soffice)
    const seen = JSON.parse(parsed.blocks[0]?.text ?? '')
    const profile = join(scratchDir, 'office-profile')
    expect(seen.args).toEqual([
      '--headless',
      '--norestore',
      '--nologo',
      '--nolockcheck',
      '--nodefault',
      `-env:UserInstallation=${pathToFileURL(profile).href}`,
      '--convert-to',
      'docx',
      '--outdir',
      join(scratchDir, 'office-output'),
      join(scratchDir, 'document.doc'),
    ])
    expect(seen).toMatchObject({ home: profile, input: word.length })
    expect(seen.names).not.toContain('npm_config_registry')
    expect(parsed.mediaType).toBe('application/msword')
  })

  test('makes presentations of presentations', async () => {
    const soffice = await fakeSoffice(`fs.writeFileSync(${outFile}, args[args.indexOf('--convert-to') + 1])`)
    const { parsed } = await parse('application/vnd.ms-powerpoint', slides, soffice)
    expect(parsed.blocks[0]?.text).toBe('pptx')
  })

  test('says what to do without LibreOffice', async () => {
    await expect(parse('application/msword', word, null)).rejects.toMatchObject({
      code: 'unsupported_format',
      remedy: expect.stringMatching(/install LibreOffice.*\.docx/),
    })
    await expect(parse('application/msword', word, '/no/such/soffice')).rejects.toMatchObject({
      code: 'unsupported_format',
      remedy: expect.stringContaining('INKSTONE_SOFFICE_PATH'),
    })
  })

  test('takes a failure, and an end without a file, for a file that cannot be read', async () => {
    for (const body of ["process.stderr.write('Error: source file could not be loaded'); process.exit(1)", '']) {
      await expect(parse('application/msword', word, await fakeSoffice(body))).rejects.toMatchObject({
        code: 'file_corrupt',
      })
    }
  })

  test('finds passwords and damage without starting anything', async () => {
    const locked = Buffer.alloc(5000)
    locked.writeUInt16LE(0x0100, 10)
    const user = Buffer.alloc(40)
    user.writeUInt32LE(0xf3d1c4df, 12)
    const password = { code: 'password_required' }
    const never = '/no/such/soffice'
    await expect(parse('application/msword', makeCompoundFile({ WordDocument: locked }), never)).rejects.toMatchObject(
      password,
    )
    const lockedSlides = makeCompoundFile({ 'PowerPoint Document': Buffer.alloc(10), 'Current User': user })
    await expect(parse('application/vnd.ms-powerpoint', lockedSlides, never)).rejects.toMatchObject(password)
    const damaged = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)])
    await expect(parse('application/msword', damaged, never)).rejects.toMatchObject({ code: 'file_corrupt' })
  })

  test('leaves a program that hangs in the group of the reading process, which ends it', async () => {
    const folder = await temporaryFolder()
    const pidFile = join(folder, 'pid')
    const soffice = await fakeSoffice(
      `fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`,
    )
    const convert = pathToFileURL(join(process.cwd(), 'dist/ingest/parsers/soffice.js')).href
    const options = { soffice, input: join(folder, 'a.doc'), format: 'docx', scratchDir: folder }
    const source = `import(${JSON.stringify(convert)}).then((module) => module.convertWithSoffice(${JSON.stringify(options)}))`
    const reader = spawn(process.execPath, ['-e', source], { detached: true, stdio: 'ignore' })
    const exited = once(reader, 'exit')
    await until(() => pidIn(pidFile) > 0)
    const pid = pidIn(pidFile)
    expect(isAlive(pid)).toBe(true)
    process.kill(-Number(reader.pid), 'SIGKILL')
    await exited
    await until(() => !isAlive(pid))
    expect(isAlive(pid)).toBe(false)
  }, 30_000)
})

function pidIn(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
