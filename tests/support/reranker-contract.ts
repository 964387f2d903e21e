import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reranker } from '../../src/core/ports.js'

const question = 'pump seal'
const fitting = 'replace the pump seal'
const unfitting = 'the canteen serves noodles'

/** What every reranker does, given a model for which a text that repeats the question's words fits it better. */
export function rerankerContract(name: string, open: () => Promise<Reranker>): void {
  describe(`${name}, as a reranker`, () => {
    let reranker: Reranker
    beforeAll(async () => {
      reranker = await open()
    })
    afterAll(async () => {
      await reranker.close()
    })

    test('gives each text a score from 0 to 1, in the order of the texts', async () => {
      const scores = await reranker.rerank(question, [unfitting, fitting, unfitting])
      expect(scores).toHaveLength(3)
      for (const score of scores) {
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
      }
      expect(scores[1]).toBeGreaterThan(scores[0] ?? 1)
      expect(scores[2]).toBe(scores[0])
      expect(await reranker.rerank(question, [fitting, unfitting])).toEqual([scores[1], scores[0]])
    })

    test('does nothing for no texts', async () => {
      expect(await reranker.rerank(question, [])).toEqual([])
    })

    test('stops when the signal fires, and works on for others', async () => {
      const controller = new AbortController()
      const stopped = reranker.rerank(question, new Array(300).fill(unfitting), { signal: controller.signal })
      controller.abort()
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
      await expect(reranker.rerank(question, [fitting], { signal: controller.signal })).rejects.toMatchObject({
        code: 'cancelled',
      })
      expect(await reranker.rerank(question, [fitting])).toHaveLength(1)
    })

    test('says who it is', () => {
      expect(reranker.modelId).not.toBe('')
    })
  })
}
