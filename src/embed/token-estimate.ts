/** `[CLS]` and `[SEP]`, or `<s>` and `</s>`, and the word mark that SentencePiece puts before the first word. */
const specialTokens = 3
/** A longer run of letters, or one with digits in it, is rather a part number, a hash or an address than a word. */
const longestWord = 16

/**
 * Tokens that a model whose tokenizer is not at hand may see in a text, rather too many than too few:
 * a Chinese, Japanese or Korean character counts 1, a word of Latin letters half its UTF-8 bytes, and everything else
 * (digits, punctuation, part numbers, other scripts, emoji) its UTF-8 bytes. BERT and SentencePiece tokenizers stay
 * below that for text in their languages. A byte-level one such as cl100k can take up to a third more for Chinese:
 * leave that much room in `maxTokens`, which is no loss with the 8,000 tokens that such models take.
 */
export function estimateTokens(text: string): number {
  let tokens = specialTokens
  for (const [run] of text.matchAll(/[\p{Script=Latin}\p{M}\p{Nd}]+|\s+|[^\p{Script=Latin}\p{M}\p{Nd}\s]/gu)) {
    tokens += tokensOfRun(run)
  }
  return tokens
}

function tokensOfRun(run: string): number {
  if (/^\s/.test(run)) return whitespaceTokens(run)
  if (/^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u3000-\u303f\uff00-\uffef]$/.test(run)) return 1
  const bytes = Buffer.byteLength(run)
  return /^[\p{Script=Latin}\p{M}]+$/u.test(run) && run.length <= longestWord ? Math.ceil(bytes / 2) : bytes
}

/** A blank belongs to the word after it; line breaks and indents can be tokens of their own. */
function whitespaceTokens(run: string): number {
  return run === ' ' ? 0 : run.length
}
