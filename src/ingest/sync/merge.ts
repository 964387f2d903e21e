import { setMaxListeners } from 'node:events'

/**
 * Runs `work` over the items, at most `concurrency` of them at a time, and yields what they yield as it comes. Nothing
 * runs ahead of the reader, and items are taken only when they are begun, so that memory does not grow with their
 * number. The signal that work gets fires when the reader stops early and when another item's work has thrown.
 * @throws whatever an item's work throws, at once
 */
export async function* merge<Item, Event>(
  items: Iterable<Item> | AsyncIterable<Item>,
  { concurrency }: { concurrency: number },
  work: (item: Item, signal: AbortSignal) => AsyncIterable<Event>,
): AsyncIterable<Event> {
  const source = toAsyncIterator(items)
  const running = new Map<AsyncIterator<Event>, Promise<Step<Event>>>()
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  let exhausted = false
  try {
    for (;;) {
      while (!exhausted && running.size < concurrency) {
        const next = await source.next()
        if (next.done === true) exhausted = true
        else begin(work(next.value, stop.signal)[Symbol.asyncIterator](), running)
      }
      if (running.size === 0) return
      const { iterator, result } = await Promise.race(running.values())
      if (result.done === true) running.delete(iterator)
      else {
        begin(iterator, running)
        yield result.value
      }
    }
  } finally {
    stop.abort()
    for (const promise of running.values()) promise.catch(() => undefined)
    await Promise.allSettled([...running.keys()].map((iterator) => iterator.return?.()))
  }
}

interface Step<Event> {
  iterator: AsyncIterator<Event>
  result: IteratorResult<Event>
}

function begin<Event>(iterator: AsyncIterator<Event>, running: Map<AsyncIterator<Event>, Promise<Step<Event>>>): void {
  running.set(
    iterator,
    iterator.next().then((result) => ({ iterator, result })),
  )
}

async function* toAsyncIterator<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item> {
  yield* items
}
