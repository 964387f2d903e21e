import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withCosines } from '../../src/retrieve/cosines.js'
import { makeChunk } from '../support/chunks.js'
import { unitVector } from '../support/unit-vectors.js'

const chunkOf = (seed: number) => makeChunk({ id: `chk_${seed}`, text: String(seed) })
const near = (seed: number, score: number) => ({ chunk: chunkOf(seed), score })
const matched = (seed: number, embedding: Float32Array) => ({ chunk: chunkOf(seed), score: 7, embedding })

describe('withCosines', () => {
  test('gives a chunk that only the words have found its own cosine, at its place', () => {
    const question = Float32Array.of(1, 0)
    const words = [matched(2, Float32Array.of(0.6, 0.8)), matched(1, Float32Array.of(0, 1))]
    expect(withCosines([near(1, 0.9), near(3, 0.5)], words, question)).toEqual([
      near(1, 0.9),
      near(2, expect.closeTo(0.6)),
      near(3, 0.5),
    ])
  })

  test('holds every chunk of both lists once, best first', () => {
    const seeds = fc.uniqueArray(fc.nat(40), { maxLength: 20 })
    fc.assert(
      fc.property(seeds, seeds, fc.nat(1000), (dense, words, asked) => {
        const question = unitVector(asked, 16)
        const list = withCosines(
          dense.map((seed, rank) => near(seed, 1 - rank / 100)),
          words.map((seed) => matched(seed, unitVector(seed, 16))),
          question,
        )
        expect(list.map(({ chunk }) => chunk.id).sort()).toEqual(
          [...new Set([...dense, ...words])].map((seed) => `chk_${seed}`).sort(),
        )
        for (const [at, { score }] of list.entries()) expect(score).toBeLessThanOrEqual(list[at - 1]?.score ?? 1.001)
      }),
    )
  })
})
