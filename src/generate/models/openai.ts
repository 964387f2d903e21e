import { EventSourceParserStream } from 'eventsource-parser/stream'
import { z } from 'zod'
import { InkstoneError } from '../../core/errors.js'
import type { ChatEvent, ChatMessage, ChatModel } from '../../core/ports.js'

export interface OpenAiModelOptions {
  /** Ends in `/v1`. */
  baseUrl: string
  apiKey?: string | undefined
  /** The first model that the server lists when left out. */
  model?: string | undefined
  /** Time until the server must begin to reply. */
  connectTimeoutMs: number
  /** Longest silence between two pieces of the reply, the wait for the first one included. */
  idleTimeoutMs: number
  totalTimeoutMs: number
}

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({ delta: z.object({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
  error: z.unknown().optional(),
})

/**
 * A model behind an OpenAI-compatible `/chat/completions`: Ollama, vLLM, llama.cpp, LM Studio and the like.
 * @throws InkstoneError `language_model_unreachable` when it does not answer in time, `language_model_failed` when it
 *   answers with an error or with something that is no answer
 */
export function openAiModel(options: OpenAiModelOptions): ChatModel {
  let listed: string | undefined
  return {
    get modelId() {
      return options.model ?? listed ?? 'unnamed'
    },
    async *stream(messages, { maxTokens, signal }) {
      listed ??= options.model ?? (await firstListedModel(options))
      yield* streamCompletion({ ...options, model: listed }, messages, { maxTokens, signal })
    },
  }
}

async function* streamCompletion(
  options: OpenAiModelOptions & { model: string },
  messages: readonly ChatMessage[],
  { maxTokens, signal }: { maxTokens: number; signal: AbortSignal | undefined },
): AsyncIterable<ChatEvent> {
  const watch = watchdog(options, signal)
  try {
    const response = await request(options, '/chat/completions', {
      signal: watch.signal,
      body: {
        model: options.model,
        messages,
        max_tokens: maxTokens,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      },
    })
    watch.expectNext()
    if (!response.body || !response.headers.get('content-type')?.includes('text/event-stream')) {
      throw failed(options, 'it did not answer with an event stream')
    }
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    for await (const { data } of events) {
      watch.expectNext()
      if (data === '[DONE]') return
      yield* chatEvents(data, options)
    }
  } catch (error) {
    throw watch.explain(error)
  } finally {
    watch.stop()
  }
}

function* chatEvents(data: string, options: OpenAiModelOptions): Iterable<ChatEvent> {
  const parsed = chunkSchema.safeParse(parseJson(data))
  if (!parsed.success) throw failed(options, 'it sent a piece that is not valid JSON of a completion')
  if (parsed.data.error !== undefined) throw failed(options, JSON.stringify(parsed.data.error).slice(0, 300))
  for (const { delta } of parsed.data.choices) {
    if (delta?.content) yield { type: 'delta', text: delta.content }
  }
  const { usage } = parsed.data
  if (usage) yield { type: 'usage', usage: { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } }
}

const modelListSchema = z.object({ data: z.array(z.object({ id: z.string() })) })

async function firstListedModel(options: OpenAiModelOptions): Promise<string> {
  const watch = watchdog(options, undefined)
  try {
    const response = await request(options, '/models', { signal: watch.signal })
    const listed = modelListSchema.safeParse(parseJson(await response.text()))
    const first = listed.success ? listed.data.data[0] : undefined
    if (first) return first.id
    throw new InkstoneError('language_model_failed', `${options.baseUrl}/models lists no model`, {
      remedy: 'load a model in that server, or name one with INKSTONE_LLM_MODEL',
    })
  } catch (error) {
    throw watch.explain(error)
  } finally {
    watch.stop()
  }
}

async function request(
  options: OpenAiModelOptions,
  path: string,
  { signal, body }: { signal: AbortSignal; body?: object },
): Promise<Response> {
  const response = await fetch(`${options.baseUrl.replace(/\/+$/, '')}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal,
  })
  if (response.ok) return response
  const detail = (await response.text()).replace(/\s+/g, ' ').slice(0, 300)
  throw failed(options, `it answered ${response.status}: ${detail}`)
}

/** Aborts the request when the server is silent for too long, and knows afterwards why. */
function watchdog(options: OpenAiModelOptions, outer: AbortSignal | undefined) {
  const controller = new AbortController()
  const expire = (what: string) => () => controller.abort(unreachable(options, what))
  const total = setTimeout(expire(`took longer than ${options.totalTimeoutMs} ms`), options.totalTimeoutMs)
  let silence = setTimeout(expire(`did not reply within ${options.connectTimeoutMs} ms`), options.connectTimeoutMs)
  return {
    signal: outer ? AbortSignal.any([controller.signal, outer]) : controller.signal,
    expectNext() {
      clearTimeout(silence)
      silence = setTimeout(expire(`was silent for ${options.idleTimeoutMs} ms`), options.idleTimeoutMs)
    },
    explain(error: unknown): InkstoneError {
      if (outer?.aborted) return new InkstoneError('cancelled', 'the answer was stopped', { cause: error })
      if (controller.signal.reason instanceof InkstoneError) return controller.signal.reason
      if (error instanceof InkstoneError) return error
      return unreachable(options, 'could not be reached', error)
    },
    stop() {
      clearTimeout(total)
      clearTimeout(silence)
      controller.abort()
    },
  }
}

function unreachable(options: OpenAiModelOptions, what: string, cause?: unknown): InkstoneError {
  return new InkstoneError('language_model_unreachable', `the language model at ${options.baseUrl} ${what}`, {
    remedy: 'start it, or correct INKSTONE_LLM_BASE_URL; "inkstone doctor" shows what is there',
    cause,
  })
}

function failed(options: OpenAiModelOptions, why: string): InkstoneError {
  return new InkstoneError('language_model_failed', `the language model at ${options.baseUrl} failed: ${why}`, {
    remedy: 'check INKSTONE_LLM_MODEL and INKSTONE_LLM_API_KEY; "inkstone doctor" lists the models that are there',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
