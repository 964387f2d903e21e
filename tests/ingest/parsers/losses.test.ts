import { describe, expect, test } from 'vitest'
import { lossList, lossPlaces } from '../../../src/ingest/parsers/losses.js'

describe('lossList', () => {
  test('adds up what is lost for one reason, with each page once and in order', () => {
    const losses = lossList()
    losses.add('image', 'EMF pictures', 3)
    losses.add('object', 'films', 2)
    losses.add('image', 'EMF pictures', 1)
    losses.add('image', 'EMF pictures', 3)
    losses.add('image', 'damaged pictures')
    expect(losses.losses).toEqual([
      { kind: 'image', count: 3, pages: [1, 3], reason: 'EMF pictures' },
      { kind: 'object', count: 1, pages: [2], reason: 'films' },
      { kind: 'image', count: 1, pages: [], reason: 'damaged pictures' },
    ])
  })

  test('names only so many pages, and counts them all', () => {
    const losses = lossList()
    for (let page = 500; page > 0; page -= 1) losses.add('page', 'damaged', page)
    expect(losses.losses[0]?.pages).toEqual(Array.from({ length: lossPlaces }, (_, index) => index + 1))
    expect(losses.losses[0]?.count).toBe(500)
  })
})
