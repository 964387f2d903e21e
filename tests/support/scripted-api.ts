import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { AnswerEvent } from '../../src/core/answer.js'
import type { ConversationWithTurns } from '../../src/core/conversation.js'
import type { Job } from '../../src/core/job.js'
import type { Document, KnowledgeBase, PageText } from '../../src/core/types.js'
import { emptyDocument, emptyJob } from './records.js'
import { type ScriptedConversations, scriptedConversations } from './scripted-conversations.js'

/** What the real server answers every page with. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** A step of a scripted answer: an event, an error, a pause until the test opens the gate, or the end of the connection. */
export type AnswerStep = AnswerEvent | { gate: string } | { error: { code: string; detail: string } } | 'cut'

export interface Script {
  /** The folder that holds the built page. */
  webRoot: string
  knowledgeBases: KnowledgeBase[]
  documents: Document[]
  /** Pages of each document by its id. */
  pages: Record<string, PageText[]>
  /** The answer to each question. */
  answers: Record<string, AnswerStep[]>
  /** How the job of an uploaded file goes on, by the file's name. */
  jobs: Record<string, (Partial<Job> | { gate: string })[]>
  /** Those that the server keeps, newest first; left out: it keeps none. */
  conversations?: ConversationWithTurns[]
  /** The answers that were kept and may be rated. */
  keptAnswers?: readonly string[]
  /** Set: requests without this key get 401. */
  apiKey?: string
}

export interface RecordedRequest {
  method: string
  path: string
  body: string
  authorization: string | undefined
}

export interface ScriptedApi {
  origin: string
  requests: RecordedRequest[]
  /** Lets every step that waits at the gate, now or later, go on. */
  open(gate: string): void
  close(): Promise<void>
}

/** Serves the built page and plays scripted answers behind it, on a free loopback port. */
export async function startScriptedApi(script: Script): Promise<ScriptedApi> {
  const requests: RecordedRequest[] = []
  const gates = createGates()
  const jobs = new Map<string, { job: Job; steps: Script['jobs'][string] }>()
  const conversations = script.conversations ? scriptedConversations(script.conversations) : null
  const state: State = { script, gates, jobs, documents: [...script.documents], conversations }
  const server = createServer((request, response) => {
    const record: RecordedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: '',
      authorization: request.headers.authorization,
    }
    requests.push(record)
    handle(state, request, response, record).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    open: gates.open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface State {
  script: Script
  gates: Gates
  jobs: Map<string, { job: Job; steps: Script['jobs'][string] }>
  documents: Document[]
  conversations: ScriptedConversations | null
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse, record: RecordedRequest) {
  const { pathname } = new URL(record.path, 'http://page')
  if (!pathname.startsWith('/v1/')) return serveFile(state.script.webRoot, pathname, response)
  const { apiKey } = state.script
  if (apiKey !== undefined && record.authorization !== `Bearer ${apiKey}`) {
    return sendProblem(response, 401, 'unauthorized')
  }
  const route = `${record.method} ${pathname}`
  const uploadTo = /^POST \/v1\/knowledge-bases\/([^/]+)\/documents$/.test(route)
  if (uploadTo) await state.gates.wait('upload')
  record.body = await readBody(request)
  if (uploadTo) return acceptUpload(state, record.body, response)
  if (route === 'POST /v1/answers') return playAnswer(state, JSON.parse(record.body), response)
  if (/^PUT \/v1\/answers\/[^/]+\/feedback$/.test(route)) return acceptFeedback(state, pathname, response)
  if (route === 'GET /v1/knowledge-bases') return sendJson(response, 200, { items: state.script.knowledgeBases })
  if (/^GET \/v1\/knowledge-bases\/[^/]+\/documents$/.test(route)) {
    return sendJson(response, 200, { items: state.documents, nextCursor: null })
  }
  const job = /^GET \/v1\/jobs\/([^/]+)\/events$/.exec(route)
  if (job !== null) return playJob(state, job[1] ?? '', response)
  const kept = state.conversations?.reply(route, record.body)
  if (kept !== undefined) return kept === null ? sendProblem(response, 404, 'conversation_not_found') : kept(response)
  return documentRoute(state, route, response)
}

function acceptFeedback({ script }: State, pathname: string, response: ServerResponse) {
  const [, , , id = ''] = pathname.split('/')
  const isKept = script.keptAnswers?.includes(id) ?? false
  return isKept ? sendJson(response, 200, { id }) : sendProblem(response, 404, 'answer_not_found')
}

function documentRoute(state: State, route: string, response: ServerResponse) {
  const [, method, id = '', rest = ''] = /^(\w+) \/v1\/documents\/([^/]+)(.*)$/.exec(route) ?? []
  const document = state.documents.find((candidate) => candidate.id === id)
  if (document === undefined) return sendProblem(response, 404, 'document_not_found')
  if (method === 'DELETE') {
    state.documents = state.documents.filter((candidate) => candidate !== document)
    return response.writeHead(204).end()
  }
  if (rest === '/retry') return sendJson(response, 202, addJob(state, document).job)
  if (rest === '') return sendJson(response, 200, document)
  const number = Number(/^\/pages\/(\d+)$/.exec(rest)?.[1] ?? Number.NaN)
  const page = state.script.pages[id]?.find((candidate) => (candidate.page ?? 1) === number)
  return page === undefined ? sendProblem(response, 404, 'page_not_found') : sendJson(response, 200, page)
}

function acceptUpload(state: State, body: string, response: ServerResponse) {
  const fileName = /filename="([^"]*)"/.exec(body)?.[1] ?? ''
  const document: Document = {
    ...emptyDocument,
    id: `doc_up${state.jobs.size + 1}`,
    sourceUri: fileName,
    title: fileName,
    sizeBytes: body.length,
  }
  state.documents = [document, ...state.documents]
  return sendJson(response, 202, { outcome: 'created', document, job: addJob(state, document).job })
}

function addJob(state: State, document: Document) {
  const job: Job = { ...emptyJob, id: `job_${state.jobs.size + 1}`, documentId: document.id }
  const entry = { job, steps: state.script.jobs[document.sourceUri] ?? [{ status: 'done', stage: 'done' }] }
  state.jobs.set(job.id, entry)
  return entry
}

async function playAnswer(
  state: State,
  { question, conversationId }: { question: string; conversationId?: string },
  response: ServerResponse,
): Promise<void> {
  const steps = state.script.answers[question]
  const belonging = state.conversations?.take(question, conversationId)
  if (steps === undefined) return sendProblem(response, 500, 'internal')
  startStream(response)
  for (const step of steps) {
    if (response.destroyed) return
    if (step === 'cut') response.destroy()
    else if ('gate' in step) await state.gates.wait(step.gate)
    else if ('error' in step) await writeEvent(response, 'error', { ...step.error, status: 503, title: 'Error' })
    else await writeEvent(response, step.type, belonging ? belonging(step) : step)
  }
  response.end()
}

async function playJob(state: State, id: string, response: ServerResponse): Promise<void> {
  const entry = state.jobs.get(id)
  if (entry === undefined) return sendProblem(response, 404, 'job_not_found')
  startStream(response)
  await writeEvent(response, 'job', entry.job)
  for (const step of entry.steps) {
    if (response.destroyed) return
    if ('gate' in step) {
      await state.gates.wait(step.gate)
      continue
    }
    entry.job = { ...entry.job, ...step }
    settleDocument(state, entry.job)
    await writeEvent(response, 'job', entry.job)
  }
  response.end()
}

function settleDocument(state: State, job: Job): void {
  if (job.status !== 'done' && job.status !== 'failed') return
  const status = job.status === 'done' ? 'ready' : 'failed'
  const revision = job.status === 'done' ? 1 : 0
  state.documents = state.documents.map((document) =>
    document.id === job.documentId ? { ...document, status, revision, error: job.error } : document,
  )
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write(': open\n\n')
}

/** Writes an event in pieces that cut characters and lines, as a network may. */
async function writeEvent(response: ServerResponse, event: string, data: unknown): Promise<void> {
  const bytes = Buffer.from(`event: ${event}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`)
  const middle = Math.floor(bytes.length / 2)
  for (const piece of [bytes.subarray(0, middle), bytes.subarray(middle, middle + 1), bytes.subarray(middle + 1)]) {
    response.write(piece)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function serveFile(webRoot: string, pathname: string, response: ServerResponse): Promise<void> {
  const types: Record<string, string> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
  }
  const name = pathname === '/' ? 'index.html' : pathname.slice(1)
  const type = types[extname(name)]
  if (type === undefined || name.includes('/')) return sendProblem(response, 404, 'not_found')
  const bytes = await readFile(join(webRoot, name))
  response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': contentSecurityPolicy }).end(bytes)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

function sendProblem(response: ServerResponse, status: number, code: string): void {
  const body = { type: 'about:blank', title: code, status, detail: `scripted ${code}`, code, requestId: 'req_1' }
  response.writeHead(status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(body))
}

interface Gates {
  wait(gate: string): Promise<void>
  open(gate: string): void
}

/** Gates are shut until they are opened, `upload` included; a gate that was opened stays open. */
function createGates(): Gates {
  const gates = new Map<string, { opened: Promise<void>; open: () => void }>()
  const gateOf = (name: string) => {
    const known = gates.get(name)
    if (known !== undefined) return known
    const { promise, resolve } = withResolvers()
    const gate = { opened: promise, open: resolve }
    gates.set(name, gate)
    return gate
  }
  return { wait: (name) => gateOf(name).opened, open: (name) => gateOf(name).open() }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  const box: { resolve: () => void } = { resolve: () => undefined }
  const promise = new Promise<void>((resolve) => {
    box.resolve = resolve
  })
  return { promise, resolve: () => box.resolve() }
}
