/** Items that a callback hands in, for a loop to take out. `end` and `fail` come after what was pushed before. */
export function pushedItems<T>() {
  const waiting: T[] = []
  const state: { isOver: boolean; error: unknown; wake: () => void } = {
    isOver: false,
    error: null,
    wake: () => undefined,
  }
  const finish = (error: unknown) => {
    state.isOver = true
    state.error = error
    state.wake()
  }
  async function* items(): AsyncGenerator<T> {
    for (;;) {
      yield* waiting.splice(0)
      if (waiting.length > 0) continue
      if (state.isOver && state.error !== null) throw state.error
      if (state.isOver) return
      await new Promise<void>((resolve) => {
        state.wake = resolve
      })
    }
  }
  return {
    items: items(),
    push: (item: T) => {
      waiting.push(item)
      state.wake()
    },
    end: () => finish(null),
    fail: (error: unknown) => finish(error),
  }
}
