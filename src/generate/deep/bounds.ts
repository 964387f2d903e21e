import type { Usage } from '../../core/answer.js'
import { linkedSignal } from '../models/linked-signal.js'

/** What the steps of one deep answer may take together; the answer's own text comes on top. */
export interface Bounds {
  maxSteps: number
  /** Read and written. */
  maxTokens: number
  timeoutMs: number
}

/** Thrown where a step would go beyond a bound. It never leaves the research. */
export class BoundReached extends Error {
  constructor(readonly bound: 'steps' | 'tokens' | 'time') {
    super(`the limit of ${bound} is reached`)
  }
}

/** What is left of the bounds. `close` has to be called. */
export interface Allowance {
  /** Fires with `outer`, and when the time is over. */
  signal: AbortSignal
  stepsLeft(): number
  tokensLeft(): number
  /** @throws BoundReached when no step is left */
  takeStep(): void
  isTimeOver(): boolean
  close(): void
}

/** @param options.spent what was spent so far */
export function allowanceOf(
  { maxSteps, maxTokens, timeoutMs }: Bounds,
  { spent, signal: outer }: { spent: () => Usage; signal: AbortSignal | undefined },
): Allowance {
  const link = linkedSignal(outer)
  let steps = 0
  let isTimeOver = false
  const timer = setTimeout(() => {
    isTimeOver = true
    link.abort()
  }, timeoutMs)
  return {
    signal: link.signal,
    stepsLeft: () => maxSteps - steps,
    tokensLeft() {
      const { inputTokens, outputTokens } = spent()
      return maxTokens - inputTokens - outputTokens
    },
    takeStep() {
      if (steps >= maxSteps) throw new BoundReached('steps')
      steps += 1
    },
    isTimeOver: () => isTimeOver,
    close() {
      clearTimeout(timer)
      link.release()
    },
  }
}
