import type { ChatModel } from '../../core/ports.js'
import { layer } from './layer.js'
import { linkedSignal } from './linked-signal.js'
import { ModelFailure } from './model-failure.js'

/**
 * A model whose answers take at most `totalMs`, further tries included.
 * @throws ModelFailure `language_model_failed` when the time is over
 */
export function deadlineModel(model: ChatModel, { totalMs }: { totalMs: number }): ChatModel {
  return layer(model, async function* (messages, { signal, ...options }) {
    const link = linkedSignal(signal)
    const timer = setTimeout(() => link.abort(tooLong(totalMs)), totalMs)
    try {
      yield* model.stream(messages, { ...options, signal: link.signal })
    } finally {
      clearTimeout(timer)
      link.release()
    }
  })
}

function tooLong(totalMs: number): ModelFailure {
  return new ModelFailure('language_model_failed', `the language model took longer than ${totalMs} ms`, {
    kind: 'lasting',
    remedy: 'raise INKSTONE_LLM_TOTAL_TIMEOUT_MS, lower INKSTONE_LLM_MAX_TOKENS or use a faster model',
  })
}
