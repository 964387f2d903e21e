import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ChatEvent, ChatMessage, ChatModel } from '../../core/ports.js'
import { untilStopped } from '../until-stopped.js'
import { linkedSignal } from './linked-signal.js'
import {
  type Llama,
  type LlamaModel,
  type LlamaSequence,
  type LlamaSession,
  type LlamaTurn,
  loadLlamaLibrary,
} from './llama-library.js'
import { ModelFailure, stopReason } from './model-failure.js'
import { pushedItems } from './pushed-items.js'
import { readPrompt } from './read-prompt.js'

export interface LlamaModelOptions {
  /** A GGUF file. */
  modelPath: string
  /** Where node-llama-cpp is looked for first. */
  home: string
  /** Room for prompt and answer; the model's own limit where that is lower. */
  contextTokens: number
  threads: number
  temperature: number
}

/**
 * A model file run in this process by node-llama-cpp, on the GPU where there is one. It is loaded at the first question
 * and answers one at a time: `guardedModel` with a concurrency of 1 belongs around it.
 * @throws ModelFailure `language_model_failed` when node-llama-cpp or the file is missing or cannot be used
 */
export function llamaModel(options: LlamaModelOptions): ChatModel {
  let loading: Promise<LoadedModel> | null = null
  /** Until the answer before has really ended: its last step cannot be interrupted. */
  let before: Promise<unknown> = Promise.resolve()
  return {
    modelId: basename(options.modelPath).replace(/\.gguf$/i, ''),
    async *stream(messages, { maxTokens, temperature = options.temperature, signal }) {
      const link = linkedSignal(signal)
      try {
        loading ??= load(options).catch((error: unknown) => {
          // What is missing may be there at the next question.
          loading = null
          throw error
        })
        const loaded = await untilStopped(loading, link.signal)
        await untilStopped(before, link.signal)
        const events = pushedItems<ChatEvent>()
        const writing = write(loaded, messages, { maxTokens, temperature, signal: link.signal, push: events.push })
        before = writing.catch(() => undefined)
        writing.then(events.end, events.fail)
        yield* untilStoppedEach(events.items, link.signal)
      } catch (error) {
        throw link.signal.aborted ? stopReason(link.signal, error) : failed(options, error)
      } finally {
        link.abort()
        link.release()
      }
    },
    async close() {
      await before
      const loaded = await loading?.catch(() => null)
      await loaded?.llama.dispose()
    },
  }
}

interface LoadedModel {
  llama: Llama
  model: LlamaModel
  sequence: LlamaSequence
  contextSize: number
  openSession(): LlamaSession
}

async function load({ modelPath, home, contextTokens, threads }: LlamaModelOptions): Promise<LoadedModel> {
  await access(modelPath)
  const { getLlama, LlamaChatSession } = await loadLlamaLibrary(home)
  const llama = await getLlama({ gpu: 'auto', build: 'never', logLevel: 'error', progressLogs: false })
  const model = await llama.loadModel({ modelPath })
  const contextSize = Math.min(contextTokens, model.trainContextSize)
  const context = await model.createContext({ contextSize, threads, sequences: 1 })
  const sequence = context.getSequence()
  // To find it out keeps this process from everything else for a third of a second, so it is done once.
  const first = new LlamaChatSession({ contextSequence: sequence })
  const { chatWrapper } = first
  first.dispose({ disposeSequence: false })
  const openSession = () => new LlamaChatSession({ contextSequence: sequence, chatWrapper })
  return { llama, model, sequence, contextSize: context.contextSize, openSession }
}

interface WriteOptions {
  maxTokens: number
  temperature: number
  signal: AbortSignal
  push: (event: ChatEvent) => void
}

async function write(
  { model, sequence, contextSize, openSession }: LoadedModel,
  messages: readonly ChatMessage[],
  { maxTokens, temperature, signal, push }: WriteOptions,
): Promise<void> {
  const session = openSession()
  try {
    const history = messages.slice(0, -1).map(turnOf)
    const question = messages.at(-1)?.content ?? ''
    const whole: LlamaTurn[] = [...history, { type: 'user', text: question }, { type: 'model', response: [] }]
    const tokens = session.chatWrapper
      .generateContextState({ chatHistory: whole })
      .contextText.tokenize(model.tokenizer)
    if (tokens.length + maxTokens > contextSize) throw tooLong(tokens.length, { maxTokens, contextSize })
    const usedBefore = sequence.tokenMeter.usedOutputTokens
    await readPrompt(sequence, tokens, { signal })
    session.setChatHistory(history)
    const { stopReason } = await session.promptWithMeta(question, {
      maxTokens,
      temperature,
      repeatPenalty: false,
      signal,
      onTextChunk: (text) => push({ type: 'delta', text }),
    })
    push({ type: 'finish', reason: stopReason === 'maxTokens' ? 'length' : 'complete' })
    const outputTokens = sequence.tokenMeter.usedOutputTokens - usedBefore
    push({ type: 'usage', usage: { inputTokens: tokens.length, outputTokens } })
  } finally {
    session.dispose({ disposeSequence: false })
  }
}

function turnOf({ role, content }: ChatMessage): LlamaTurn {
  return role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content }
}

async function* untilStoppedEach<T>(items: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  for (;;) {
    const { done, value } = await untilStopped(items.next(), signal)
    if (done) return
    yield value
  }
}

function failed({ modelPath }: LlamaModelOptions, error: unknown): Error {
  if (error instanceof ModelFailure) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new ModelFailure('language_model_failed', `the model file ${modelPath} cannot be used: ${reason}`, {
    kind: 'lasting',
    remedy: 'check INKSTONE_LLM_MODEL_PATH; it takes a chat model as one GGUF file',
    cause: error,
  })
}

function tooLong(tokens: number, { maxTokens, contextSize }: { maxTokens: number; contextSize: number }): ModelFailure {
  const message = `the prompt has ${tokens} tokens; with ${maxTokens} for the answer that is more than the ${contextSize} of the model`
  return new ModelFailure('language_model_failed', message, {
    kind: 'request',
    remedy: `set INKSTONE_LLM_CONTEXT_TOKENS to at most ${contextSize}, or lower INKSTONE_LLM_MAX_TOKENS`,
  })
}
