import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { createCanvas, GlobalFonts } from '@napi-rs/canvas'
import { Document, HeadingLevel, Packer, Paragraph } from 'docx'
import PDFDocument from 'pdfkit'
import { discover } from '../../dist/ingest/sync/discover.js'
import { pick, randomNumbers } from './random.mjs'
import { storedZip } from './stored-zip.mjs'

const words = `pump valve flange bearing seal rotor casing gasket torque pressure flow inlet outlet coupling motor shaft
  impeller nozzle filter sensor 检查 轴承 密封 流量 压力 电机 叶轮 法兰 阀门 维护 温度 振动 润滑 联轴器 泵体 记录`.split(
  /\s+/,
)
const font = 'Chaos'

/** Says which version of which document a passage is from; each paragraph of a generated document holds one. */
export const markOf = (number, version) => `document${number}version${version}mark`
export const marksIn = (text) =>
  [...text.matchAll(/document(\d+)version(\d+)mark/g)].map(([, number, version]) => [number, version].map(Number))

/**
 * The files of an ingest in a folder: some of the given ones, unchanged in every version, and generated ones that are
 * written anew for each version.
 */
export async function prepareDocuments({ source, files, folder, seed }) {
  const given = []
  for await (const file of discover(source)) if (!file.problem) given.push(file.path)
  const fixed = await copyEvenly(given.sort(), { most: Math.min(files, given.length), folder })
  const generated = Array.from({ length: files - fixed.length }, (_, number) => ({ number, ...kindOf(number) }))
  return {
    fixed,
    generated: generated.map(({ number, name }) => ({ number, path: join(folder, name) })),
    async write(version) {
      for (const { number, name, make } of generated) {
        const paragraphs = paragraphsOf({ number, version, random: randomNumbers(seed + number * 1_000 + version) })
        await writeFile(join(folder, name), await make(paragraphs))
      }
    },
  }
}

export async function contentHash(path) {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** Spread over the whole list, whatever its order. */
async function copyEvenly(paths, { most, folder }) {
  const chosen = Array.from({ length: most }, (_, index) => paths[Math.floor((index * paths.length) / most)])
  const copies = []
  for (const [index, path] of chosen.entries()) {
    const copy = join(folder, 'given', String(index), basename(path))
    await mkdir(dirname(copy), { recursive: true })
    await cp(path, copy)
    copies.push(copy)
  }
  return copies
}

const formats = [
  ['md', (paragraphs) => paragraphs.map((text, index) => `## Part ${index + 1}\n\n${text}\n`).join('\n')],
  ['txt', (paragraphs) => paragraphs.join('\n\n')],
  ['pdf', pdf],
  [
    'html',
    (paragraphs) => `<html><body><main>${paragraphs.map((text) => `<p>${text}</p>`).join('')}</main></body></html>`,
  ],
  ['csv', (paragraphs) => ['no,note', ...paragraphs.map((text, index) => `${index + 1},"${text}"`)].join('\n')],
  ['docx', docx],
  ['zip', archive],
  ['txt', (paragraphs) => paragraphs.join('\n\n')],
  ['pdf', pdf],
  ['md', (paragraphs) => paragraphs.map((text, index) => `# Part ${index + 1}\n\n${text}\n`).join('\n')],
]

/** Two scans in forty: recognising text takes longer than everything else. */
function kindOf(number) {
  const [extension, make] = number % 20 === 19 ? ['png', scan] : formats[number % formats.length]
  return { name: `generated-${String(number).padStart(2, '0')}.${extension}`, make }
}

function paragraphsOf({ number, version, random }) {
  const count = 4 + Math.floor(random() * 20)
  return Array.from({ length: count }, () => {
    const text = Array.from({ length: 60 + Math.floor(random() * 60) }, () => pick(random, words)).join(' ')
    return `${markOf(number, version)} ${text}.`
  })
}

async function pdf(paragraphs) {
  const document = new PDFDocument()
  const parts = []
  document.on('data', (part) => parts.push(part))
  const ended = new Promise((resolve) => document.on('end', resolve))
  for (const [index, text] of paragraphs.entries()) {
    if (index % 3 === 2) document.addPage()
    document.text(text.replaceAll(/[^\x20-\x7e]+/g, 'part')).moveDown()
  }
  document.end()
  await ended
  return Buffer.concat(parts)
}

function docx(paragraphs) {
  const children = paragraphs.flatMap((text, index) => [
    new Paragraph({ text: `Part ${index + 1}`, heading: HeadingLevel.HEADING_2 }),
    new Paragraph(text),
  ])
  return Packer.toBuffer(new Document({ sections: [{ children }] }))
}

/** None of the members is empty: a version that cannot be read leaves the one before, which an undisturbed run never saw. */
function archive(paragraphs) {
  const members = [0, 1, 2].map((part) => paragraphs.filter((_, index) => index % 3 === part).join('\n\n'))
  return storedZip(members.map((text, part) => [`folder/member-${part}.txt`, text]))
}

/** A picture of text, as a scanner yields it. */
function scan(paragraphs) {
  const fonts = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  if (!GlobalFonts.has(font))
    GlobalFonts.registerFromPath(join(fonts, 'standard_fonts', 'LiberationSans-Regular.ttf'), font)
  const canvas = createCanvas(1_000, 700)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = 'black'
  context.font = `32px ${font}`
  for (const [index, text] of paragraphs.slice(0, 8).entries()) {
    context.fillText(text.replaceAll(/[^\x20-\x7e]+/g, 'part').slice(0, 55), 40, 70 + index * 70)
  }
  return canvas.toBuffer('image/png')
}

/** A scan's text comes out as the recogniser reads it: its marks are not compared. */
export const isScan = (path) => extname(path) === '.png'
