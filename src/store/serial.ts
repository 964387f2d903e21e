/** Runs one task after the other, in the order in which they were handed in; a task that fails does not stop the next. */
export type Serial = <T>(task: () => Promise<T>) => Promise<T>

export function serial(): Serial {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }
}
