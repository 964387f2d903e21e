/** As the promise, or the reason of the signal as soon as that fires. */
export async function untilStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Nobody waits for it any more once the signal has fired, and it may well fail by that.
  promise.catch(() => undefined)
  signal.throwIfAborted()
  const settled = new AbortController()
  const stopped = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal }),
  )
  try {
    return await Promise.race([promise, stopped])
  } finally {
    settled.abort()
  }
}
