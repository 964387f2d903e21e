import { InkstoneError } from '../../core/errors.js'
import type { ChatModel } from '../../core/ports.js'
import { layer } from './layer.js'
import { ModelFailure } from './model-failure.js'

export interface BreakerOptions {
  /** Failures in a row after which the model is left alone. */
  failures: number
  /** How long, before one question is let through to try. */
  pauseMs: number
  /** Milliseconds of any clock that never goes back. */
  now?: () => number
}

/**
 * A model that is left alone for a while after it failed several times in a row, so that nobody waits for one that is
 * down. After the pause one question tries it; the others wait for nothing until that one has its first words.
 * @throws InkstoneError `language_model_paused` while it is left alone
 */
export function breakingModel(
  model: ChatModel,
  { failures, pauseMs, now = () => performance.now() }: BreakerOptions,
): ChatModel {
  let inARow = 0
  let triesAgainAt = 0
  let isTrying = false
  let lastProblem = ''
  return layer(model, async function* (messages, options) {
    const isTrial = inARow >= failures
    if (isTrial) {
      const waitMs = triesAgainAt - now()
      if (isTrying || waitMs > 0) throw paused({ inARow, waitMs: Math.max(waitMs, 0), lastProblem })
      isTrying = true
    }
    try {
      for await (const event of model.stream(messages, options)) {
        // It speaks again: others may ask it, but one more failure is enough.
        if (isTrial) inARow = Math.min(inARow, failures - 1)
        yield event
      }
      inARow = 0
    } catch (error) {
      if (countsAgainst(error)) {
        inARow++
        triesAgainAt = now() + pauseMs
        lastProblem = error.message
      }
      throw error
    } finally {
      if (isTrial) isTrying = false
    }
  })
}

function countsAgainst(error: unknown): error is ModelFailure {
  return error instanceof ModelFailure && error.kind !== 'request'
}

function paused(state: { inARow: number; waitMs: number; lastProblem: string }): InkstoneError {
  const seconds = Math.ceil(state.waitMs / 1_000)
  const when = seconds > 0 ? `tried again in ${seconds} s` : 'being tried again'
  const message = `the language model failed ${state.inARow} times in a row and is ${when}; last: ${state.lastProblem}`
  return new InkstoneError('language_model_paused', message, {
    remedy: 'mend what is said above; "inkstone doctor" shows whether the model can be reached',
  })
}
