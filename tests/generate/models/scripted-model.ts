import type { ChatEvent, ChatModel } from '../../../src/core/ports.js'

/** What a model does at one question: events, in order, until it throws. */
export type Script = (signal: AbortSignal | undefined) => AsyncIterable<ChatEvent>

export const delta = (text: string): ChatEvent => ({ type: 'delta', text })

/** A model that plays its scripts one after the other, the last one again and again. */
export function scriptedModel(...scripts: Script[]): ChatModel & { asked(): number } {
  let asked = 0
  return {
    modelId: 'scripted',
    asked: () => asked,
    stream: (_messages, { signal }) => {
      const script = scripts[Math.min(asked++, scripts.length - 1)]
      if (script === undefined) throw new Error('a model without a script')
      return script(signal)
    },
  }
}

/** Says the words, then throws the error, where there is one. */
export const saying = (...script: (string | Error)[]): Script =>
  async function* () {
    for (const step of script) {
      if (step instanceof Error) throw step
      yield delta(step)
    }
  }

/** Says the first word and then nothing until it is stopped. */
export const hanging = (word: string): Script =>
  async function* (signal) {
    yield delta(word)
    signal?.throwIfAborted()
    await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }))
  }

/** The words of an answer. */
export async function answerOf(model: ChatModel, options: { signal?: AbortSignal } = {}): Promise<string> {
  let text = ''
  for await (const event of model.stream([{ role: 'user', content: '问' }], { maxTokens: 64, ...options })) {
    if (event.type === 'delta') text += event.text
  }
  return text
}
