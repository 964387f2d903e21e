import type { FinishReason } from '../../src/core/answer.js'
import type { ErrorCode } from '../../src/core/errors.js'
import { beginStream, type ChatReply, chatServer, piece, streamForever, streamText } from './chat-server.js'

/** A way in which a model server fails, and what is to become of the answer. */
export interface ModelFault {
  name: string
  /** Null: nothing listens. */
  reply: ChatReply | null
  /** What the model failed by; null when an answer that never ends is merely cut. */
  code: ErrorCode | null
  /** `quotes`: nothing was written, so the passages are quoted. Else how the words that were written are marked. */
  outcome: 'quotes' | Exclude<FinishReason, 'complete'>
}

const status =
  (code: number, headers: Record<string, string> = {}): ChatReply =>
  (response) =>
    void response.writeHead(code, { 'content-type': 'application/json', ...headers }).end('{"error":"no"}')

/** Writes `said`, then what breaks the stream. */
const after =
  (said: string, then: (response: Parameters<ChatReply>[0]) => void): ChatReply =>
  (response) => {
    beginStream(response, [said])
    // In a packet of its own, so that the words are there when it breaks.
    setTimeout(() => then(response), 30)
  }

/** @param said what the model writes before it breaks off, where it writes at all */
export function modelFaults(said: string): ModelFault[] {
  const silent = { code: 'language_model_unreachable', outcome: 'quotes' } as const
  const refusing = { code: 'language_model_failed', outcome: 'quotes' } as const
  const broken = { code: 'language_model_failed', outcome: 'cut_off' } as const
  const lost = { code: 'language_model_unreachable', outcome: 'cut_off' } as const
  return [
    { name: 'refuses the connection', reply: null, ...silent },
    { name: 'accepts and hangs', reply: () => undefined, ...silent },
    { name: 'hangs after its headers', reply: (response) => beginStream(response), ...silent },
    { name: 'sends one byte at a time', reply: after(said, dripForever), ...lost },
    { name: 'drops the connection in the middle', reply: after(said, (response) => response.destroy()), ...lost },
    { name: 'answers 400', reply: status(400), ...refusing },
    { name: 'answers 401', reply: status(401), ...refusing },
    { name: 'answers 404', reply: status(404), ...refusing },
    { name: 'answers 429 with Retry-After', reply: status(429, { 'retry-after': '1' }), ...refusing },
    { name: 'answers 500', reply: status(500), ...refusing },
    { name: 'answers 503', reply: status(503), ...refusing },
    {
      name: 'answers with a page',
      reply: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Log in</p>'),
      ...refusing,
    },
    {
      name: 'sends broken JSON',
      reply: after(said, (response) => response.end('data: {"choices": [{\n\n')),
      ...broken,
    },
    {
      name: 'sends broken UTF-8',
      reply: after(said, (response) => response.end(Buffer.from([0x64, 0x3a, 0xe6, 0x9c, 0xff, 0x0a, 0x0a]))),
      ...broken,
    },
    {
      name: 'ends without a sign that it is done',
      reply: streamText([said], { done: false, reason: null }),
      ...broken,
    },
    { name: 'never ends', reply: streamForever(said, 1), code: null, outcome: 'length' },
  ]
}

function dripForever(response: Parameters<ChatReply>[0]): void {
  const bytes = Buffer.from(piece('x'.repeat(1_000)))
  let at = 0
  const timer = setInterval(() => response.write(bytes.subarray(at, ++at)), 20)
  response.on('close', () => clearInterval(timer))
}

/** A server with that fault; one that refuses connections was there and is gone. */
export async function faultyServer({ reply }: ModelFault) {
  const server = await chatServer(reply ?? (() => undefined))
  if (reply === null) await server.close()
  return server
}
