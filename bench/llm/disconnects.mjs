import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer, stop } from '../server.mjs'
import { quantiles } from './timing.mjs'

const piece = 'data: {"choices":[{"delta":{"content":"seal "}}]}\n\n'

/** A model server that writes 50 words a second for ever and notes when it is hung up on. */
async function endlessModel() {
  const hungUp = []
  const server = createServer((asked, response) => {
    asked.resume()
    if (asked.url.endsWith('/models')) return response.end('{"data":[{"id":"endless"}]}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => response.write(piece), 20)
    response.on('close', () => {
      clearInterval(timer)
      hungUp.push(performance.now())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, hungUp, baseUrl: `http://127.0.0.1:${server.address().port}/v1` }
}

async function ingest(url) {
  const form = new FormData()
  form.append('file', new File(['The mechanical seal is replaced every 8000 hours.'], 'manual.txt'))
  const reply = await fetch(`${url}/v1/knowledge-bases/default/documents`, { method: 'POST', body: form })
  const { job } = await reply.json()
  for (;;) {
    const { status } = await (await fetch(`${url}/v1/jobs/${job.id}`)).json()
    if (status === 'done') return
    if (status !== 'queued' && status !== 'running') throw new Error(`the document was not read: ${status}`)
    await sleep(50)
  }
}

/** Asks, reads until the model writes, hangs up; resolves to how long the model server then still wrote. */
async function hangUp(url, { accept, hungUp }) {
  const asking = request(`${url}/v1/answers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
  })
  asking.on('error', () => undefined)
  asking.end(JSON.stringify({ question: 'How often is the mechanical seal replaced?' }))
  const before = hungUp.length
  if (accept === 'text/event-stream') {
    const [reply] = await once(asking, 'response')
    for await (const part of reply.iterator({ destroyOnReturn: false })) if (String(part).includes('delta')) break
  } else await sleep(300)
  const leftAt = performance.now()
  asking.destroy()
  while (hungUp.length === before) await sleep(1)
  return hungUp.at(-1) - leftAt
}

/** How long a model server goes on after the client of `POST /v1/answers` has gone, through the real program. */
export async function disconnects(runs) {
  const home = await mkdtemp(join(tmpdir(), 'inkstone-llm-'))
  const { server, hungUp, baseUrl } = await endlessModel()
  process.env.INKSTONE_LLM_BASE_URL = baseUrl
  const { child, url } = await startServer(home)
  try {
    await ingest(url)
    const rows = {}
    for (const accept of ['text/event-stream', 'application/json']) {
      const took = []
      for (let run = 0; run < runs; run++) took.push(await hangUp(url, { accept, hungUp }))
      rows[accept] = quantiles(took)
    }
    return rows
  } finally {
    await stop(child, 'SIGTERM')
    server.closeAllConnections()
    server.close()
    await rm(home, { recursive: true })
  }
}
