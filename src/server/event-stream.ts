/** One server-sent event: `data` goes over the wire as JSON. */
export interface StreamEvent {
  event: string
  data: unknown
}

export interface EventStreamOptions {
  /** Fires when the client is gone. */
  signal: AbortSignal
  /** Fires when the server stops; the stream then ends with what `onFailure` makes of the reason. */
  closing?: AbortSignal | undefined
  /** The last event of a stream that broke. */
  onFailure: (thrown: unknown) => StreamEvent
  commentEveryMs?: number
}

/**
 * Replies with server-sent events, pulling the next one only when the client has taken the one before. The first event
 * is awaited before the reply starts, so that what is wrong from the outset is thrown here and gets a proper status.
 * @param open makes the events; its signal fires when nobody listens any more
 */
export async function eventStream(
  open: (signal: AbortSignal) => AsyncIterable<StreamEvent>,
  { signal, closing, onFailure, commentEveryMs = 10_000 }: EventStreamOptions,
): Promise<Response> {
  const stop = new AbortController()
  const forward = () => stop.abort(signal.reason)
  signal.addEventListener('abort', forward, { once: true })
  if (signal.aborted) forward()
  const events = open(stop.signal)[Symbol.asyncIterator]()
  const end = async () => {
    stop.abort()
    signal.removeEventListener('abort', forward)
    await events.return?.()
  }
  let pending: Promise<IteratorResult<StreamEvent>> | null = Promise.resolve(await events.next())

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          pending ??= events.next()
          const result = await firstOf(pending, { commentEveryMs, closing })
          if (result === 'quiet') {
            controller.enqueue(encode(': still here\n\n'))
          } else if (result.done) {
            signal.removeEventListener('abort', forward)
            controller.close()
          } else {
            pending = null
            controller.enqueue(encode(frame(result.value)))
          }
        } catch (thrown) {
          controller.enqueue(encode(frame(onFailure(thrown))))
          controller.close()
          await end().catch(() => undefined)
        }
      },
      cancel: () => end().catch(() => undefined),
    },
    { highWaterMark: 0 },
  )
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  })
}

/** The next event, or `quiet` when none came in time. Throws the reason of `closing` when the server stops. */
async function firstOf<T>(
  pending: Promise<T>,
  { commentEveryMs, closing }: { commentEveryMs: number; closing: AbortSignal | undefined },
): Promise<T | 'quiet'> {
  const settled = new AbortController()
  const quiet = new Promise<'quiet'>((resolve, reject) => {
    const timer = setTimeout(() => resolve('quiet'), commentEveryMs)
    const stop = () => reject(closing?.reason)
    settled.signal.addEventListener('abort', () => {
      clearTimeout(timer)
      closing?.removeEventListener('abort', stop)
    })
    closing?.addEventListener('abort', stop)
    if (closing?.aborted) stop()
  })
  try {
    return await Promise.race([pending, quiet])
  } finally {
    settled.abort()
  }
}

function frame({ event, data }: StreamEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
