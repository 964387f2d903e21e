import { Worker } from 'node:worker_threads'
import { compiledUrl } from '../core/compiled.js'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import { parseFile } from './parse-file.js'
import { type ParseReply, parseRequest } from './parse-messages.js'

/** The process in which foreign files are read. It does one file at a time and ends with its parent. */
new Worker(compiledUrl('parse-watchdog.js', import.meta.url), { workerData: { parentPid: process.ppid } }).unref()

process.on('disconnect', () => process.exit(0))
// A terminal or a service manager sends its signals to the whole group. Whether the file is given up is the parent's to
// say: were this process to end by itself, the file would be taken for one that crashes the parser.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
process.on('message', (message) => {
  void answer(message)
})

async function answer(message: unknown): Promise<void> {
  const { id, path, fileName } = parseRequest.parse(message)
  const rssBytes = () => process.memoryUsage.rss()
  try {
    const file = await parseFile(path, { fileName })
    send({ type: 'parsed', id, file, rssBytes: rssBytes() })
  } catch (thrown) {
    const { code, message: text, remedy } = asParseError(thrown)
    send({ type: 'failed', id, problem: { code, message: text, ...(remedy ? { remedy } : {}) }, rssBytes: rssBytes() })
  }
}

function send(reply: ParseReply): void {
  // The parent may be gone: then there is nobody to tell, and the disconnect ends this process.
  process.send?.(reply, undefined, undefined, () => undefined)
}

function asParseError(thrown: unknown): InkstoneError {
  if (thrown instanceof RangeError && /allocation failed|Invalid (?:string|array) length/i.test(thrown.message)) {
    return new InkstoneError('parse_memory', 'the file needs more memory than it may use', { cause: thrown })
  }
  return toInkstoneError(thrown, 'parse_failed')
}
