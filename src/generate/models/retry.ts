import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatModel } from '../../core/ports.js'
import { layer } from './layer.js'
import { ModelFailure, stopReason } from './model-failure.js'

export interface RetryOptions {
  /** Tries after the first one. */
  retries: number
  /** Longest wait before the second try; it doubles with each further one. */
  backoffMs?: number
  /** A server that asks for more patience than this is not waited for. */
  longestRetryAfterMs?: number
  /** From 0 up to 1. */
  random?: () => number
}

/**
 * A model that is asked again when it fails by something that passes and has not said anything yet. The wait is what
 * the server asks for, else a random part of a growing one ("full jitter", AWS Architecture Blog, 2015), of which at
 * least half is kept, so that a server that restarts gets its time.
 */
export function retryingModel(
  model: ChatModel,
  { retries, backoffMs = 500, longestRetryAfterMs = 15_000, random = Math.random }: RetryOptions,
): ChatModel {
  function waitMs(failure: ModelFailure, attempt: number): number | null {
    if (failure.kind !== 'passing' || attempt >= retries) return null
    if (failure.retryAfterMs === null) return backoffMs * 2 ** attempt * (0.5 + random() / 2)
    return failure.retryAfterMs <= longestRetryAfterMs ? failure.retryAfterMs : null
  }
  return layer(model, async function* (messages, options) {
    for (let attempt = 0; ; attempt++) {
      let hasBegun = false
      try {
        for await (const event of model.stream(messages, options)) {
          hasBegun = true
          yield event
        }
        return
      } catch (error) {
        const wait = error instanceof ModelFailure && !hasBegun ? waitMs(error, attempt) : null
        if (wait === null) throw error
        await pause(wait, options.signal)
      }
    }
  })
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    throw signal ? stopReason(signal, error) : error
  }
}
