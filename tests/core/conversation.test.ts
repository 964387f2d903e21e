import { describe, expect, test } from 'vitest'
import { titleOf } from '../../src/core/conversation.js'

describe('titleOf', () => {
  test.each([
    ['  机械密封多久更换一次？ ', '机械密封多久更换一次？'],
    ['How   often?\nPlease answer briefly.', 'How often?'],
    ['密封'.repeat(40), `${'密封'.repeat(29)}密…`],
    [`${'word '.repeat(11)}extraordinary words`, `${'word '.repeat(10)}word…`],
    ['😀'.repeat(80), `${'😀'.repeat(59)}…`],
  ])('of "%s" is "%s"', (question, title) => {
    expect(titleOf(question)).toBe(title)
  })
})
