import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

// Builds the chat page: index.html, app.js, app.css and icon.svg, which need nothing from elsewhere.
// node scripts/build-web.mjs [--out DIR]   (default: dist/web)

const web = fileURLToPath(new URL('../web/', import.meta.url))
const { values } = parseArgs({ options: { out: { type: 'string' } } })
const out = values.out ?? fileURLToPath(new URL('../dist/web/', import.meta.url))

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
await build({
  entryPoints: { app: join(web, 'main.tsx') },
  outdir: out,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  charset: 'utf8',
  minify: true,
  legalComments: 'inline',
  logLevel: 'warning',
})
await build({
  entryPoints: { app: join(web, 'styles', 'app.css') },
  outdir: out,
  bundle: true,
  minify: true,
  logLevel: 'warning',
})
await Promise.all(['index.html', 'icon.svg'].map((file) => cp(join(web, file), join(out, file))))
