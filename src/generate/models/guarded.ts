import type { ChatModel } from '../../core/ports.js'
import { type BreakerOptions, breakingModel } from './breaker.js'
import { deadlineModel } from './deadline.js'
import { type QueueOptions, queuedModel } from './queue.js'
import { type RetryOptions, retryingModel } from './retry.js'

export interface GuardOptions {
  queue: QueueOptions
  breaker: BreakerOptions
  retry: RetryOptions
  /** Longest time for one answer, further tries included, the wait for a place not. */
  totalMs: number
}

/** A model that many may ask and that may fail: it is queued for, left alone when it is down, asked again, and bounded. */
export function guardedModel(model: ChatModel, { queue, breaker, retry, totalMs }: GuardOptions): ChatModel {
  return queuedModel(breakingModel(deadlineModel(retryingModel(model, retry), { totalMs }), breaker), queue)
}
