import { InkstoneError } from '../../core/errors.js'
import type { ChatModel } from '../../core/ports.js'
import { layer } from './layer.js'
import { stopReason } from './model-failure.js'

export interface QueueOptions {
  /** Answers that the model writes at a time. */
  concurrency: number
  /** Questions that may wait for their turn. */
  length: number
  /** Longest wait. */
  waitMs: number
}

/**
 * A model that writes a few answers at a time; other questions wait in order.
 * @throws InkstoneError `language_model_busy` when too many wait or the wait is too long; `cancelled`
 */
export function queuedModel(model: ChatModel, options: QueueOptions): ChatModel {
  const queue = placesOf(options)
  return layer(model, async function* (messages, { signal, ...rest }) {
    const leave = await queue.enter(signal)
    try {
      yield* model.stream(messages, { ...rest, ...(signal ? { signal } : {}) })
    } finally {
      leave()
    }
  })
}

/** `enter` resolves, first come first served, to the function that gives the place back. */
function placesOf({ concurrency, length, waitMs }: QueueOptions) {
  const waiting: (() => void)[] = []
  let taken = 0
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else taken--
  }
  function wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', stop)
        const place = waiting.indexOf(called)
        if (place >= 0) waiting.splice(place, 1)
        outcome()
      }
      const called = settle(resolve)
      const stop = settle(() => reject(signal ? stopReason(signal) : undefined))
      const timer = setTimeout(
        settle(() => reject(busy(`for ${waitMs} ms no place became free`))),
        waitMs,
      )
      signal?.addEventListener('abort', stop, { once: true })
      waiting.push(called)
    })
  }
  return {
    async enter(signal: AbortSignal | undefined): Promise<() => void> {
      if (signal?.aborted) throw stopReason(signal)
      if (taken < concurrency) taken++
      else if (waiting.length < length) await wait(signal)
      else throw busy(`${concurrency} answers are being written and ${waiting.length} questions wait`)
      return leave
    },
  }
}

function busy(why: string): InkstoneError {
  return new InkstoneError('language_model_busy', `the language model has too much to do: ${why}`, {
    remedy: 'ask again in a moment; INKSTONE_LLM_CONCURRENCY and INKSTONE_LLM_QUEUE_LENGTH say how much is taken on',
  })
}
