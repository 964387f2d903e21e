// Builds, runs every test (or those named by the arguments, as vitest takes them) and ends with "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'inkstone-test-'))
const report = join(folder, 'report.json')

/** Longest time for one step: a run that stands still must end as a failure, not never. */
const longestStepMs = 40 * 60_000

function run(script, args) {
  const options = { cwd: root, stdio: 'inherit', timeout: longestStepMs, killSignal: 'SIGKILL' }
  return spawnSync(process.execPath, [join(root, script), ...args], options).status ?? 1
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  }
}

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
const built = run('scripts/build.mjs', ['--if-needed'])
const status = built || run('node_modules/vitest/vitest.mjs', ['run', ...reporters, ...process.argv.slice(2)])
const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests } = readReport()
rmSync(folder, { recursive: true })
// An error outside of any test (a file that cannot be loaded, a promise nobody waited for) fails the run as well.
const failed = numFailedTests || (status === 0 && passed > 0 ? 0 : 1)
const skipped = numPendingTests + numTodoTests
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 ? 0 : 1)
