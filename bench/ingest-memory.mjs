// How the memory of a server and its tables on disk grow while it takes in a folder of many small documents.
//
//   npm run bench:ingest-memory -- [--documents 2000] [--words 120] [--rounds 1] [--seed 1]
//
// In each round after the first every document has another text.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pick, randomNumbers } from './chaos/random.mjs'
import { modelsDir, packageRoot, startServer, stop } from './server.mjs'

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '2000' },
    words: { type: 'string', default: '120' },
    rounds: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
})
const documents = Number(values.documents)
const words = Number(values.words)
const rounds = Number(values.rounds)
const MiB = 1024 * 1024
const documentsPerRow = 200
/** Garbage is given back a moment after the last job. */
const settleMs = 5_000
const syllables = 'pa ro ti ve lu mo ne si ka du 泵 阀 轴 承 压 力 流 量 密 封'.split(' ')

async function writeDocuments(folder, round) {
  const random = randomNumbers(Number(values.seed) + round)
  const word = () => `${pick(random, syllables)}${pick(random, syllables)}${pick(random, syllables)}`
  for (let number = 0; number < documents; number++) {
    const path = join(folder, String(number % 50))
    await mkdir(path, { recursive: true })
    const text = Array.from({ length: words }, word).join(' ')
    await writeFile(join(path, `note-${number}.txt`), `Note ${number}\n\n${text}.\n`)
  }
}

const rssMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** Bytes and files below a folder, by the name of the subfolder that they lie in. */
function sizesIn(folder, into = {}, name = '.') {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sizesIn(path, into, name.startsWith('_') || name === 'data' ? name : entry.name)
    else {
      into[name] ??= { MiB: 0, files: 0 }
      const known = into[name]
      known.MiB += statSync(path).size / MiB
      known.files += 1
    }
  }
  return into
}

async function ingest({ home, folder, onFile }) {
  const program = [join(packageRoot, 'bin/inkstone.js'), 'ingest', folder, '--json']
  const child = spawn(process.execPath, [...program, '--home', home, '--models-dir', modelsDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line)
    if (event.type === 'file') onFile(event)
  }
}

/** Takes the folder in and tells what that took. */
async function measure(before) {
  const started = performance.now()
  let done = 0
  let peak = before
  await ingest({
    home,
    folder,
    onFile({ outcome }) {
      if (outcome !== 'added' && outcome !== 'updated') throw new Error(`a document was ${outcome}`)
      const now = rssMiB(child.pid)
      peak = Math.max(peak, now)
      if (++done % documentsPerRow !== 0) return
      const seconds = ((performance.now() - started) / 1000).toFixed(0)
      console.log(`${done} documents after ${seconds} s: ${now.toFixed(0)} MiB`)
    },
  })
  const seconds = (performance.now() - started) / 1000
  await sleep(settleMs)
  const after = rssMiB(child.pid)
  const sizes = Object.values(sizesIn(join(home, 'kb', 'lance')))
  const versions = readdirSync(join(home, 'kb', 'lance'))
    .filter((name) => name.endsWith('.lance'))
    .map((name) => readdirSync(join(home, 'kb', 'lance', name, '_versions')).length)
  return {
    'documents a second': (done / seconds).toFixed(1),
    'MiB before, at most, in the end': [before, peak, after].map(Math.round).join(', '),
    'MiB for 1,000 documents': (((after - before) / documents) * 1000).toFixed(1),
    'versions of the table': Math.max(...versions),
    'MiB, files on disk': `${sizes.reduce((sum, { MiB }) => sum + MiB, 0).toFixed(0)}, ${sizes.reduce((sum, { files }) => sum + files, 0)}`,
  }
}

const root = await mkdtemp(join(tmpdir(), 'inkstone-ingest-memory-'))
const home = join(root, 'home')
const folder = join(root, 'files')
await writeDocuments(folder, 1)
const { child } = await startServer(home)
try {
  // The model, the parsers and the store have their memory before it is measured.
  const warm = join(root, 'warm')
  await mkdir(warm)
  for (let number = 0; number < 20; number++) await writeFile(join(warm, `${number}.txt`), `Warm ${number}`)
  await ingest({ home, folder: warm, onFile: () => undefined })
  await sleep(settleMs)
  const before = rssMiB(child.pid)
  console.log(`${documents} documents of ${words} words; the server has ${before.toFixed(0)} MiB`)
  const rows = {}
  for (let round = 1; round <= rounds; round++) {
    if (round > 1) await writeDocuments(folder, round)
    rows[round === 1 ? 'new' : `changed, round ${round}`] = await measure(before)
  }
  console.table(rows)
} finally {
  await stop(child, 'SIGTERM')
  await rm(root, { recursive: true, force: true })
}
