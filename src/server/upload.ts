import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import busboy, { type Busboy } from 'busboy'
import type { z } from 'zod'
import { sourceUriSchema, uploadMetadataSchema, uploadPasswordsSchema, uploadPrioritySchema } from '../api/document.js'
import { InkstoneError } from '../core/errors.js'
import type { SubmitRequest } from '../core/service.js'
import { invalidRequest } from './problems.js'

const knownFields: readonly string[] = ['sourceUri', 'metadata', 'passwords', 'priority']
/** Room for the form around the file when its length is declared. */
const formOverheadBytes = 256 * 1024

export interface UploadOptions<T> {
  maxUploadBytes: number
  /** Fires when the client is gone. */
  clientGone: AbortSignal
  /** Takes the file in. Its `bytes` end only when the whole form has arrived and holds nothing that is refused. */
  store: (file: SubmitRequest, signal: AbortSignal) => Promise<T>
}

/**
 * Reads a multipart form with one field `file`, and the other fields before it if at all, without ever
 * holding the file. A form that breaks off or breaks a rule makes `bytes` throw and the signal fire, so nothing of it
 * is stored.
 * @throws InkstoneError `invalid_request`, `unsupported_media_type`, `payload_too_large`, `cancelled` and what `store` throws
 */
export async function receiveUpload<T>(request: Request, options: UploadOptions<T>): Promise<T> {
  const { maxUploadBytes, clientGone, store } = options
  const declaredBytes = Number(request.headers.get('content-length') ?? 0)
  if (declaredBytes > maxUploadBytes + formOverheadBytes) throw tooLarge(maxUploadBytes)
  const form = openForm(request, maxUploadBytes)
  if (request.body === null) throw new InkstoneError('invalid_request', 'the form is empty')

  const stop = new AbortController()
  // Not at once: busboy must not be destroyed by its own events, it goes on with what is then gone.
  const fail = (error: unknown) => queueMicrotask(() => stop.abort(error))
  const onGone = () => fail(new InkstoneError('cancelled', 'the client broke off the upload'))
  clientGone.addEventListener('abort', onGone, { once: true })

  const fields = new Map<string, string>()
  const upload: { stored: Promise<T> | null } = { stored: null }
  form.on('field', (name, value, info) => {
    const error = fieldError(name, { isAfterFile: upload.stored !== null, isTaken: fields.has(name) })
    if (error !== null || info.valueTruncated) fail(error ?? invalidForm(`the field "${name}" is too long`))
    else fields.set(name, value)
  })
  form.on('file', (name, file, { filename }) => {
    // A form that fails destroys its file as well: an error nobody listens for would end the process.
    file.on('error', () => undefined)
    file.on('limit', () => fail(tooLarge(maxUploadBytes)))
    const error = fileError(name, { isSecond: upload.stored !== null })
    if (error !== null) return fail(error)
    try {
      const described = describeFile(fields, filename)
      upload.stored = store({ ...described, bytes: wholeFile(file, received, stop.signal) }, stop.signal)
      // When it is stored nothing more is read, whether or not the form has come to its end.
      upload.stored.then(() => fail(null), fail)
    } catch (invalid) {
      fail(invalid)
    }
  })
  const received = pipeline(Readable.fromWeb(request.body as ReadableStream<Uint8Array>), form, { signal: stop.signal })
  try {
    await received.catch((cause) => fail(broken(cause)))
    if (upload.stored === null) throw invalidForm('the form holds no file: send it in the field "file"')
    return await upload.stored
  } catch (error) {
    throw stop.signal.reason ?? error
  } finally {
    clientGone.removeEventListener('abort', onGone)
  }
}

/** The file's bytes; they end when the form around them is known to be whole. */
async function* wholeFile(file: Readable, received: Promise<void>, stop: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* file
    await received
    stop.throwIfAborted()
  } catch (error) {
    throw stop.aborted ? stop.reason : broken(error)
  }
}

function openForm(request: Request, maxUploadBytes: number): Busboy {
  const contentType = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    throw new InkstoneError('unsupported_media_type', 'a document is sent as multipart/form-data', {
      remedy: 'send the file in the field "file" of a form, such as curl -F file=@manual.pdf',
    })
  }
  const headers: IncomingHttpHeaders = { 'content-type': contentType }
  try {
    return busboy({
      headers,
      defParamCharset: 'utf8',
      // busboy reports a file of exactly `fileSize` bytes as cut, hence one more.
      limits: { fileSize: maxUploadBytes + 1, fields: 10, fieldSize: 64 * 1024, parts: 20, headerPairs: 50 },
    })
  } catch (cause) {
    throw new InkstoneError('invalid_request', 'the Content-Type header names no boundary', { cause })
  }
}

function fileError(name: string, { isSecond }: { isSecond: boolean }): InkstoneError | null {
  if (name !== 'file') return invalidForm(`the form holds a file in "${name}": the field of the file is "file"`)
  return isSecond ? invalidForm('the form holds several files: send one file in one request') : null
}

function fieldError(name: string, state: { isAfterFile: boolean; isTaken: boolean }): InkstoneError | null {
  if (name === 'file') return invalidForm('the field "file" is text: send a file with a file name')
  if (!knownFields.includes(name)) return invalidForm(`the form holds an unknown field "${name}"`)
  if (state.isTaken) return invalidForm(`the form holds "${name}" twice`)
  return state.isAfterFile ? invalidForm(`the field "${name}" comes after the file: put it before the file`) : null
}

function describeFile(fields: Map<string, string>, fileName: string | undefined): Omit<SubmitRequest, 'bytes'> {
  const sourceUri = sourceUriSchema.safeParse(fields.get('sourceUri') ?? fileName ?? '')
  if (!sourceUri.success) throw invalidRequest('sourceUri or file name', sourceUri.error)
  const metadata = jsonField(fields, 'metadata', uploadMetadataSchema)
  const passwords = jsonField(fields, 'passwords', uploadPasswordsSchema)
  const priority = uploadPrioritySchema.optional().safeParse(fields.get('priority'))
  if (!priority.success) throw invalidRequest('priority', priority.error)
  return {
    sourceUri: sourceUri.data,
    ...(metadata === undefined ? {} : { metadata }),
    ...(passwords === undefined ? {} : { passwords }),
    ...(priority.data === undefined ? {} : { priority: priority.data }),
  }
}

function jsonField<T>(fields: Map<string, string>, name: string, schema: z.ZodType<T>): T | undefined {
  const text = fields.get(name)
  if (text === undefined) return undefined
  const parsed = schema.safeParse(parseJson(name, text))
  if (!parsed.success) throw invalidRequest(name, parsed.error)
  return parsed.data
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InkstoneError('invalid_request', `the field "${name}" is not JSON`, { cause })
  }
}

function invalidForm(message: string): InkstoneError {
  return new InkstoneError('invalid_request', message)
}

function broken(cause: unknown): InkstoneError {
  return new InkstoneError('invalid_request', 'the form is damaged or breaks off', { cause })
}

function tooLarge(maxUploadBytes: number): InkstoneError {
  return new InkstoneError('payload_too_large', `the file is larger than ${maxUploadBytes} bytes`, {
    remedy: 'split it, or raise maxUploadBytes (INKSTONE_MAX_UPLOAD_BYTES)',
  })
}
