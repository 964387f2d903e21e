import { describe, expect, test } from 'vitest'
import { cutPassages } from '../../src/cli/cut-passages.js'
import { wordEmbedder } from '../support/word-embedder.js'

const settings = { chunkTokens: 60, chunkOverlapTokens: 0, signal: new AbortController().signal }
// Counts a token a character.
const embedder = wordEmbedder({ maxTokens: 300 })

describe('cutPassages', () => {
  test('keeps a passage whole that the model reads with its title', async () => {
    const text = '水'.repeat(200)
    expect(await cutPassages([{ id: 'p1', title: '泵', text }], { ...settings, embedder })).toEqual([
      [{ start: 0, end: 200, tokenCount: 204, embedText: `泵\n${text}` }],
    ])
  })

  test('does not repeat a title that is all there is', async () => {
    const [[piece] = []] = await cutPassages([{ id: 'p1', title: '泵', text: '泵' }], { ...settings, embedder })
    expect(piece?.embedText).toBe('泵')
  })

  test('cuts a longer one into pieces that cover it, each short enough', async () => {
    const text = Array.from({ length: 40 }, (_, index) => `第 ${index} 句话说的是水泵。`).join('')
    const passages = [
      { id: 'p1', title: '泵', text },
      { id: 'p2', title: '', text: 'short' },
    ]
    const [pieces = [], short] = await cutPassages(passages, { ...settings, embedder })
    expect(pieces.length).toBeGreaterThan(3)
    expect(pieces.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
    for (const { tokenCount, embedText } of pieces) {
      expect(tokenCount).toBeLessThanOrEqual(300)
      expect(embedText.startsWith('泵\n')).toBe(true)
    }
    expect(short).toEqual([{ start: 0, end: 5, tokenCount: 7, embedText: 'short' }])
  })
})
