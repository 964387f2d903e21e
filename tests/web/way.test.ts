import { describe, expect, test } from 'vitest'
import { wayInStage, wayWhileSent } from '../../web/way.js'

const stages = ['queued', 'parsing', 'chunking', 'embedding', 'indexing'] as const

describe('wayInStage', () => {
  test('never goes back from sending to the end', () => {
    const way = [
      wayWhileSent(0),
      wayWhileSent(1),
      ...stages.flatMap((stage) => [0, 0.5, 1].map((progress) => wayInStage(stage, progress))),
      wayInStage('done', 1),
    ]
    expect(way).toEqual(way.toSorted((a, b) => a - b))
    expect([way[0], way.at(-1)]).toEqual([0, 1])
  })

  test('gives embedding most of the way, because it takes most of the time', () => {
    expect(wayInStage('embedding', 0)).toBeLessThan(0.4)
    expect(wayInStage('embedding', 1)).toBeGreaterThan(0.9)
  })
})
