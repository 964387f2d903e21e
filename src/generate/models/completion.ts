import { z } from 'zod'
import type { ChatEvent } from '../../core/ports.js'
import { estimateTokens } from '../prompt.js'
import { serverSentEvents } from './server-sent-events.js'

const choiceText = z.object({ content: z.string().nullish(), reasoning_content: z.string().nullish() }).nullish()

const chunkSchema = z.object({
  choices: z
    .array(z.object({ delta: choiceText, message: choiceText, finish_reason: z.string().nullish() }))
    .default([]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
  error: z.unknown().optional(),
})

/** A sign of life without text: words of a model that thinks before it answers. */
export type CompletionEvent = ChatEvent | { type: 'thinking' }

export interface CompletionOptions {
  maxTokens: number
  /** Makes the error of a reply that is not what it should be. */
  failed: (why: string) => Error
}

/**
 * The events of a streamed completion (`text/event-stream`). Its size is bounded, in bytes and in tokens; a text that
 * goes on past twice `maxTokens`, by `estimateTokens`, ends as one of full length.
 * @throws what `failed` makes of: broken UTF-8 or JSON, an error sent as an event, too many bytes, an end without sign
 */
export async function* streamedCompletion(
  body: AsyncIterable<Buffer>,
  { maxTokens, failed }: CompletionOptions,
): AsyncGenerator<CompletionEvent> {
  let hasFinished = false
  let tokens = 0
  for await (const { data } of serverSentEvents(body, { maxTokens, failed })) {
    if (data === '[DONE]') {
      if (!hasFinished) yield { type: 'finish', reason: 'complete' }
      return
    }
    for (const event of chatEvents(data, failed)) {
      hasFinished ||= event.type === 'finish'
      if (event.type === 'delta') tokens += estimateTokens(event.text)
      yield event
    }
    if (tokens > mostTokens(maxTokens)) {
      yield { type: 'finish', reason: 'length' }
      return
    }
  }
  if (!hasFinished) throw failed('it ended without a sign that it was done')
}

/** More than this is an answer without end: the estimate is coarse, so it is far above what was asked for. */
export function mostTokens(maxTokens: number): number {
  return 2 * maxTokens + 64
}

/** The events of a completion that came in one piece, from servers that do not stream. */
export function* wholeCompletion(text: string, failed: (why: string) => Error): Generator<CompletionEvent> {
  let hasFinished = false
  for (const event of chatEvents(text, failed)) {
    hasFinished ||= event.type === 'finish'
    yield event
  }
  if (!hasFinished) yield { type: 'finish', reason: 'complete' }
}

function* chatEvents(data: string, failed: (why: string) => Error): Generator<CompletionEvent> {
  const parsed = chunkSchema.safeParse(parseJson(data))
  if (!parsed.success) throw failed('it sent a piece that is not valid JSON of a completion')
  const { choices, usage, error } = parsed.data
  if (error !== undefined && error !== null) throw failed(JSON.stringify(error).slice(0, 300))
  for (const { delta, message, finish_reason: reason } of choices) {
    const said = delta ?? message
    if (said?.reasoning_content) yield { type: 'thinking' }
    if (said?.content) yield { type: 'delta', text: said.content }
    if (reason === 'content_filter') throw failed('its content filter stopped the answer')
    if (reason) yield { type: 'finish', reason: reason === 'length' ? 'length' : 'complete' }
  }
  if (usage) yield { type: 'usage', usage: { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
