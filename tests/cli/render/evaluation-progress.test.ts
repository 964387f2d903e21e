import { describe, expect, test } from 'vitest'
import { stepLines } from '../../../src/cli/render/evaluation-progress.js'

describe('stepLines', () => {
  test('writes a line at the start of each step, then one in ten seconds', () => {
    const lines: string[] = []
    const clock = { ms: 0 }
    const display = stepLines({ note: (line) => void lines.push(line) }, { now: () => clock.ms })
    for (const done of [0, 10, 20, 30]) {
      display.show({ step: 'ingesting', done, total: 100 })
      clock.ms += 6_000
    }
    display.show({ step: 'searching', done: 1, total: 1 })
    display.stop()
    expect(lines).toEqual(['ingesting (100)', 'ingesting 20 of 100', 'searching'])
  })
})
