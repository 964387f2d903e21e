import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { llamaModel } from '../../../src/generate/models/llama.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { answerOf } from './scripted-model.js'

const options = { contextTokens: 100, threads: 1, temperature: 0 }

/** A home with a node-llama-cpp of the test's own. */
async function homeWith(source: string | null) {
  const home = await temporaryFolder()
  const modelPath = join(home, 'Small.Q4.gguf')
  await writeFile(modelPath, 'GGUF')
  if (source !== null) {
    const folder = join(home, 'node_modules', 'node-llama-cpp')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"type": "module", "exports": "./index.js"}')
    await writeFile(join(folder, 'index.js'), source)
  }
  return { home, modelPath, ...options }
}

/** Takes a token for each character, and says the text in two pieces; `wait` stands between them. */
const library = (wait: string) => `
  export class LlamaChatSession {
    constructor({ contextSequence }) { this.sequence = contextSequence }
    chatWrapper = { generateContextState: ({ chatHistory }) => ({
      contextText: { tokenize: () => [...chatHistory.map(({ text = '' }) => text).join('|')].map((c) => c.charCodeAt(0)) }
    }) }
    setChatHistory() {}
    async promptWithMeta(text, { signal, onTextChunk, maxTokens }) {
      onTextChunk('8000')
      ${wait}
      signal.throwIfAborted()
      onTextChunk(' h')
      this.sequence.tokenMeter.usedOutputTokens += 2
      return { stopReason: maxTokens === 2 ? 'maxTokens' : 'eogToken' }
    }
    dispose() {}
  }
  const sequence = { nextTokenIndex: 0, tokenMeter: { usedOutputTokens: 5 },
    async adaptStateToTokens() { this.nextTokenIndex = 0 },
    async evaluateWithoutGeneratingNewTokens(tokens) { this.nextTokenIndex += tokens.length } }
  const model = { trainContextSize: 90, createContext: async ({ contextSize }) => ({ contextSize, getSequence: () => sequence }) }
  export const getLlama = async () => ({ gpu: false, loadModel: async () => model, dispose: async () => undefined })
`

async function eventsOf(model: ReturnType<typeof llamaModel>, { content = 'How often?', maxTokens = 10 } = {}) {
  const events = []
  for await (const event of model.stream([{ role: 'user', content }], { maxTokens })) events.push(event)
  return events
}

describe('llamaModel', () => {
  test('says how to get node-llama-cpp when it is missing', async () => {
    const given = await homeWith(null)
    const model = llamaModel(given)
    await expect(answerOf(model)).rejects.toMatchObject({
      code: 'language_model_failed',
      remedy: `run: npm install --prefix "${given.home}" node-llama-cpp@3.22.1`,
    })
    expect(model.modelId).toBe('Small.Q4')
  })

  test('refuses a library of another kind, and a file that is not there', async () => {
    const given = await homeWith('export const getLlama = 3')
    await expect(answerOf(llamaModel(given))).rejects.toThrow('of another kind')
    const missing = llamaModel({ ...given, modelPath: join(given.home, 'none.gguf') })
    await expect(answerOf(missing)).rejects.toMatchObject({
      remedy: expect.stringContaining('INKSTONE_LLM_MODEL_PATH'),
    })
  })

  test('streams the text, how it ended and what it took', async () => {
    const model = llamaModel(await homeWith(library('')))
    expect(await eventsOf(model)).toEqual([
      { type: 'delta', text: '8000' },
      { type: 'delta', text: ' h' },
      { type: 'finish', reason: 'complete' },
      { type: 'usage', usage: { inputTokens: 11, outputTokens: 2 } },
    ])
    expect(await eventsOf(model, { maxTokens: 2 })).toContainEqual({ type: 'finish', reason: 'length' })
    await model.close?.()
  })

  test('refuses a prompt that leaves the answer no room, and says how to make it', async () => {
    const model = llamaModel(await homeWith(library('')))
    await expect(eventsOf(model, { content: 'x'.repeat(85) })).rejects.toMatchObject({
      kind: 'request',
      remedy: expect.stringContaining('INKSTONE_LLM_CONTEXT_TOKENS to at most 90'),
    })
  })

  test('stops at once, even where the model cannot, and starts the next answer when that has ended', async () => {
    const model = llamaModel(await homeWith(library('await new Promise((resolve) => setTimeout(resolve, 2_000))')))
    await eventsOf(model)
    const controller = new AbortController()
    const asking = answerOf(model, { signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    const startedAt = performance.now()
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - startedAt).toBeLessThan(1_500)
    expect(await answerOf(model)).toBe('8000 h')
    expect(performance.now() - startedAt).toBeGreaterThan(1_950)
  })

  test('leaves no failure behind when it is stopped between two words', async () => {
    const model = llamaModel(await homeWith(library('await new Promise((resolve) => setTimeout(resolve, 20))')))
    const controller = new AbortController()
    const reading = async () => {
      for await (const _ of model.stream([{ role: 'user', content: 'x' }], {
        maxTokens: 9,
        signal: controller.signal,
      })) {
        controller.abort()
      }
    }
    await expect(reading()).rejects.toMatchObject({ code: 'cancelled' })
    await model.close?.()
  })
})
