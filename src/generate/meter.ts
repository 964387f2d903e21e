import type { Usage } from '../core/answer.js'
import type { ChatMessage, ChatModel } from '../core/ports.js'
import { layer } from './models/layer.js'
import { estimateTokens } from './prompt.js'

/** A model that counts. */
export type MeteredModel = ChatModel & {
  /** What it has read and written, as its server counts; estimated where the server does not count, or was cut off. */
  spent(): Usage
}

/** The same model, counting what it reads and writes. */
export function meteredModel(model: ChatModel): MeteredModel {
  const spent: Usage = { inputTokens: 0, outputTokens: 0 }
  const counting = layer(model, async function* (messages, options) {
    let counted: Usage | null = null
    let written: string | null = null
    try {
      for await (const event of model.stream(messages, options)) {
        if (event.type === 'usage') counted = event.usage
        written = (written ?? '') + (event.type === 'delta' ? event.text : '')
        yield event
      }
    } finally {
      // A model that failed before it said anything has most likely not read anything either.
      const usage = counted ?? (written === null ? null : estimate(messages, written))
      spent.inputTokens += usage?.inputTokens ?? 0
      spent.outputTokens += usage?.outputTokens ?? 0
    }
  })
  // Spread, the model's name would stay the one of now.
  return Object.assign(counting, { spent: () => ({ ...spent }) })
}

function estimate(messages: readonly ChatMessage[], written: string): Usage {
  return { inputTokens: tokensOf(messages), outputTokens: estimateTokens(written) }
}

/** An upper estimate of what a conversation costs to read. */
export function tokensOf(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content), 0)
}
