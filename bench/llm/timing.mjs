const now = () => performance.timeOrigin + performance.now()

const passages = 'The mechanical seal of the pump is replaced every 8000 hours of operation. '

/** A conversation of about 16 tokens for each repetition, with a beginning of its own for each turn. */
export const conversation = (repetitions, question, { turn }) => [
  { role: 'system', content: `${turn}: You answer from the passages in short sentences.` },
  { role: 'user', content: `${passages.repeat(repetitions)}\n${question}` },
]

/** Time to the first word, and words after that a second. */
export async function timeAnswer(model, messages, maxTokens) {
  const startedAt = now()
  let firstAt = 0
  let usage = null
  for await (const event of model.stream(messages, { maxTokens })) {
    if (event.type === 'delta') firstAt ||= now()
    if (event.type === 'usage') usage = event.usage
  }
  const seconds = (now() - firstAt) / 1000
  return {
    'prompt tokens': usage.inputTokens,
    'first word s': (firstAt - startedAt) / 1000,
    'tokens written': usage.outputTokens,
    'tokens/s': usage.outputTokens / seconds,
  }
}

/**
 * Stops an answer `afterMs` after it began, or after its first word.
 * @returns when it was stopped, and how long whoever waited for it still waited
 */
export async function stopAnswer(model, messages, { afterMs, afterFirstWord = false }) {
  const controller = new AbortController()
  let stoppedAt = 0
  const stop = () => {
    stoppedAt = now()
    controller.abort()
  }
  const timer = afterFirstWord ? undefined : setTimeout(stop, afterMs)
  try {
    for await (const _ of model.stream(messages, { maxTokens: 1000, signal: controller.signal })) {
      if (afterFirstWord && stoppedAt === 0) setTimeout(stop, afterMs)
    }
    throw new Error('the answer ended before it was stopped')
  } catch (error) {
    if (error.code !== 'cancelled') throw error
    return { stoppedAt, releasedMs: now() - stoppedAt }
  } finally {
    clearTimeout(timer)
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]

/** The median of each column. */
export const medians = (rows) =>
  Object.fromEntries(
    Object.keys(rows[0]).map((name) => [name, Number(median(rows.map((row) => row[name])).toFixed(2))]),
  )

export const quantiles = (values) => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0)
  return { runs: sorted.length, 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'worst ms': at(1) }
}
