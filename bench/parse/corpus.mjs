import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { baseFiles, pdfOf, workbookOf } from '../bad-inputs/base-files.mjs'
import { docx, odf } from '../bad-inputs/packages.mjs'

const sentence = (index) =>
  `Paragraph ${index}: the pump lifts ${index % 90} m at 2900 rpm. 第${index}段：水泵的额定扬程为${index % 90}米。`
const sentences = (count) => Array.from({ length: count }, (_, index) => sentence(index))

/** Sound files: a small one of every format and a long one of those that get long. */
export async function writeSoundCorpus(folder) {
  const { 'locked.pdf': _, doc: __, ppt: ___, msg: ____, 'raw.xlsx': _____, ...small } = await baseFiles()
  const rows = sentences(60_000).map((text, index) => [`IH${index}`, index, index % 90, text])
  const long = {
    'long.pdf': await pdfOf(sentences(12_000)),
    'long.docx': docx(
      sentences(20_000)
        .map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`)
        .join(''),
    ),
    'long.odt': odf(
      'text',
      sentences(20_000)
        .map((text) => `<text:p>${text}</text:p>`)
        .join(''),
    ),
    'long.xlsx': workbookOf([['型号', '编号', '扬程', '说明'], ...rows], 'xlsx'),
    'long.txt': Buffer.from(sentences(60_000).join('\n\n')),
    'long.md': Buffer.from(
      sentences(20_000)
        .map((text, index) => `## ${index}\n\n${text}`)
        .join('\n\n'),
    ),
    'long.html': Buffer.from(
      `<!doctype html><body>${sentences(40_000)
        .map((text) => `<p>${text}</p>`)
        .join('')}</body>`,
    ),
    'long.csv': Buffer.from(rows.map((row) => row.join(',')).join('\n')),
  }
  await mkdir(folder, { recursive: true })
  for (const [ending, bytes] of Object.entries(small)) await writeFile(join(folder, `small.${ending}`), bytes)
  for (const [name, bytes] of Object.entries(long)) await writeFile(join(folder, name), bytes)
}
