import { describe, expect, test } from 'vitest'
import { citationPairs, flaggingOf } from '../support/citation-pairs.js'

describe('bindCitations', () => {
  test.each([
    ['citations', 0.98, 0.95],
    ['citations-held-out', 0.95, 0.8],
    ['citations-several', 0.95, 0.9],
  ] as const)(
    'flags what is wrong, and not what is right, in the hand-written pairs of %s',
    (name, precise, caught) => {
      const pairs = citationPairs(name)
      expect(pairs.length).toBeGreaterThanOrEqual(50)
      const { precision, recall, mistaken } = flaggingOf(pairs)
      const missed = mistaken.map(({ id, answer }) => `${id} ${answer}`).join('\n')
      expect(precision, missed).toBeGreaterThanOrEqual(precise)
      expect(recall, missed).toBeGreaterThanOrEqual(caught)
    },
  )
})
