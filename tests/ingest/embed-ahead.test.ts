import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Embedder } from '../../src/core/ports.js'
import type { Block, EarlyBlocks } from '../../src/core/types.js'
import { chunkDocument } from '../../src/ingest/chunk/chunk.js'
import { documentText } from '../../src/ingest/chunk/document-text.js'
import { type AheadOptions, embedAhead } from '../../src/ingest/embed-ahead.js'
import { until } from '../support/until.js'

const vectorOf = (text: string) => Float32Array.from(text.slice(0, 40), (character) => character.charCodeAt(0))

/** Notes what it was given. */
function notingEmbedder() {
  const given: string[] = []
  const embed: Embedder['embed'] = async (texts) => {
    given.push(...texts)
    await Promise.resolve()
    return texts.map(vectorOf)
  }
  return { given, embed }
}

const countTokens = async (texts: readonly string[]) => texts.map((text) => text.length)
const page = (number: number, text: string): Block => ({ kind: 'paragraph', text, page: number, headingPath: [] })
const early = (...blocks: Block[]): EarlyBlocks => ({ title: 'pump', blocks })

async function textsOf(blocks: readonly Block[], title = 'pump'): Promise<string[]> {
  const chunks = await chunkDocument(await documentText(blocks), { title, countTokens })
  return chunks.map(({ embedText }) => embedText)
}

function open(options: Pick<AheadOptions, 'embedder'> & Partial<AheadOptions>) {
  const ahead = embedAhead({ countTokens, fallbackTitle: 'a.pdf', signal: new AbortController().signal, ...options })
  onTestFinished(ahead.close)
  return ahead
}

describe('embedAhead', () => {
  test('embeds what is likely to come, and not a second time when it does', async () => {
    const { given, embed } = notingEmbedder()
    const ahead = open({ embedder: { embed } })
    const pages = [page(1, 'The pump is started.'), page(2, 'The valve is opened.'), page(3, 'The motor stands.')]
    ahead.take(early(...pages.slice(0, 1)))
    ahead.take(early(...pages.slice(1, 2)))
    await until(() => given.length === 2)
    const texts = await textsOf(pages)
    expect(await ahead.embed(texts, { task: 'document' })).toEqual(texts.map(vectorOf))
    expect(given).toEqual(texts)
  })

  test('takes the name of the file for a document without a title', async () => {
    const { given, embed } = notingEmbedder()
    const ahead = open({ embedder: { embed } })
    ahead.take({ title: null, blocks: [page(1, 'The pump is started.')] })
    await until(() => given.length === 1)
    expect(given).toEqual(await textsOf([page(1, 'The pump is started.')], 'a.pdf'))
  })

  test('gives the vectors of the texts that are asked for, whatever went ahead', async () => {
    const words = fc.constantFrom('pump', 'valve', 'motor', 'seal')
    await fc.assert(
      fc.asyncProperty(fc.array(words), fc.array(fc.array(words), { maxLength: 4 }), async (guessed, asked) => {
        const { embed } = notingEmbedder()
        const ahead = open({ embedder: { embed } })
        ahead.take(early(...guessed.map((word, index) => page(index + 1, word))))
        for (const batch of asked) {
          const texts = batch.map((word) => `pump\n${word}`)
          expect(await ahead.embed(texts, { task: 'document' })).toEqual(texts.map(vectorOf))
        }
      }),
      { numRuns: 50 },
    )
  })

  test('begins with nothing more once it is asked', async () => {
    const { given, embed } = notingEmbedder()
    const ahead = open({ embedder: { embed } })
    await ahead.embed(['asked'], { task: 'document' })
    ahead.take(early(page(1, 'The pump is started.')))
    await ahead.embed(['again'], { task: 'document' })
    expect(given).toEqual(['asked', 'again'])
  })

  test('keeps no more vectors waiting than it may', async () => {
    const { given, embed } = notingEmbedder()
    const ahead = open({ embedder: { embed }, mostWaiting: 40 })
    const pages = Array.from({ length: 200 }, (_, index) => page(index + 1, `The pump ${index} is started.`))
    ahead.take(early(...pages))
    await until(() => given.length >= 40)
    const texts = await textsOf(pages)
    expect(await ahead.embed(texts, { task: 'document' })).toEqual(texts.map(vectorOf))
    expect(given).toHaveLength(texts.length)
  })

  test('lets a failure be heard where its text is asked for, and nowhere else', async () => {
    const embed: Embedder['embed'] = async (texts) => {
      if (texts.some((text) => text.includes('broken'))) throw new Error('no')
      return texts.map(vectorOf)
    }
    const ahead = open({ embedder: { embed } })
    ahead.take(early(page(1, 'broken')))
    expect(await ahead.embed(['pump\nsound'], { task: 'document' })).toEqual([vectorOf('pump\nsound')])
    await expect(ahead.embed(['pump\nbroken'], { task: 'document' })).rejects.toThrow('no')
  })

  test('breaks off what is under way when it is closed', async () => {
    const signals: (AbortSignal | undefined)[] = []
    const embed: Embedder['embed'] = (_, { signal }) => {
      signals.push(signal)
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    }
    const ahead = open({ embedder: { embed } })
    ahead.take(early(page(1, 'The pump is started.')))
    await until(() => signals.length === 1)
    ahead.close()
    expect(signals[0]?.aborted).toBe(true)
  })
})
