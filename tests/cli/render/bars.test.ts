import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runningClock } from '../../../src/cli/render/bars.js'
import { textSink } from '../../support/command-line.js'

const lineStart = '\r\u001b[K'

describe('runningClock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('shows the text at once, then how long it has been going on, and takes the line away', () => {
    const { stream, text } = textSink()
    const clock = runningClock({ stderr: stream })
    clock.start('looking')
    vi.advanceTimersByTime(2000)
    clock.stop()
    expect(text()).toBe(`${lineStart}looking${lineStart}looking  1.0 s${lineStart}looking  2.0 s${lineStart}`)
  })

  test('is silent after its end, and when it never began', () => {
    const { stream, text } = textSink()
    const clock = runningClock({ stderr: stream })
    clock.stop()
    expect(text()).toBe('')
    clock.start('looking')
    clock.stop()
    const written = text()
    vi.advanceTimersByTime(5000)
    clock.stop()
    expect(text()).toBe(written)
  })
})
