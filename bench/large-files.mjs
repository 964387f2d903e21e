// Two files that hurt elsewhere, made here and taken through a real server: a workbook of 60,000 rows, packed without
// compression, and a Chinese scan of 8 pages without a text layer. Prints the time until they are found, and the memory.
//
//   npm run bench:large-files
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { utils, write } from '@e965/xlsx'
import { createCanvas } from '@napi-rs/canvas'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import PDFDocument from 'pdfkit'
import { launchServer } from './chaos/program.mjs'
import { randomNumbers } from './chaos/random.mjs'
import { watchMemory } from './process-tree.mjs'
import { packageRoot } from './server.mjs'

const rows = 60_000
const pages = 8
const scanDpi = 150
const scanned = join(packageRoot, 'data/sample/documents/HCZ65-200系列维护手册.pdf')
/** From three pages of that manual. */
const phrases = ['密封形式 单端面机械密封', '额定工况下的主要数据', '禁止在运行中紧固机械密封压盖螺栓']
const header = ['件号', '型号', '名称', '流量 m3/h', '库位', '单价 元']

async function writeWorkbook(path) {
  const random = randomNumbers(7)
  const number = (most) => Math.floor(random() * most)
  const body = Array.from({ length: rows }, (_, at) => [
    `P-${100_000 + at}`,
    `IH${50 + number(200)}-${32 + number(100)}-${100 + number(300)}`,
    `离心泵备件 ${number(9_999)}`,
    number(500),
    `${'ABCDEF'[number(6)]}-${number(99)}-${number(9)}`,
    number(99_999) / 10,
  ])
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet([header, ...body]), '备件')
  await writeFile(path, write(book, { type: 'buffer', compression: false }))
  return body
}

/** Draws pages of a document and puts the pictures, and nothing else, into another. */
async function writeScan(path) {
  const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  const document = await getDocument({
    data: new Uint8Array(await readFile(scanned)),
    cMapUrl: `${library}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${library}/standard_fonts/`,
    disableFontFace: true,
  }).promise
  const scan = new PDFDocument({ autoFirstPage: false })
  const written = pipeline(scan, createWriteStream(path))
  for (let number = 1; number <= pages; number++) {
    const page = await document.getPage(number)
    const viewport = page.getViewport({ scale: scanDpi / 72 })
    const canvas = createCanvas(Math.round(viewport.width), Math.round(viewport.height))
    await page.render({ canvas, canvasContext: canvas.getContext('2d'), viewport, background: 'white' }).promise
    const size = [viewport.width * (72 / scanDpi), viewport.height * (72 / scanDpi)]
    scan.addPage({ size, margin: 0 }).image(canvas.toBuffer('image/jpeg', 85), 0, 0, { width: size[0] })
  }
  scan.end()
  await written
  await document.destroy()
}

async function ingest(service, pid, path) {
  const memory = watchMemory(pid)
  const startedMs = performance.now()
  const { job: queued } = await service.submit('default', { sourceUri: path, bytes: createReadStream(path) })
  let job = queued
  for await (job of service.watchJob(queued.id));
  const seconds = (performance.now() - startedMs) / 1000
  if (job.status !== 'done') throw new Error(`${path} was not read: ${job.error?.code} ${job.error?.message}`)
  return { seconds, ...(await memory.stop()), document: await service.getDocument(job.documentId) }
}

const report = (name, { seconds, peakMiB, peakOfAllMiB, document }) =>
  console.log(
    `${name}: searchable in ${seconds.toFixed(1)} s, ${document.chunkCount} chunks, ${document.ocrCount} recognised, ` +
      `server at most ${peakMiB.toFixed(0)} MiB, with its children ${peakOfAllMiB.toFixed(0)} MiB`,
  )

const root = await mkdtemp(join(tmpdir(), 'inkstone-large-'))
const server = launchServer(join(root, 'home'))
try {
  const workbook = join(root, '备件.xlsx')
  const scan = join(root, '扫描件.pdf')
  const body = await writeWorkbook(workbook)
  await writeScan(scan)
  const { service } = await server.ready

  const read = await ingest(service, server.child.pid, workbook)
  report(`workbook of ${rows} rows, ${((await stat(workbook)).size / 1e6).toFixed(1)} MB`, read)
  const wanted = body[Math.floor(rows * 0.73)]
  const { hits } = await service.search({ query: wanted[0], topK: 1 })
  const { tableHeader, text } = hits[0].chunk
  const isFound = text.includes(wanted.slice(0, 3).join(' | '))
  const chunks = await service.listChunks(read.document.id)
  const withHeader = chunks.filter((chunk) => (chunk.tableHeader ?? chunk.text).includes(header.join(' | ')))
  console.log(`  row ${wanted[0]} ${isFound ? 'found' : 'NOT FOUND'}, header of its chunk: ${tableHeader}`)
  console.log(
    `  ${withHeader.length} of ${chunks.filter(({ kind }) => kind === 'table').length} table chunks carry the header`,
  )

  report(`scan of ${pages} pages`, await ingest(service, server.child.pid, scan))
  for (const phrase of phrases) {
    const [best] = (await service.search({ query: phrase, topK: 1 })).hits
    const words = phrase.split(' ')
    const isThere = best?.chunk.kind === 'ocr' && words.every((word) => best.chunk.text.includes(word))
    console.log(`  ${isThere ? `found on page ${best.chunk.page}` : 'NOT FOUND'}: ${phrase}`)
  }
} finally {
  await server.end('SIGTERM')
  await rm(root, { recursive: true })
}
