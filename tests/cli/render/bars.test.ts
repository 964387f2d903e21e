import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { detailText, runningClock } from '../../../src/cli/render/bars.js'
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

describe('detailText', () => {
  test('says pages and files of all, and how long it will take, where they are known', () => {
    const unknown = { stage: 'recognising', progress: 0.2, pages: null, etaSeconds: null, members: null }
    expect(detailText(unknown)).toBe('')
    expect(detailText({ ...unknown, pages: { done: 3, total: 12 }, etaSeconds: 90 })).toBe(
      '  page 3 of 12, 1 min 30 s left',
    )
    expect(detailText({ ...unknown, members: { done: 1, total: 2 } })).toBe('  file 1 of 2')
  })
})
