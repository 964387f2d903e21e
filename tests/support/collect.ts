import { expect } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'

/** The texts as a stream of bytes. */
export async function* bytesOf(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

/** All items, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The InkstoneError that a promise rejects with; fails the test when there is none. */
export async function errorOf(promise: Promise<unknown>): Promise<InkstoneError> {
  const outcome = await promise.then(
    () => new Error('nothing was thrown'),
    (error) => error,
  )
  expect(outcome).toBeInstanceOf(InkstoneError)
  return outcome
}
