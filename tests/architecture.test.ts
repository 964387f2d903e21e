import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What each folder, or file at the top of src/, may import besides itself. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  config: ['core'],
  ingest: ['core'],
  embed: ['core'],
  store: ['core', 'api'],
  retrieve: ['core'],
  generate: ['core'],
  eval: ['core'],
  api: ['core'],
  client: ['core', 'api'],
  server: ['core', 'api'],
  'version.ts': [],
  'knowledge-base.ts': ['core', 'ingest', 'retrieve', 'generate'],
  'dense-trust.ts': ['core', 'retrieve', 'eval'],
  'answerability.ts': ['core', 'generate', 'eval', 'knowledge-base.ts'],
  'home.ts': ['core', 'config', 'embed', 'store', 'ingest', 'retrieve', 'generate', 'knowledge-base.ts'],
  trace: ['core'],
  'answer-log.ts': ['core', 'config', 'trace'],
  'asking.ts': ['core', 'trace', 'answerability.ts', 'dense-trust.ts', 'home.ts', 'knowledge-base.ts'],
  'stored-answers.ts': ['core', 'trace', 'answer-log.ts', 'asking.ts', 'home.ts', 'version.ts'],
  'conversation-export.ts': ['core'],
  'current-chunks.ts': ['core'],
  'conversations.ts': ['core', 'conversation-export.ts', 'home.ts'],
  'inkstone.ts': [
    ...['core', 'config', 'generate', 'dense-trust.ts', 'home.ts', 'knowledge-base.ts', 'version.ts'],
    ...['answer-log.ts', 'answerability.ts', 'asking.ts', 'conversations.ts', 'current-chunks.ts', 'stored-answers.ts'],
  ],
  cli: [
    ...['core', 'api', 'config', 'embed', 'ingest', 'store', 'retrieve', 'generate', 'eval', 'client', 'server'],
    ...['knowledge-base.ts', 'inkstone.ts', 'version.ts'],
  ],
}

/** A vendor's types and quirks stop where it is fenced. */
const vendorFences: [vendor: RegExp, folders: readonly string[]][] = [
  [/^(@lancedb\/|apache-arrow)/, ['store']],
  [/^@libsql\//, ['store']],
  [/^(hono|@hono\/|busboy|swagger-ui-dist|pino)/, ['server']],
  [/^@xenova\/transformers/, ['embed', 'retrieve']],
  [/^onnxruntime/, ['embed', 'retrieve', 'ingest']],
  [/^(sharp|@napi-rs\/canvas|@gutenye\/|chokidar|ignore$)/, ['ingest']],
  [/^pacote/, ['embed']],
  [/^(opencc-js|stemmer)/, ['core']],
  [
    /^(pdf-parse|pdfjs-dist|mammoth|parse5|marked|papaparse|chardet|iconv-lite|yauzl|file-type|pidusage|saxes)/,
    ['ingest'],
  ],
  [/^@e965\/xlsx/, ['ingest']],
  [/^(commander|cli-progress)/, ['cli']],
]

interface Source {
  path: string
  unit: string
  text: string
  imports: string[]
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, folder, path), 'utf8')
      const imports = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
      return { path: join(folder, path), unit: path.split(/[\\/]/)[0] ?? path, text, imports }
    })
}

/** The folder or top file of src/ that a relative import leads to. */
function unitOf(source: Source, specifier: string): string {
  const target = relative('src', normalize(join(dirname(source.path), specifier)))
  const [unit = ''] = target.split(/[\\/]/)
  return unit.replace(/\.js$/, '.ts')
}

const sources = sourcesIn('src')

describe('the source tree', () => {
  test('is seen by this test', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(200)
    expect(Object.keys(mayImport).sort()).toEqual([...new Set(sources.map(({ unit }) => unit))].sort())
  })

  test('keeps to the table of who may import whom', () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => unitOf(source, specifier))
        .filter((unit) => unit !== source.unit && !mayImport[source.unit]?.includes(unit))
        .map((unit) => `${source.path} imports ${unit}`),
    )
    expect(wrong).toEqual([])
  })

  test('keeps every vendor behind its fence', () => {
    const wrong = sources.flatMap(({ path, unit, imports }) =>
      imports
        .filter((name) => vendorFences.some(([vendor, folders]) => vendor.test(name) && !folders.includes(unit)))
        .map((name) => `${path} imports ${name}`),
    )
    expect(wrong).toEqual([])
    const seen = (vendor: RegExp) => sources.some(({ imports }) => imports.some((name) => vendor.test(name)))
    for (const [vendor] of vendorFences) expect(seen(vendor), `${vendor} is not used at all`).toBe(true)
  })

  test('reads the environment in config only', () => {
    const readers = sources.filter(({ text }) => text.includes('process.env')).map(({ unit }) => unit)
    expect(new Set(readers)).toEqual(new Set(['config']))
  })

  test('hands the chat page nothing but types of core', () => {
    const page = sourcesIn('web')
    expect(page.length).toBeGreaterThan(3)
    const wrong = page.flatMap(({ path, text }) =>
      [...text.matchAll(/^(import|export)(?! type).*'(\.\.\/.*src\/[^']+)'/gm)].map((match) => `${path}: ${match[0]}`),
    )
    expect(wrong).toEqual([])
    const reached = page.flatMap(({ imports }) => imports.filter((name) => name.includes('/src/')))
    expect(reached.filter((name) => !name.includes('/src/core/'))).toEqual([])
  })
})
