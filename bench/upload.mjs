// How much the server's memory grows while somebody sends it a file over the limit, with and without a length.
//
//   node bench/upload.mjs [--megabytes 200]
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { startServer, stop } from './server.mjs'

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '200' } } })
const MiB = 1024 * 1024
const sizeBytes = Number(values.megabytes) * MiB
const head =
  '--b\r\nContent-Disposition: form-data; name="file"; filename="big.txt"\r\nContent-Type: text/plain\r\n\r\n'
const tail = '\r\n--b--\r\n'

const rssMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

async function* body() {
  yield Buffer.from(head)
  const block = Buffer.alloc(64 * 1024, 'inkstone ')
  for (let sent = 0; sent < sizeBytes; sent += block.length) yield block
  yield Buffer.from(tail)
}

async function send(url, headers) {
  const sending = request(`${url}/v1/knowledge-bases/default/documents`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
  })
  const answered = new Promise((resolve, reject) => {
    sending.on('response', resolve)
    sending.on('error', reject)
  })
  // The server may answer and hang up before everything is sent: that is what it should do.
  const sent = pipeline(Readable.from(body()), sending).catch(() => undefined)
  const response = await answered
  let text = ''
  for await (const piece of response) text += piece
  sending.destroy()
  await sent
  return `${response.statusCode} ${response.headers['content-type']} ${JSON.parse(text).code}`
}

async function measure(pid, work) {
  const before = rssMiB(pid)
  let peak = before
  const timer = setInterval(() => {
    peak = Math.max(peak, rssMiB(pid))
  }, 10)
  const reply = await work()
  clearInterval(timer)
  return {
    reply,
    'before MiB': before.toFixed(0),
    'peak MiB': peak.toFixed(0),
    'grew by MiB': (peak - before).toFixed(0),
  }
}

const home = await mkdtemp(join(tmpdir(), 'inkstone-upload-'))
const { child, url } = await startServer(home)
try {
  const length = Buffer.byteLength(head) + sizeBytes + Buffer.byteLength(tail)
  console.table({
    'without a length (chunked)': await measure(child.pid, () => send(url, {})),
    'with its length': await measure(child.pid, () => send(url, { 'content-length': length })),
  })
} finally {
  await stop(child, 'SIGTERM')
  await rm(home, { recursive: true })
}
