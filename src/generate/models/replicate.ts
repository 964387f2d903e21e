import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { ChatEvent, ChatMessage, ChatModel } from '../../core/ports.js'
import { estimateTokens } from '../prompt.js'
import { untilStopped } from '../until-stopped.js'
import { mostTokens, parseJson } from './completion.js'
import { beginningOf } from './exchange.js'
import { linkedSignal } from './linked-signal.js'
import type { Patience } from './patience.js'
import { faultOf, refusalOf } from './server-faults.js'
import { serverSentEvents } from './server-sent-events.js'
import { addressOf, ask, type Watch, watching, watchOver } from './watched-exchange.js'

export interface ReplicateModelOptions {
  /** Ends in `/v1`. */
  baseUrl: string
  apiKey?: string | undefined
  /** `owner/name`, `owner/name:version`, a bare version, or `deployments/owner/name`. */
  model: string
  temperature?: number
  patience: Patience
}

const predictionSchema = z.object({
  urls: z.object({ get: z.string(), cancel: z.string(), stream: z.string().optional() }),
})
type Prediction = z.infer<typeof predictionSchema>

const outcomeSchema = z.object({
  metrics: z.object({ input_token_count: z.number().optional(), output_token_count: z.number().optional() }),
})

/** The figures of an answer are not waited for longer than this. */
const outcomeMs = 3_000
const largestReplyBytes = 1024 * 1024
const errorBytes = 4 * 1024

/**
 * A model behind Replicate's own streaming API: a prediction is made, its words come from `urls.stream`, and one that
 * nobody waits for any more is cancelled by `urls.cancel`, since hanging up does not stop it. It asks once; `guardedModel`
 * adds what many questions and a failing server need.
 * @throws ModelFailure `language_model_unreachable`, `language_model_failed`
 */
export function replicateModel(options: ReplicateModelOptions): ChatModel {
  return {
    modelId: options.model,
    async *stream(messages, { maxTokens, signal }) {
      const link = linkedSignal(signal)
      // Not tied to the signal: a prediction of which nobody knows the address could not be cancelled.
      const creating = createPrediction(options, { messages, maxTokens })
      let hasEnded = false
      try {
        const prediction = await untilStopped(creating, link.signal)
        for await (const event of outputOf(prediction, options, { maxTokens, signal: link.signal })) {
          hasEnded ||= event.type === 'finish' && event.reason === 'complete'
          yield event
        }
      } finally {
        link.release()
        if (!hasEnded) void creating.then((prediction) => cancel(prediction, options)).catch(() => undefined)
      }
    },
  }
}

interface Asked {
  messages: readonly ChatMessage[]
  maxTokens: number
}

async function createPrediction(options: ReplicateModelOptions, { messages, maxTokens }: Asked): Promise<Prediction> {
  const { path, version } = endpointOf(options.model)
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  const input = {
    prompt: promptOf(messages.filter(({ role }) => role !== 'system')),
    ...(system.length > 0 ? { system_prompt: system.join('\n\n') } : {}),
    max_tokens: maxTokens,
    temperature: options.temperature ?? 0,
  }
  const body = { ...(version === null ? {} : { version }), input, stream: true }
  return watching(options, undefined, async (watch) => {
    const reply = await askOwn(options, addressOf(options, path), { body, watch })
    const made = predictionSchema.safeParse(parseJson(await beginningOf(reply, largestReplyBytes)))
    if (made.success) return made.data
    throw refusalOf(options, 'its answer is no prediction')
  })
}

/** One message is the prompt as it is; of several, each is named by its speaker. */
function promptOf(messages: readonly ChatMessage[]): string {
  if (messages.length === 1) return messages[0]?.content ?? ''
  return messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n')
}

function endpointOf(model: string): { path: string; version: string | null } {
  const version = /^(?:[^/]+\/[^/:]+:)?([0-9a-f]{32,64})$/.exec(model)?.[1]
  if (version !== undefined) return { path: '/predictions', version }
  const [owner = '', name = ''] = model.replace(/^deployments\//, '').split('/')
  const kind = model.startsWith('deployments/') ? 'deployments' : 'models'
  return { path: `/${kind}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/predictions`, version: null }
}

interface Reading {
  maxTokens: number
  signal: AbortSignal
}

async function* outputOf(
  { urls }: Prediction,
  options: ReplicateModelOptions,
  { maxTokens, signal }: Reading,
): AsyncGenerator<ChatEvent> {
  const watch = watchOver(options, signal)
  try {
    if (urls.stream === undefined) throw refusalOf(options, `${options.model} does not stream its words`)
    const reply = await askOwn(options, urls.stream, { accept: 'text/event-stream', watch })
    let tokens = 0
    for await (const text of wordsOf(reply, options, maxTokens)) {
      watch.heard()
      yield { type: 'delta', text }
      watch.awaitNext()
      tokens += estimateTokens(text)
      if (tokens <= mostTokens(maxTokens)) continue
      yield { type: 'finish', reason: 'length' }
      return
    }
    yield* outcomeOf(urls.get, options, { maxTokens, signal })
  } catch (error) {
    throw faultOf(watch.explain(error), options)
  } finally {
    watch.stop()
  }
}

async function* wordsOf(
  reply: IncomingMessage,
  options: ReplicateModelOptions,
  maxTokens: number,
): AsyncGenerator<string> {
  const failed = (why: string) => refusalOf(options, why)
  const type = reply.headers['content-type'] ?? ''
  if (!type.includes('text/event-stream')) {
    throw failed(`it answered with ${type || 'something unnamed'}, not with an event stream`)
  }
  for await (const { name, data } of serverSentEvents(reply, { maxTokens, failed })) {
    if (name === 'output') yield data
    if (name === 'error') throw failed(data)
    if (name !== 'done') continue
    const { reason } = z.object({ reason: z.string().optional() }).catch({}).parse(parseJson(data))
    if (reason === undefined) return
    throw failed(`its prediction ended by: ${reason}`)
  }
  throw failed('it ended without a sign that it was done')
}

/** How many tokens it took, which also tells whether the text is at its greatest length. Nothing hangs on it. */
async function* outcomeOf(
  url: string,
  options: ReplicateModelOptions,
  { maxTokens, signal }: Reading,
): AsyncGenerator<ChatEvent> {
  const patience = { connectMs: outcomeMs, firstTokenMs: outcomeMs, idleMs: outcomeMs }
  const outcome = await watching({ ...options, patience }, signal, async (watch) => {
    const reply = await askOwn(options, url, { watch })
    return outcomeSchema.parse(parseJson(await beginningOf(reply, largestReplyBytes)))
  }).catch(() => null)
  const { input_token_count: inputTokens, output_token_count: outputTokens } = outcome?.metrics ?? {}
  yield { type: 'finish', reason: outputTokens !== undefined && outputTokens >= maxTokens ? 'length' : 'complete' }
  if (inputTokens !== undefined && outputTokens !== undefined) {
    yield { type: 'usage', usage: { inputTokens, outputTokens } }
  }
}

async function cancel({ urls }: Prediction, options: ReplicateModelOptions): Promise<void> {
  await watching(options, undefined, async (watch) => {
    await beginningOf(await askOwn(options, urls.cancel, { body: {}, watch }), errorBytes)
  })
}

async function askOwn(
  options: ReplicateModelOptions,
  url: string,
  { accept = 'application/json', ...asked }: { body?: object; accept?: string; watch: Watch },
): Promise<IncomingMessage> {
  if (!isOfServer(url, options.baseUrl)) throw refusalOf(options, `it sends to another host: ${url}`)
  return ask(options, url, { accept, ...asked })
}

/** Whether an address that the server names is its own or, for `api.example.com`, one of its domain: only there the key may go. */
function isOfServer(url: string, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const [named, base] = [new URL(url), new URL(baseUrl)]
  if (named.origin === base.origin) return true
  const [, domain] = /^api(\..+\..+)$/.exec(base.hostname) ?? []
  return domain !== undefined && named.protocol === 'https:' && named.hostname.endsWith(domain)
}
