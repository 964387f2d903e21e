import { submissionSchema } from '../api/document.js'
import type { Submission } from '../core/job.js'
import type { SubmitRequest } from '../core/service.js'
import type { Connection } from './connection.js'
import { multipartForm } from './multipart.js'

/**
 * Sends a file as it is read. What reading it throws is thrown on, and the server stores nothing.
 * @param path of the documents of a knowledge base
 */
export async function upload(
  server: Connection,
  path: string,
  { sourceUri, bytes, metadata, passwords, priority }: SubmitRequest,
  signal: AbortSignal | undefined,
): Promise<Submission> {
  const source: { failure: unknown } = { failure: undefined }
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of bytes) {
        // fetch reads a body on to its end, silently, after its request was cancelled.
        if (server.closed.aborted || signal?.aborted) return
        yield piece
      }
    } catch (error) {
      source.failure = error
      throw error
    }
  }
  const fields = {
    sourceUri,
    ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
    ...(passwords === undefined ? {} : { passwords: JSON.stringify(passwords) }),
    ...(priority === undefined ? {} : { priority }),
  }
  const fileName = sourceUri.split(/[\\/]/).at(-1) || 'document'
  const form = multipartForm(fields, { field: 'file', fileName, bytes: watched() })
  try {
    return await server.read(submissionSchema, path, {
      method: 'POST',
      headers: { 'content-type': form.contentType },
      body: ReadableStream.from(form.body),
      signal,
    })
  } catch (error) {
    throw source.failure ?? error
  } finally {
    // fetch leaves a body it no longer needs where it stands, and with it the caller's open file.
    form.body.return(undefined).catch(() => undefined)
  }
}
