import type { ChatModel } from '../../core/ports.js'
import { layer } from './layer.js'
import { linkedSignal } from './linked-signal.js'
import { ModelFailure } from './model-failure.js'

/**
 * A model whose answers take at most `totalMs`, further tries included. Where most of that time went by because nobody
 * took the words, it is not the model's failure.
 * @throws ModelFailure `language_model_failed` when the time is over
 */
export function deadlineModel(model: ChatModel, { totalMs }: { totalMs: number }): ChatModel {
  return layer(model, async function* (messages, { signal, ...options }) {
    const link = linkedSignal(signal)
    let untakenMs = 0
    let offeredAt: number | null = null
    const timer = setTimeout(() => {
      const untaken = untakenMs + (offeredAt === null ? 0 : performance.now() - offeredAt)
      link.abort(tooLong(totalMs, { slowReader: untaken > totalMs / 2 }))
    }, totalMs)
    try {
      for await (const event of model.stream(messages, { ...options, signal: link.signal })) {
        offeredAt = performance.now()
        yield event
        untakenMs += performance.now() - offeredAt
        offeredAt = null
      }
    } finally {
      clearTimeout(timer)
      link.release()
    }
  })
}

function tooLong(totalMs: number, { slowReader }: { slowReader: boolean }): ModelFailure {
  const what = slowReader ? 'the answer was not taken within' : 'the language model took longer than'
  return new ModelFailure('language_model_failed', `${what} ${totalMs} ms`, {
    kind: slowReader ? 'request' : 'lasting',
    remedy: 'raise INKSTONE_LLM_TOTAL_TIMEOUT_MS, lower INKSTONE_LLM_MAX_TOKENS or use a faster model',
  })
}
