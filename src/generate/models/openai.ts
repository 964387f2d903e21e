import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { ChatEvent, ChatMessage, ChatModel } from '../../core/ports.js'
import { type CompletionEvent, parseJson, streamedCompletion, wholeCompletion } from './completion.js'
import { commonDialect, type Dialect, dialectAfter, fieldsIn } from './dialect.js'
import { beginningOf } from './exchange.js'
import { ModelFailure } from './model-failure.js'
import type { Patience } from './patience.js'
import { faultOf, refusalOf } from './server-faults.js'
import { addressOf, ask, watching, watchOver } from './watched-exchange.js'

export interface OpenAiModelOptions {
  /** Ends in `/v1`. */
  baseUrl: string
  apiKey?: string | undefined
  /** The first model that the server lists when left out. */
  model?: string | undefined
  /** 0: the likeliest words, the same each time. */
  temperature?: number
  patience: Patience
}

/** Far more than any list of models, or answer in one piece, takes. */
const largestReplyBytes = 4 * 1024 * 1024

/**
 * A model behind an OpenAI-compatible `/chat/completions`: Ollama, vLLM, llama.cpp, LM Studio and the like. It asks
 * once; `guardedModel` adds what many questions and a failing server need.
 * @throws ModelFailure `language_model_unreachable` when it does not answer in time, `language_model_failed` when it
 *   answers with an error or with something that is no answer
 */
export function openAiModel(options: OpenAiModelOptions): ChatModel {
  let listed: string | undefined
  let mayHaveChanged = true
  let dialect = commonDialect
  return {
    get modelId() {
      return options.model ?? listed ?? 'unnamed'
    },
    async *stream(messages, { maxTokens, temperature = options.temperature ?? 0, signal }) {
      if (options.model === undefined && mayHaveChanged) listed = await firstListedModel(options, signal)
      mayHaveChanged = true
      for (;;) {
        const model = options.model ?? listed ?? ''
        try {
          yield* complete(options, { model, messages, dialect, maxTokens, temperature, signal })
          mayHaveChanged = false
          return
        } catch (error) {
          const other =
            error instanceof ModelFailure && error.kind === 'request' && dialectAfter(dialect, error.message)
          if (!other) throw error
          dialect = other
        }
      }
    },
  }
}

interface Asked {
  model: string
  messages: readonly ChatMessage[]
  dialect: Dialect
  maxTokens: number
  temperature: number
  signal: AbortSignal | undefined
}

async function* complete(options: OpenAiModelOptions, asked: Asked): AsyncGenerator<ChatEvent> {
  const { model, messages, dialect, maxTokens, temperature, signal } = asked
  const fields = fieldsIn(dialect, { maxTokens, temperature })
  const body = { model, messages, ...fields }
  const watch = watchOver(options, signal)
  try {
    const reply = await ask(options, addressOf(options, '/chat/completions'), { body, watch })
    for await (const event of completionOf(reply, options, maxTokens)) {
      watch.heard()
      if (event.type !== 'thinking') yield event
      watch.awaitNext()
    }
  } catch (error) {
    throw faultOf(watch.explain(error), options)
  } finally {
    watch.stop()
  }
}

async function* completionOf(
  reply: IncomingMessage,
  options: OpenAiModelOptions,
  maxTokens: number,
): AsyncGenerator<CompletionEvent> {
  const failed = (why: string) => refusalOf(options, why)
  const type = reply.headers['content-type'] ?? ''
  if (type.includes('text/event-stream')) yield* streamedCompletion(reply, { maxTokens, failed })
  else if (type.includes('json')) yield* wholeCompletion(await beginningOf(reply, largestReplyBytes), failed)
  else throw failed(`it answered with ${type || 'something unnamed'}, not with an event stream`)
}

const modelListSchema = z.object({ data: z.array(z.object({ id: z.string() })) })

function firstListedModel(options: OpenAiModelOptions, signal: AbortSignal | undefined): Promise<string> {
  return watching(options, signal, async (watch) => {
    const reply = await ask(options, addressOf(options, '/models'), { watch })
    const listed = modelListSchema.safeParse(parseJson(await beginningOf(reply, largestReplyBytes)))
    const first = listed.success ? listed.data.data[0] : undefined
    if (first) return first.id
    throw refusalOf(options, 'it lists no model: load one there, or name one with INKSTONE_LLM_MODEL')
  })
}
