import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPrompt } from '../../../src/generate/models/read-prompt.js'

const never = new AbortController().signal

/** A model that takes the same time for each token, on a clock of its own. */
function slowSequence({ msPerToken, known = [] }: { msPerToken: number; known?: number[] }) {
  const state = { read: [] as number[], clock: 0, steps: [] as number[] }
  return {
    ...state,
    get nextTokenIndex() {
      return state.read.length
    },
    tokenMeter: { usedOutputTokens: 0 },
    async adaptStateToTokens(tokens: number[]) {
      const differs = tokens.findIndex((token, index) => token !== known[index])
      state.read = tokens.slice(0, differs < 0 ? tokens.length : differs)
    },
    async evaluateWithoutGeneratingNewTokens(tokens: number[]) {
      state.read.push(...tokens)
      state.steps.push(tokens.length)
      state.clock += tokens.length * msPerToken
    },
    readSoFar: () => state.read,
    stepsSoFar: () => state.steps,
    now: () => state.clock,
  }
}

describe('readPrompt', () => {
  test('reads all but the last token, each once and in order, at any speed', async () => {
    const prompts = fc.array(fc.nat(9), { minLength: 1, maxLength: 600 })
    await fc.assert(
      fc.asyncProperty(prompts, fc.integer({ min: 0, max: 100 }), async (tokens, msPerToken) => {
        const sequence = slowSequence({ msPerToken })
        await readPrompt(sequence, tokens, { signal: never, now: sequence.now })
        expect(sequence.readSoFar()).toEqual(tokens.slice(0, -1))
      }),
      { numRuns: 30 },
    )
  })

  test('finds steps of about the length that it should keep', async () => {
    const sequence = slowSequence({ msPerToken: 5 })
    await readPrompt(sequence, Array(500).fill(1), { signal: never, stepMs: 150, now: sequence.now })
    expect(sequence.stepsSoFar().slice(0, 4)).toEqual([10, 20, 30, 30])
  })

  test('reads only what the model does not know yet', async () => {
    const sequence = slowSequence({ msPerToken: 1, known: [1, 2, 3, 9] })
    await readPrompt(sequence, [1, 2, 3, 4, 5, 6], { signal: never, now: sequence.now })
    expect(sequence.stepsSoFar()).toEqual([2])
  })

  test('stops between two steps', async () => {
    const sequence = slowSequence({ msPerToken: 50 })
    const controller = new AbortController()
    // Looked at before and after each step, so this is in the third one.
    let looks = 0
    const now = () => {
      if (++looks === 5) controller.abort()
      return sequence.now()
    }
    const reading = readPrompt(sequence, Array(500).fill(1), { signal: controller.signal, now })
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    expect(sequence.stepsSoFar()).toEqual([10, 10, 10])
  })
})
