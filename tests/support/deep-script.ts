import { z } from 'zod'
import type { ChatMessage, ChatModel } from '../../src/core/ports.js'
import { type ChatReply, streamText } from './chat-server.js'

export type DeepCall = 'plan' | 'read' | 'decide' | 'answer'

/** What a model says at each kind of call, one after the other; the last one again and again. */
export type DeepScript<Said> = { [call in DeepCall]: Said | readonly Said[] }

export const planOf = (...subQuestions: string[]) => JSON.stringify({ subQuestions })
export const notesOf = (...notes: [passage: number, note: string][]) =>
  JSON.stringify({ notes: notes.map(([passage, note]) => ({ passage, note })) })
export const enough = JSON.stringify({ enough: true })
export const lacking = (...next: string[]) => JSON.stringify({ enough: false, next })

/** What a model is asked for: the instructions of each step show the JSON that it wants. */
export function callOf(messages: readonly ChatMessage[]): DeepCall {
  const [system = { content: '' }] = messages
  if (system.content.includes('{"subQuestions":')) return 'plan'
  if (system.content.includes('{"notes":')) return 'read'
  return system.content.includes('{"enough":') ? 'decide' : 'answer'
}

function player<Said>(script: DeepScript<Said>): (messages: readonly ChatMessage[]) => Said {
  const played = { plan: 0, read: 0, decide: 0, answer: 0 }
  return (messages) => {
    const call = callOf(messages)
    const all = [script[call]].flat() as Said[]
    const said = all[Math.min(played[call]++, all.length - 1)]
    if (said === undefined) throw new Error(`nothing is scripted for ${call}`)
    return said
  }
}

/** A model in this process that follows a script; an error in it is thrown. */
export function deepModel(
  script: DeepScript<string | Error>,
): ChatModel & { calls: DeepCall[]; seen: (readonly ChatMessage[])[] } {
  const play = player(script)
  const calls: DeepCall[] = []
  const seen: (readonly ChatMessage[])[] = []
  return {
    modelId: 'scripted',
    calls,
    seen,
    async *stream(messages, { signal }) {
      signal?.throwIfAborted()
      calls.push(callOf(messages))
      seen.push(messages)
      const said = play(messages)
      if (said instanceof Error) throw said
      yield { type: 'delta', text: said }
      yield { type: 'usage', usage: { inputTokens: 100, outputTokens: 10 } }
    },
  }
}

const completionSchema = z.object({
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
})

/** The messages of a completion that a server was asked for. */
export const messagesOf = (body: unknown): ChatMessage[] => completionSchema.parse(body).messages

/** The same as the reply of a server. */
export function deepReply(script: DeepScript<string | ChatReply>): ChatReply {
  const play = player(script)
  return (response, request, body) => {
    const said = play(messagesOf(body))
    return typeof said === 'string' ? streamText([said])(response, request, body) : said(response, request, body)
  }
}
