import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import type { EmbeddingModel } from '../../src/embed/models.js'
import { localServer } from '../support/local-server.js'

/** Files of a made-up model; what is in them does not matter to those who move them. */
export const modelFiles: Readonly<Record<string, Buffer>> = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'tokenizer.json': Buffer.from('{}'),
  'tokenizer_config.json': Buffer.from('{"x":1}'),
  'onnx/model_quantized.onnx': Buffer.alloc(300_000, 'weights'),
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A model of those files, from the hub; `isPinned: false` leaves the hashes out. */
export function madeUpModel({ isPinned = true }: { isPinned?: boolean } = {}): EmbeddingModel {
  return {
    id: 'made-up',
    folder: 'acme/made-up',
    files: Object.entries(modelFiles).map(([path, bytes]) => ({
      path,
      sha256: isPinned ? sha256(bytes) : null,
      sizeBytes: isPinned ? bytes.length : null,
    })),
    dtype: 'q8',
    dimensions: 8,
    pooling: 'cls',
    prefixes: { query: '', document: '' },
    maxTokens: 16,
    languages: ['zh'],
    licence: 'MIT',
    sources: [{ kind: 'hub', repository: 'acme/made-up', revision: 'main' }],
  }
}

export interface HubRequest {
  path: string
  range: string | undefined
  ifRange: string | undefined
}

/** A hub that serves files with ranges and ETags. `breakAfter` cuts a file's first answer after that many bytes. */
export async function fakeHub({
  files = modelFiles,
  breakAfter = {},
  failures = {},
}: {
  files?: Readonly<Record<string, Buffer>>
  breakAfter?: Record<string, number>
  /** Statuses to answer with first, by file. */
  failures?: Record<string, number[]>
} = {}) {
  const requests: HubRequest[] = []
  const server = await localServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace('/acme/made-up/resolve/main/', '')
    requests.push({ path, range: request.headers.range, ifRange: header(request, 'if-range') })
    const status = failures[path]?.shift()
    const bytes = files[path]
    if (status !== undefined || bytes === undefined) {
      response.writeHead(status ?? 404).end('no')
      return
    }
    const etag = `"${sha256(bytes).slice(0, 16)}"`
    const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const isPart = offset > 0 && (header(request, 'if-range') ?? etag) === etag
    const body = isPart ? bytes.subarray(offset) : bytes
    const common = { etag, 'content-length': body.length }
    if (isPart) response.writeHead(206, { ...common, 'content-range': `bytes ${offset}-${bytes.length - 1}/*` })
    else response.writeHead(200, common)
    const cut = breakAfter[path]
    if (cut === undefined) {
      response.end(body)
      return
    }
    delete breakAfter[path]
    response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 20))
  })
  return { ...server, requests }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

/** A registry with one package whose tarball holds the files below `package/models/made-up`, and others. */
export async function fakeRegistry(
  folder: string,
  { files = modelFiles, token }: { files?: Readonly<Record<string, Buffer>>; token?: string } = {},
) {
  const contents = join(folder, 'contents')
  for (const [path, bytes] of Object.entries(files)) await write(join(contents, 'package/models/made-up', path), bytes)
  await write(join(contents, 'package/package.json'), Buffer.from('{"name":"made-up","version":"1.0.0"}'))
  await write(join(contents, 'package/models/made-up/install.js'), Buffer.from('process.exit(1)'))
  const tarball = join(folder, 'made-up-1.0.0.tgz')
  await create({ gzip: true, file: tarball, cwd: contents }, ['package'])
  const packed = await readFile(tarball)
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`
  const server = await localServer((request, response) => {
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end()
      return
    }
    if (request.url?.endsWith('.tgz')) {
      createReadStream(tarball).pipe(response)
      return
    }
    const dist = { tarball: `http://${request.headers.host}/made-up/-/made-up-1.0.0.tgz`, integrity }
    const manifest = { name: 'made-up', version: '1.0.0', dist }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ name: 'made-up', 'dist-tags': {}, versions: { '1.0.0': manifest } }))
  })
  const source = {
    kind: 'npm' as const,
    package: 'made-up',
    version: '1.0.0',
    integrity,
    folder: 'models/made-up',
    tarballBytes: packed.length,
  }
  return { ...server, source }
}

async function write(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}
