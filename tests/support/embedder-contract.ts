import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/core/ports.js'

const texts = [
  '离心泵启动前必须灌满水。',
  'The outlet valve stays closed until the pump has reached its speed.',
  '泵',
  '',
  '阀门 DN-200/PN16 的额定压力为 1.6 MPa，见表 3。',
]

/** What every embedder does; run by the tests of each driver. */
export function embedderContract(name: string, open: () => Promise<Embedder>): void {
  describe(`${name}, as an embedder`, () => {
    let embedder: Embedder
    beforeAll(async () => {
      embedder = await open()
    })
    afterAll(async () => {
      await embedder.close()
    })

    test('gives each text a vector of the stated dimensions and norm 1', async () => {
      const vectors = await embedder.embed(texts, { task: 'document' })
      expect(vectors).toHaveLength(texts.length)
      for (const vector of vectors) {
        expect(vector).toBeInstanceOf(Float32Array)
        expect(vector).toHaveLength(embedder.dimensions)
        expect(Math.abs(normOf(vector) - 1)).toBeLessThan(1e-5)
      }
    })

    test('keeps the order of the texts, and a vector does not depend on the texts beside it', async () => {
      const forwards = await embedder.embed(texts, { task: 'document' })
      const backwards = await embedder.embed([...texts].reverse(), { task: 'document' })
      expect(backwards.reverse()).toEqual(forwards)
      const alone = await Promise.all(texts.map((text) => embedder.embed([text], { task: 'document' })))
      expect(alone.flat()).toEqual(forwards)
      expect(new Set(forwards.map((vector) => vector.join())).size).toBe(texts.length)
    })

    test('embeds questions into the same space', async () => {
      const [question] = await embedder.embed(['如何启动离心泵？'], { task: 'query' })
      expect(question).toHaveLength(embedder.dimensions)
      expect(Math.abs(normOf(question ?? new Float32Array()) - 1)).toBeLessThan(1e-5)
    })

    test('does nothing for no texts', async () => {
      expect(await embedder.embed([], { task: 'document' })).toEqual([])
      expect(await embedder.countTokens([])).toEqual([])
    })

    test('counts at least one token for each character of Chinese, and special tokens', async () => {
      const [empty, one, many] = await embedder.countTokens(['', '泵', '泵'.repeat(100)])
      expect(empty).toBeGreaterThan(0)
      expect(one).toBeGreaterThan(empty ?? 0)
      expect(many).toBeGreaterThanOrEqual(100)
    })

    test('embeds a text of exactly maxTokens and refuses a longer one rather than cut it', async () => {
      const [overhead = 0] = await embedder.countTokens([''])
      const longest = '泵'.repeat(embedder.maxTokens - overhead)
      expect(await embedder.countTokens([longest])).toEqual([embedder.maxTokens])
      expect(await embedder.embed([longest], { task: 'document' })).toHaveLength(1)
      const tooLong = embedder.embed(['泵', `${longest}泵`], { task: 'document' })
      await expect(tooLong).rejects.toMatchObject({ code: 'text_too_long', remedy: expect.any(String) })
    })

    test('stops when the signal fires, and works on for others', async () => {
      const controller = new AbortController()
      const stopped = embedder.embed(new Array(500).fill(texts[1]), { task: 'document', signal: controller.signal })
      const other = embedder.embed(['泵'], { task: 'query' })
      controller.abort()
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
      expect(await other).toHaveLength(1)
      const late = embedder.embed(['泵'], { task: 'query', signal: controller.signal })
      await expect(late).rejects.toMatchObject({ code: 'cancelled' })
    })

    test('says who it is', () => {
      expect(embedder.modelId).not.toBe('')
      expect(embedder.fingerprint).toContain(embedder.modelId)
      expect(embedder.fingerprint).toContain(String(embedder.dimensions))
    })
  })
}

function normOf(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
}
