import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { ModelFailure } from './model-failure.js'

/** The version of node-llama-cpp that is known to work. */
const libraryVersion = '3.22.1'

/** What is used of node-llama-cpp, which is no dependency: 725 MiB, installed by whoever wants it. */
export interface LlamaLibrary {
  getLlama(options: { gpu: 'auto'; build: 'never'; logLevel: 'error'; progressLogs: false }): Promise<Llama>
  LlamaChatSession: new (options: { contextSequence: LlamaSequence; chatWrapper?: LlamaChatWrapper }) => LlamaSession
}

export interface Llama {
  /** The kind of GPU that it found; false: none. */
  gpu: string | false
  loadModel(options: { modelPath: string }): Promise<LlamaModel>
  dispose(): Promise<void>
}

export interface LlamaModel {
  trainContextSize: number
  tokenizer: unknown
  createContext(options: { contextSize: number; threads: number; sequences: 1 }): Promise<{
    contextSize: number
    getSequence(): LlamaSequence
  }>
}

export interface LlamaSequence {
  nextTokenIndex: number
  tokenMeter: { usedOutputTokens: number }
  /** Keeps what it has in common with the tokens, and forgets the rest. */
  adaptStateToTokens(tokens: number[], allowShift: false): Promise<void>
  evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void>
}

/** One entry of a conversation, as node-llama-cpp has it. */
export type LlamaTurn = { type: 'system' | 'user'; text: string } | { type: 'model'; response: string[] }

/** How a model is written to: its chat template. */
export interface LlamaChatWrapper {
  generateContextState(options: { chatHistory: LlamaTurn[] }): {
    contextText: { tokenize(tokenizer: unknown): number[] }
  }
}

export interface LlamaSession {
  chatWrapper: LlamaChatWrapper
  setChatHistory(history: LlamaTurn[]): void
  promptWithMeta(
    text: string,
    options: {
      maxTokens: number
      temperature: number
      repeatPenalty: false
      signal: AbortSignal
      onTextChunk(text: string): void
    },
  ): Promise<{ stopReason: string }>
  dispose(options: { disposeSequence: false }): void
}

const libraryShape = z.custom<LlamaLibrary>(
  (module) =>
    z.object({ getLlama: z.function(), LlamaChatSession: z.function() }).safeParse({ ...Object(module) }).success,
)

/**
 * Loads node-llama-cpp from a `node_modules` of `home` or of a folder above it, else from where Inkstone is installed.
 * @throws ModelFailure `language_model_failed` when it is not there or is of another kind
 */
export async function loadLlamaLibrary(home: string): Promise<LlamaLibrary> {
  const path = findLlamaLibrary(home)
  if (path === null) {
    throw new ModelFailure('language_model_failed', 'node-llama-cpp is not installed, so no model file can be run', {
      kind: 'lasting',
      remedy: installRemedy(home),
    })
  }
  const loaded = libraryShape.safeParse(await import(pathToFileURL(path).href))
  if (loaded.success) return loaded.data
  throw new ModelFailure('language_model_failed', `the node-llama-cpp at ${path} is of another kind than expected`, {
    kind: 'lasting',
    remedy: installRemedy(home),
  })
}

/** Where node-llama-cpp is; null when it is not installed. */
export function findLlamaLibrary(home: string): string | null {
  for (const from of [join(home, 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve('node-llama-cpp')
    } catch {
      // Not there: the next place.
    }
  }
  return null
}

/** How to install it, for people. */
export function installRemedy(home: string): string {
  return `run: npm install --prefix "${home}" node-llama-cpp@${libraryVersion}`
}
