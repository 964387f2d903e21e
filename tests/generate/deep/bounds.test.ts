import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { allowanceOf, BoundReached, type Bounds } from '../../../src/generate/deep/bounds.js'

const none = { inputTokens: 0, outputTokens: 0 }

function allowance(
  given: Partial<Bounds>,
  { spent = () => none, signal }: { spent?: () => typeof none; signal?: AbortSignal } = {},
) {
  const opened = allowanceOf({ maxSteps: 3, maxTokens: 100, timeoutMs: 60_000, ...given }, { spent, signal })
  onTestFinished(() => opened.close())
  return opened
}

describe('allowanceOf', () => {
  test('gives as many steps as there are', () => {
    const it = allowance({ maxSteps: 2 })
    it.takeStep()
    it.takeStep()
    expect(it.stepsLeft()).toBe(0)
    expect(() => it.takeStep()).toThrow(BoundReached)
    expect(it.stepsLeft()).toBe(0)
  })

  test('knows what is left of the tokens, read and written', () => {
    const spent = { inputTokens: 0, outputTokens: 0 }
    const it = allowance({ maxTokens: 100 }, { spent: () => spent })
    expect(it.tokensLeft()).toBe(100)
    Object.assign(spent, { inputTokens: 70, outputTokens: 40 })
    expect(it.tokensLeft()).toBe(-10)
  })

  test('fires when the time is over, and knows that it was the time', async () => {
    const it = allowance({ timeoutMs: 1 })
    if (!it.signal.aborted) await once(it.signal, 'abort')
    expect(it.isTimeOver()).toBe(true)
  })

  test('fires with the signal around it, which is not the time', () => {
    const outer = new AbortController()
    const it = allowance({}, { signal: outer.signal })
    expect(it.signal.aborted).toBe(false)
    outer.abort()
    expect(it).toMatchObject({ signal: { aborted: true } })
    expect(it.isTimeOver()).toBe(false)
  })
})
