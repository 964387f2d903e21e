// Compiles src/ and bundles web/ into dist/. With --if-needed only when a source is newer than the last build.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'dist', '.built')

function newestMtimeMs(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestMtimeMs(join(path, name))))
}

const inputs = ['src', 'web', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build-web.mjs']
const isFresh = () =>
  existsSync(stamp) && statSync(stamp).mtimeMs > Math.max(...inputs.map((input) => newestMtimeMs(join(root, input))))

if (!process.argv.includes('--if-needed') || !isFresh()) {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
  execFileSync(process.execPath, [join(root, 'scripts', 'build-web.mjs')], { cwd: root, stdio: 'inherit' })
  writeFileSync(stamp, '')
}
