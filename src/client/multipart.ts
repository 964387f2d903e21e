import { randomUUID } from 'node:crypto'

/**
 * A multipart form as a stream: the text fields, then one file, which is never held whole (FormData would).
 * @returns the value of Content-Type and the bytes of the form
 */
export function multipartForm(
  fields: Readonly<Record<string, string>>,
  file: { field: string; fileName: string; bytes: AsyncIterable<Uint8Array> },
): { contentType: string; body: AsyncGenerator<Uint8Array> } {
  const boundary = `inkstone-${randomUUID()}`
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: write(boundary, fields, file) }
}

async function* write(
  boundary: string,
  fields: Readonly<Record<string, string>>,
  file: { field: string; fileName: string; bytes: AsyncIterable<Uint8Array> },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const head = Object.entries(fields).map(
    ([name, value]) => `${partHead(boundary, `name="${quoted(name)}"`)}\r\n${value}\r\n`,
  )
  const names = `name="${quoted(file.field)}"; filename="${quoted(file.fileName)}"`
  const type = 'Content-Type: application/octet-stream\r\n'
  yield encoder.encode(`${head.join('')}${partHead(boundary, names)}${type}\r\n`)
  yield* file.bytes
  yield encoder.encode(`\r\n--${boundary}--\r\n`)
}

function partHead(boundary: string, names: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; ${names}\r\n`
}

/** Escapes as browsers do, so that no name can end its quotes or its line. */
function quoted(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22').replaceAll('\\', '_')
}
