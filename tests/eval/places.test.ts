import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAt, isHit, levels, newlyMet, rankingOf } from '../../src/eval/places.js'
import { foundPlace, goldenQuestion } from './questions.js'

const found = [foundPlace('a.pdf', 2), foundPlace('a.pdf', 3), foundPlace('b.md', null)]
const place = (document: string, page: number | null = null, quote = 'x') => ({ document, page, quote })

describe('isHit', () => {
  test('needs the document and the page', () => {
    expect(isHit(goldenQuestion(), found, 1)).toBe(false)
    expect(isHit(goldenQuestion(), found, 2)).toBe(true)
  })

  test('needs every expected place, or one alternative', () => {
    const expected = [...goldenQuestion().expected, place('c.md')]
    expect(isHit(goldenQuestion({ expected }), found, 3)).toBe(false)
    expect(isHit(goldenQuestion({ expected, alternatives: [place('b.md')] }), found, 3)).toBe(true)
  })

  test('never counts a question that expects nothing', () => {
    expect(isHit(goldenQuestion({ expected: [] }), found, 3)).toBe(false)
  })
})

describe('isAt', () => {
  test('asks a passage for the quote, white space aside', () => {
    const wanted = place('a.pdf', 3, '25 m3/h')
    expect(isAt(wanted, foundPlace('a.pdf', 4, 'x 25m3/h'), 'page')).toBe(false)
    expect(isAt(wanted, foundPlace('a.pdf', 4, 'x 25\nm3/h'), 'passage')).toBe(true)
    expect(isAt(wanted, foundPlace('b.pdf', 3, '25 m3/h'), 'document')).toBe(false)
  })
})

describe('newlyMet', () => {
  test('counts a place once, however many chunks of it are found', () => {
    const question = { expected: [place('a.md'), place('b.md')], alternatives: [] }
    const ranking = [foundPlace('a.md', null), foundPlace('a.md', null), foundPlace('b.md', null)]
    expect(newlyMet(question, ranking, 'page')).toEqual({ needed: 2, met: [1, 0, 1] })
  })
})

describe('rankingOf', () => {
  test('measures two needed places as worked out by hand', () => {
    const question = goldenQuestion({ expected: [place('a.md'), place('b.md')] })
    const ranking = rankingOf(
      question,
      ['c.md', 'a.md', 'c.md', 'b.md'].map((name) => foundPlace(name, null)),
      'document',
    )
    expect(ranking.firstRank).toBe(2)
    expect([ranking.recallAt(1), ranking.recallAt(2), ranking.recallAt(4)]).toEqual([0, 0.5, 1])
    expect([ranking.hitAt(3), ranking.hitAt(4)]).toEqual([0, 1])
    expect(ranking.ndcgAt(10)).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 12)
  })

  test('is never above 1, falls nowhere with depth, and is 1 for what is met at once', () => {
    const name = fc.constantFrom('a.md', 'b.md', 'c.md', 'd.md')
    const places = (least: number) =>
      fc.uniqueArray(name, { minLength: least, maxLength: 3 }).map((names) => names.map((each) => place(each)))
    fc.assert(
      fc.property(places(1), places(0), fc.array(name), (expected, alternatives, names) => {
        const question = goldenQuestion({ expected, alternatives })
        for (const level of levels) {
          const ranking = rankingOf(
            question,
            names.map((each) => foundPlace(each, null, 'x')),
            level,
          )
          const recalls = [1, 2, 3, 5, 10].map(ranking.recallAt)
          expect(recalls).toEqual([...recalls].sort((a, b) => a - b))
          expect(Math.max(...recalls, ranking.ndcgAt(10))).toBeLessThanOrEqual(1)
          expect(ranking.hitAt(10) === 1).toBe(ranking.recallAt(10) === 1)
        }
        const ideal = rankingOf(
          question,
          expected.map(({ document }) => foundPlace(document, null, 'x')),
          'page',
        )
        expect(ideal.ndcgAt(10)).toBeCloseTo(1, 12)
      }),
    )
  })
})
