/** An embedder that notes when it has documents' texts in work, and which. */
export function documentsMeter(embedder) {
  let inWork = 0
  let since = 0
  let busyMs = 0
  let firstAt = null
  let texts = []
  const begin = () => {
    const now = performance.now()
    firstAt ??= now
    if (inWork++ === 0) since = now
  }
  const end = () => {
    if (--inWork === 0) busyMs += performance.now() - since
  }
  return {
    embedder: {
      ...embedder,
      async embed(given, options) {
        if (options.task !== 'document') return embedder.embed(given, options)
        begin()
        try {
          return await embedder.embed(given, options)
        } finally {
          end()
          texts.push(...given)
        }
      },
    },
    reset() {
      busyMs = 0
      firstAt = null
      texts = []
    },
    /** Since `reset`; `firstSeconds` counts from `startedMs`. Only while nothing is in work. */
    read: (startedMs) => ({
      busySeconds: busyMs / 1000,
      firstSeconds: ((firstAt ?? startedMs) - startedMs) / 1000,
      texts,
    }),
  }
}
