import { stopReason } from './models/model-failure.js'

/**
 * Waits for a promise until the signal fires, for what takes no signal itself.
 * @throws InkstoneError `cancelled`, or what the signal carries
 */
export function untilStopped<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = () => reject(stopReason(signal))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
