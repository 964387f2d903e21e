/** Fires with `outer` or by `abort`, whichever comes first; `release` lets go of `outer`, which may live much longer. */
export function linkedSignal(outer: AbortSignal | undefined) {
  const controller = new AbortController()
  const forward = () => controller.abort(outer?.reason)
  outer?.addEventListener('abort', forward, { once: true })
  if (outer?.aborted) forward()
  return {
    signal: controller.signal,
    abort: (reason?: unknown) => controller.abort(reason),
    release: () => outer?.removeEventListener('abort', forward),
  }
}
