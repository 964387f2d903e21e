import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { InkstoneError } from '../core/errors.js'
import type { ModelFile } from './models.js'
import type { PullProgress } from './npm-source.js'

const attempts = 4
const idleTimeoutMs = 60_000

interface Download {
  file: ModelFile
  /** Where the bytes go; with `.etag` beside it, which version of the file they are of. */
  partialPath: string
  /** Before the second try; doubles with each further one. */
  retryDelayMs: number
  onProgress?: ((progress: PullProgress) => void) | undefined
  signal?: AbortSignal | undefined
}

/** The address of a file of a repository on the hub or on a mirror of it. */
export function hubFileUrl(
  hubUrl: string,
  { repository, revision, path }: { repository: string; revision: string; path: string },
): string {
  return `${hubUrl.replace(/\/+$/, '')}/${repository}/resolve/${encodeURIComponent(revision)}/${path}`
}

/**
 * Downloads one file to `partialPath`, going on where an earlier try stopped, also one of an earlier process. Tries
 * again after broken connections, 429 and 5xx.
 * @throws InkstoneError `model_download_failed`, or the signal's reason
 */
export async function fetchFromHub(url: string, { retryDelayMs, ...download }: Download): Promise<void> {
  await mkdir(dirname(download.partialPath), { recursive: true })
  for (let attempt = 1; ; attempt += 1) {
    try {
      await receive(url, download)
      return
    } catch (error) {
      download.signal?.throwIfAborted()
      const isFinal = error instanceof InkstoneError || attempt === attempts
      if (isFinal) throw downloadError(url, error)
      await sleep(
        retryDelayMs * 2 ** (attempt - 1),
        undefined,
        download.signal === undefined ? {} : { signal: download.signal },
      )
    }
  }
}

type Reception = Omit<Download, 'retryDelayMs'>

async function receive(url: string, { file, partialPath, onProgress, signal }: Reception): Promise<void> {
  const offset = await resumeOffset(partialPath, file)
  const idle = new AbortController()
  const watchdog = setTimeout(() => idle.abort(new Error(`no data for ${idleTimeoutMs / 1000} s`)), idleTimeoutMs)
  const signals = signal === undefined ? [idle.signal] : [idle.signal, signal]
  try {
    const response = await fetch(url, {
      headers: await resumeHeaders(partialPath, offset),
      signal: AbortSignal.any(signals),
    })
    if (response.status === 416) {
      await response.body?.cancel()
      await discardPartial(partialPath)
      throw new Error('the server has less of the file than was received before')
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw statusError(url, response.status)
    }
    const isResumed = response.status === 206 && startsAt(response, offset)
    if (response.status === 206 && !isResumed) {
      await response.body.cancel()
      await discardPartial(partialPath)
      throw new Error('the server sent another part than was asked for')
    }
    await rememberEtag(partialPath, response)
    let receivedBytes = isResumed ? offset : 0
    const totalBytes = file.sizeBytes ?? totalOf(response, receivedBytes)
    const body = Readable.fromWeb(response.body)
    body.on('data', (bytes: Uint8Array) => {
      receivedBytes += bytes.length
      watchdog.refresh()
      onProgress?.({ file: file.path, receivedBytes, totalBytes })
      if (file.sizeBytes !== null && receivedBytes > file.sizeBytes) {
        body.destroy(new InkstoneError('model_corrupt', `${url} is longer than ${file.sizeBytes} bytes`))
      }
    })
    await pipeline(body, createWriteStream(partialPath, { flags: isResumed ? 'a' : 'w' }))
    if (totalBytes !== null && receivedBytes < totalBytes) throw new Error('the connection ended early')
  } finally {
    clearTimeout(watchdog)
  }
}

/** Removes what was received so far. */
export async function discardPartial(partialPath: string): Promise<void> {
  await Promise.all([rm(partialPath, { force: true }), rm(`${partialPath}.etag`, { force: true })])
}

/** A part can only be continued when its whole is known: by hash, or by the ETag that it came with. */
async function resumeOffset(partialPath: string, file: ModelFile): Promise<number> {
  const offset = await stat(partialPath).then(
    (entry) => entry.size,
    () => 0,
  )
  const isKnown = file.sha256 !== null || (await readEtag(partialPath)) !== null
  const isTooLong = file.sizeBytes !== null && offset >= file.sizeBytes
  return isKnown && !isTooLong ? offset : 0
}

async function resumeHeaders(partialPath: string, offset: number): Promise<Record<string, string>> {
  // Compressed bytes could not be continued at an offset.
  const plain = { 'accept-encoding': 'identity' }
  if (offset === 0) return plain
  const etag = await readEtag(partialPath)
  return { ...plain, range: `bytes=${offset}-`, ...(etag === null ? {} : { 'if-range': etag }) }
}

async function readEtag(partialPath: string): Promise<string | null> {
  return readFile(`${partialPath}.etag`, 'utf8').catch(() => null)
}

async function rememberEtag(partialPath: string, response: Response): Promise<void> {
  const etag = response.headers.get('etag')
  // If-Range only takes strong ones (RFC 9110, 13.1.5).
  if (etag === null || etag.startsWith('W/')) await rm(`${partialPath}.etag`, { force: true })
  else await writeFile(`${partialPath}.etag`, etag)
}

function startsAt(response: Response, offset: number): boolean {
  return response.headers.get('content-range')?.startsWith(`bytes ${offset}-`) ?? false
}

function totalOf(response: Response, offset: number): number | null {
  const length = response.headers.get('content-length')
  return length === null ? null : offset + Number(length)
}

function statusError(url: string, status: number): Error {
  if (status === 429 || status >= 500) return new Error(`${url} answered ${status}`)
  return new InkstoneError('model_download_failed', `${url} answered ${status}`)
}

function downloadError(url: string, error: unknown): InkstoneError {
  if (error instanceof InkstoneError) return error
  const reason = error instanceof Error ? error.message : String(error)
  const because = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return new InkstoneError('model_download_failed', `could not download ${url}: ${reason}${because}`, { cause: error })
}
