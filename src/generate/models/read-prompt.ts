import { setImmediate } from 'node:timers/promises'
import type { LlamaSequence } from './llama-library.js'

export interface ReadPromptOptions {
  signal: AbortSignal
  /** What one step should take: no step can be interrupted. */
  stepMs?: number
  /** Milliseconds of a clock. */
  now?: () => number
}

/**
 * Steps of 16 tokens take a quarter more of the processor than one of 128, steps of 8 twice as much (SmolLM2-135M, one
 * core). So a machine that needs longer than `stepMs` for these stops later than that.
 */
const shortestStepTokens = 10
const longestStepTokens = 512

/**
 * Reads a prompt into a model in steps that are as long as the machine allows, all but its last token, from which the
 * answer goes on. node-llama-cpp would read it in one go, for as long as that takes, whatever the signal says. What the
 * model still knows of the prompt before is not read again.
 * @throws the signal's reason
 */
export async function readPrompt(
  sequence: LlamaSequence,
  tokens: number[],
  { signal, stepMs = 100, now = () => performance.now() }: ReadPromptOptions,
): Promise<void> {
  await sequence.adaptStateToTokens(tokens, false)
  let step = shortestStepTokens
  while (sequence.nextTokenIndex < tokens.length - 1) {
    signal.throwIfAborted()
    const from = sequence.nextTokenIndex
    const startedAt = now()
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(from, Math.min(from + step, tokens.length - 1)))
    const tookMs = Math.max(now() - startedAt, 1)
    step = Math.round(Math.min(longestStepTokens, Math.max(shortestStepTokens, step * Math.min(2, stepMs / tookMs))))
    // Lets requests, and the signal, through.
    await setImmediate()
  }
}
