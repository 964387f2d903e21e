import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildDocx } from './docx.mjs'
import { extractPages } from './extract.mjs'
import { findFonts } from './font.mjs'
import { parseMarkdown } from './markdown.mjs'
import { buildPdf } from './pdf.mjs'

const USAGE = `Builds the PDF and Word documents of data/sample from scripts/build-sample/content.

  node scripts/build-sample/build.mjs [--font FILE] [--face NAME] [--out FOLDER]

  --font FILE   a free .ttf, .otf or .ttc with Chinese and Latin glyphs; its subset is embedded in the PDFs
                (default: Noto Sans CJK SC where the usual packages put it)
  --face NAME   which face of a .ttc collection to take (default: NotoSansCJKsc-Regular)
  --out FOLDER  where the documents go (default: data/sample/documents)`

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

async function main() {
  const { values } = parseArgs({
    options: {
      font: { type: 'string' },
      face: { type: 'string', default: 'NotoSansCJKsc-Regular' },
      out: { type: 'string', default: here('../../data/sample/documents') },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(USAGE)
  const fonts = findFonts({ file: values.font, face: values.face })
  await mkdir(values.out, { recursive: true })
  const folder = here('./content')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.md')).sort()) {
    const content = parseMarkdown(await readFile(join(folder, name), 'utf8'))
    const { output } = content.meta
    const bytes = output.endsWith('.pdf') ? await buildPdf(content, { fonts }) : await buildDocx(content)
    const file = join(values.out, output)
    await writeFile(file, bytes)
    await assertExtracts(content, file)
    console.log(`${output}  ${bytes.length} bytes`)
  }
}

/** A font may lack a glyph, or use one glyph for two characters; on paper neither is seen, in a search both are lost. */
async function assertExtracts({ meta, blocks }, file) {
  const found = new Set((await extractPages(file)).pages.join(''))
  const written = blocks.flatMap((block) => (block.kind === 'table' ? block.rows.flat() : [block.text ?? ''])).join('')
  const lost = [...new Set(written.replace(/\s/g, ''))].filter((character) => !found.has(character))
  if (lost.length === 0) return
  throw new Error(
    `${meta.output}: these characters were written and do not extract: ${lost.join(' ')}\nremedy: pass --font FILE with a font that has them`,
  )
}

main().catch((error) => {
  console.error(`build-sample: ${error.message}`)
  process.exitCode = 1
})
