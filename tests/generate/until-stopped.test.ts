import { describe, expect, test } from 'vitest'
import { untilStopped } from '../../src/generate/until-stopped.js'

const never = new Promise<never>(() => undefined)

describe('untilStopped', () => {
  test('brings what the promise brings', async () => {
    const { signal } = new AbortController()
    expect(await untilStopped(Promise.resolve(1), signal)).toBe(1)
    expect(await untilStopped(Promise.resolve(1), undefined)).toBe(1)
    await expect(untilStopped(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken')
  })

  test('does not wait for one that never ends when it is stopped, before or after', async () => {
    const stop = new AbortController()
    const waiting = untilStopped(never, stop.signal)
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await expect(untilStopped(never, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('swallows the failure of a promise that nobody waits for any more', async () => {
    const stop = new AbortController()
    const late = new Promise<never>((_, reject) =>
      stop.signal.addEventListener('abort', () => reject(new Error('late'))),
    )
    const waiting = untilStopped(late, AbortSignal.abort())
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await expect(late).rejects.toThrow('late')
  })
})
