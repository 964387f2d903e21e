import { createHash } from 'node:crypto'
import type { TracedPrompt } from '../core/answer-record.js'
import type { ChatMessage, ChatModel } from '../core/ports.js'

/** The same messages have the same hash, whatever model reads them. SHA-256, hex. */
export function promptHash(messages: readonly ChatMessage[]): string {
  const bare = messages.map(({ role, content }) => ({ role, content }))
  return createHash('sha256').update(JSON.stringify(bare)).digest('hex')
}

/**
 * A model whose every call is noted when it ends, however it ends.
 * @param temperature asked for in place of the model's own
 */
export function tracedModel(
  model: ChatModel,
  { onPrompt, temperature }: { onPrompt: (prompt: TracedPrompt) => void; temperature?: number | undefined },
): ChatModel {
  return {
    get modelId() {
      return model.modelId
    },
    async *stream(messages, options) {
      const started = performance.now()
      const prompt: TracedPrompt = {
        messages: messages.map(({ role, content }) => ({ role, content })),
        sha256: promptHash(messages),
        maxTokens: options.maxTokens,
        usage: { inputTokens: 0, outputTokens: 0 },
        firstTokenMs: null,
        totalMs: 0,
      }
      try {
        for await (const event of model.stream(
          messages,
          temperature === undefined ? options : { temperature, ...options },
        )) {
          if (event.type === 'usage') prompt.usage = event.usage
          else prompt.firstTokenMs ??= performance.now() - started
          yield event
        }
      } finally {
        onPrompt({ ...prompt, totalMs: performance.now() - started })
      }
    },
  }
}
