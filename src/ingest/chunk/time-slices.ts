import { setImmediate } from 'node:timers/promises'
import { InkstoneError } from '../../core/errors.js'

/** Long work of this process in slices, between which everything else gets its turn. */
export interface TimeSlices {
  /** Whether the present slice is used up. */
  isOver(): boolean
  /** Lets other work go on and begins the next slice. @throws InkstoneError `cancelled` when the signal has fired */
  next(): Promise<void>
}

/** @param options.sliceMs longest time that the event loop is held up, short single steps taken for granted */
export function timeSlices({
  sliceMs = 8,
  signal,
}: {
  sliceMs?: number
  signal?: AbortSignal | undefined
} = {}): TimeSlices {
  let endsAt = performance.now() + sliceMs
  return {
    isOver: () => performance.now() >= endsAt,
    async next() {
      await setImmediate()
      if (signal?.aborted) throw new InkstoneError('cancelled', 'the ingest was cancelled', { cause: signal.reason })
      endsAt = performance.now() + sliceMs
    },
  }
}
