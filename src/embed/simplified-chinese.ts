import type { Embedder } from '../core/ports.js'
import { simplified } from '../core/simplified.js'

/**
 * Gives a Chinese model simplified text to read, whatever the text is written in: it was trained on little else, and
 * its vectors of traditional text are worse. Multilingual models, told by their knowing Japanese too, get what is
 * written.
 */
export function inSimplifiedChinese(embedder: Embedder): Embedder {
  const { languages, fingerprint, embed, countTokens } = embedder
  if (!languages.includes('zh') || languages.includes('ja')) return embedder
  return {
    ...embedder,
    fingerprint: `${fingerprint}:simplified`,
    embed: (texts, options) => embed(texts.map(simplified), options),
    countTokens: (texts) => countTokens(texts.map(simplified)),
  }
}
