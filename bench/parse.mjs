// How fast files are read, with how much memory, and whether what should be found in them is: for each format, over a
// generated corpus and over a folder. With a manifest each file is held against the text that it must give.
//
// With --cross each snippet is looked for in all the other files as well: where it is found there, the way says little.
//
//   node bench/parse.mjs [FOLDER] [--manifest FILE] [--ocr] [--cross] [--no-generated] [--soffice PATH] [--json]
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { sandboxedRecogniser } from '../dist/ingest/ocr/recogniser.js'
import { sandboxedParser } from '../dist/ingest/parse/parse.js'
import { recognisePictures } from '../dist/ingest/recognise.js'
import { discover } from '../dist/ingest/sync/discover.js'
import { childMemory } from './parse/child-memory.mjs'
import { writeSoundCorpus } from './parse/corpus.mjs'
import { foundElsewhere } from './parse/elsewhere.mjs'
import { readManifest } from './parse/manifest.mjs'
import { causes, findSnippet, ways } from './parse/snippets.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    manifest: { type: 'string' },
    ocr: { type: 'boolean', default: false },
    cross: { type: 'boolean', default: false },
    'no-generated': { type: 'boolean', default: false },
    soffice: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const MiB = 1024 * 1024
const soffice = values.soffice ?? whichSoffice()

function whichSoffice() {
  try {
    return (
      execFileSync('which', ['soffice'], { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim() || null
    )
  } catch {
    return null
  }
}

function openDrivers() {
  const parser = sandboxedParser({
    timeoutMs: 120_000,
    cpuMs: 100_000,
    memoryBytes: 1536 * MiB,
    processes: 1,
    soffice,
    // A process of its own for each format: its memory is not that of the format before.
    filesPerProcess: 1000,
  })
  const recogniser = values.ocr ? sandboxedRecogniser({ timeoutMs: 120_000, memoryBytes: 3072 * MiB }) : null
  return { parser, recogniser, close: () => Promise.all([parser.close(), recogniser?.close()]) }
}

async function filesOf(folder) {
  const files = []
  for await (const file of discover(folder))
    if (!file.problem) files.push({ ...file, name: relative(folder, file.path) })
  return files.filter(({ path }) => values.manifest === undefined || path !== resolve(values.manifest))
}

async function readOne({ parser, recogniser }, { path, passwords = [] }) {
  const scratchDir = await mkdtemp(join(tmpdir(), 'inkstone-parse-'))
  const startedAt = performance.now()
  try {
    const parsed = await parser.parse(path, { fileName: basename(path), scratchDir, passwords })
    const parseSeconds = (performance.now() - startedAt) / 1000
    const file = recogniser === null ? parsed : await recognisePictures(parsed, { path, recogniser, passwords })
    return { outcome: file.losses.length > 0 ? 'partly' : 'read', file, parseSeconds, pictures: parsed.pictures.length }
  } catch (error) {
    return {
      outcome: error.code,
      message: error.message,
      parseSeconds: (performance.now() - startedAt) / 1000,
      pictures: 0,
    }
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

const textOf = ({ title, blocks, metadata, members }) =>
  [title ?? '', ...Object.values(metadata), ...blocks.map(({ text }) => text), ...members.map(({ name }) => name)].join(
    '\n',
  )

async function measureFormat(files, manifest, { warmUp, memory }) {
  const drivers = openDrivers()
  const results = []
  try {
    await readOne(drivers, { path: warmUp })
    memory.takePeakMiB()
    for (const file of files) {
      const expected = manifest.get(file.name) ?? { snippet: null, passwords: [] }
      const result = await readOne(drivers, { path: file.path, passwords: expected.passwords })
      const { file: parsed, ...measured } = result
      const read = {
        ...{ path: file.path, passwords: expected.passwords, format: extname(file.path).slice(1).toLowerCase() },
        ...{ text: parsed ? textOf(parsed) : '', blocks: parsed?.blocks ?? [] },
      }
      const hit = expected.snippet === null ? null : await findSnippet(expected.snippet, read)
      results.push({ ...file, ...measured, ...(parsed ? countsOf(parsed) : {}), hit, snippet: expected.snippet, read })
    }
  } finally {
    await drivers.close()
  }
  return { results, peakMiB: memory.takePeakMiB() }
}

const countsOf = ({ pageCount, blocks, members, losses }) => ({
  pages: pageCount ?? 0,
  tables: blocks.filter(({ kind }) => kind === 'table').length,
  members: members.length,
  losses,
})

function summary({ results, peakMiB }) {
  const total = (key) => results.reduce((sum, result) => sum + (result[key] ?? 0), 0)
  const [seconds, pages] = [total('parseSeconds'), total('pages')]
  return {
    files: results.length,
    MB: Number((total('sizeBytes') / 1e6).toFixed(1)),
    pages,
    seconds: Number(seconds.toFixed(1)),
    'pages/s': pages > 0 ? Number((pages / seconds).toFixed(1)) : '',
    'MB/s': Number((total('sizeBytes') / 1e6 / seconds).toFixed(1)),
    'peak MiB': Math.round(peakMiB),
    tables: total('tables'),
    pictures: total('pictures'),
    members: total('members'),
    outcome: Object.entries(Object.groupBy?.(results, ({ outcome }) => outcome) ?? counted(results))
      .map(([outcome, those]) => `${outcome} ${those.length}`)
      .join(', '),
  }
}

/** Object.groupBy, which Node 20 does not have. */
function counted(results) {
  const groups = {}
  for (const result of results) groups[result.outcome] = [...(groups[result.outcome] ?? []), result]
  return groups
}

async function measureFolder(label, folder, manifest, tools) {
  const formats = new Map()
  for (const file of await filesOf(folder)) {
    const format = extname(file.path).slice(1).toLowerCase() || '(none)'
    formats.set(format, [...(formats.get(format) ?? []), file])
  }
  const rows = {}
  const all = []
  for (const [format, files] of [...formats].sort()) {
    const measured = await measureFormat(files, manifest, tools)
    rows[format] = summary(measured)
    all.push(...measured.results)
  }
  if (!values.json) {
    console.log(label)
    console.table(rows)
  }
  return { label, formats: rows, files: all }
}

function reportSnippets(files) {
  const expected = files.filter(({ hit }) => hit !== null)
  if (expected.length === 0) return
  const share = (part, whole) => `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`
  const those = (how) => expected.filter(({ hit }) => hit.how === how)
  const found = expected.filter(({ hit }) => Object.hasOwn(ways, hit.how))
  const shown = expected.length - those('nothing').length
  console.log(`snippets found as they are written, white space aside: ${share(those('found').length, expected.length)}`)
  console.log(
    `with the ways below: ${share(found.length, expected.length)}; of those a reader sees: ${share(found.length, shown)}`,
  )
  for (const [how, words] of Object.entries({ ...ways, ...causes })) {
    const these = those(how)
    if (how === 'found' || these.length === 0) continue
    console.log(`${Object.hasOwn(ways, how) ? 'found' : 'NOT found'} ${words}: ${these.length}`)
    for (const { name, outcome, message = '', pictures, hit } of these) {
      const note = pictures > 0 && !values.ocr ? `, ${pictures} pictures not recognised` : ''
      console.log(`    ${name}  ${outcome}${note}, ${(hit.share * 100).toFixed(0)} % of its words ${message}`)
    }
  }
}

async function reportElsewhere(files) {
  const { pairs, found } = await foundElsewhere(files)
  console.log(
    `each snippet in each of the other files, ${pairs} pairs; found there, in its file's own way or a stricter one:`,
  )
  for (const { name, how, elsewhere } of found) console.log(`    ${name} (${how}) in ${elsewhere.join(', ')}`)
}

const work = await mkdtemp(join(tmpdir(), 'inkstone-bench-parse-'))
const memory = childMemory()
try {
  const warmUp = join(work, 'warm-up.txt')
  await writeFile(warmUp, 'warm')
  const tools = { warmUp, memory }
  const reports = []
  if (!values['no-generated']) {
    const corpus = join(work, 'corpus')
    await writeSoundCorpus(corpus)
    reports.push(await measureFolder('generated', corpus, new Map(), tools))
  }
  if (positionals[0] !== undefined) {
    const manifest = values.manifest === undefined ? new Map() : await readManifest(values.manifest)
    const measured = await measureFolder(positionals[0], resolve(positionals[0]), manifest, tools)
    reports.push(measured)
    if (!values.json) reportSnippets(measured.files)
    if (!values.json && values.cross) await reportElsewhere(measured.files)
  }
  if (values.json) {
    const told = ({ path: _, relativePath: __, read: ___, snippet: ____, ...file }) => file
    console.log(JSON.stringify(reports.map((report) => ({ ...report, files: report.files.map(told) }))))
  }
} finally {
  memory.stop()
  await rm(work, { recursive: true, force: true })
}
