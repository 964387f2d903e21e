import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { InkstoneError, toInkstoneError } from '../../core/errors.js'
import { setWatchdog } from '../parse/parse-watch.js'
import { type OcrReply, type OcrRequest, ocrRequest } from './ocr-messages.js'
import { pictureReader } from './picture-reader.js'

/* The process in which text is recognised. It does one picture at a time and ends with its parent. */

const [memoryBytes, threads] = z.tuple([z.coerce.number(), z.coerce.number()]).parse(process.argv.slice(2, 4))
const watching = setWatchdog({ parentPid: process.ppid, memoryBytes })
beFirstToGo()
const reader = pictureReader({ threads })

process.on('disconnect', () => process.exit(0))
// A terminal or a service manager sends its signals to the whole group. Whether the picture is given up is the parent's
// to say: were this process to end by itself, the picture would be taken for one that crashes the recognition.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
process.on('message', (message) => {
  void answer(ocrRequest.parse(message))
})

async function answer({ id, ...picture }: OcrRequest): Promise<void> {
  const rssBytes = () => process.memoryUsage.rss()
  try {
    await watching
    send({ type: 'recognised', id, blocks: await reader.read(picture), rssBytes: rssBytes() })
  } catch (thrown) {
    const { code, message: text, remedy } = asOcrError(thrown)
    send({ type: 'failed', id, problem: { code, message: text, ...(remedy ? { remedy } : {}) }, rssBytes: rssBytes() })
  }
}

function send(reply: OcrReply): void {
  // The parent may be gone: then there is nobody to tell, and the disconnect ends this process.
  process.send?.(reply, undefined, undefined, () => undefined)
}

function asOcrError(thrown: unknown): InkstoneError {
  if (
    thrown instanceof RangeError &&
    /allocation failed|Invalid (?:string|array|typed array) length/i.test(thrown.message)
  ) {
    return new InkstoneError('parse_memory', 'the picture needs more memory than it may use', { cause: thrown })
  }
  if (thrown instanceof InkstoneError) return thrown
  const { message } = toInkstoneError(thrown)
  return new InkstoneError('ocr_failed', `the text could not be recognised: ${message}`, {
    remedy: 'run "inkstone doctor", or save the picture in another format, and add it again',
    cause: thrown,
  })
}

/** When the whole machine runs out of memory, the kernel ends this process and not the one that holds the knowledge. */
function beFirstToGo(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // There is no such thing on this system.
  }
}
