import { describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/core/ports.js'
import { inSimplifiedChinese } from '../../src/embed/simplified-chinese.js'

/** Embeds a text as the codes of its characters. */
function codes(languages: readonly string[]): Embedder {
  return {
    modelId: 'codes',
    fingerprint: 'codes',
    dimensions: 2,
    maxTokens: 10,
    languages,
    embed: async (texts) =>
      texts.map((text) => Float32Array.from([...text].map((character) => character.charCodeAt(0)))),
    countTokens: async (texts) => texts.map((text) => [...text].length),
    close: async () => undefined,
  }
}

describe('inSimplifiedChinese', () => {
  test('gives a Chinese model the same vector for traditional and simplified text', async () => {
    const embedder = inSimplifiedChinese(codes(['zh']))
    const [traditional, simplified] = await embedder.embed(['軸承', '轴承'], { task: 'query' })
    expect(traditional).toEqual(simplified)
  })

  test('is another embedder by its fingerprint', () => {
    expect(inSimplifiedChinese(codes(['zh'])).fingerprint).not.toBe('codes')
  })

  test('leaves other and multilingual models alone', () => {
    for (const languages of [['en'], ['en', 'ja', 'zh'], []]) {
      const embedder = codes(languages)
      expect(inSimplifiedChinese(embedder)).toBe(embedder)
    }
  })
})
