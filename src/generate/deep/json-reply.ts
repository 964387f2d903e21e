import type { z } from 'zod'
import type { ChatMessage, ChatModel } from '../../core/ports.js'
import { inert } from '../fence.js'

/** A conversation that is to be answered with JSON. */
export interface JsonRequest<Reply> {
  messages: readonly ChatMessage[]
  schema: z.ZodType<Reply>
  /** Said when the first reply was of no use; what was wrong with it follows. */
  repair: string
}

/**
 * Asks a model for JSON. A reply that cannot be used is asked for once more, with what was wrong with it.
 * @returns null when the second reply is of no use either
 * @throws InkstoneError what the model fails by; `cancelled`
 */
export async function askForJson<Reply>(
  model: ChatModel,
  { messages, schema, repair }: JsonRequest<Reply>,
  options: { maxTokens: number; signal: AbortSignal; mayRepair: () => boolean },
): Promise<Reply | null> {
  const first = readReply(await wordsOf(model, messages, options), schema)
  if (first.reply !== null || !options.mayRepair()) return first.reply
  const again = withLine(messages, `${repair} (${inert(first.problem.slice(0, longestProblem))})`)
  return readReply(await wordsOf(model, again, options), schema).reply
}

const longestProblem = 300

/**
 * Said at the end of what was asked, since some models take no two messages of one party in a row. The model's own words
 * do not go back to it: they may repeat what a document has put there.
 */
function withLine(messages: readonly ChatMessage[], line: string): ChatMessage[] {
  return messages.map((message, index) =>
    index === messages.length - 1 ? { ...message, content: `${message.content}\n${line}` } : message,
  )
}

async function wordsOf(
  model: ChatModel,
  messages: readonly ChatMessage[],
  { maxTokens, signal }: { maxTokens: number; signal: AbortSignal },
): Promise<string> {
  let text = ''
  for await (const event of model.stream(messages, { maxTokens, signal })) {
    if (event.type === 'delta') text += event.text
  }
  return text
}

type Reading<Reply> = { reply: Reply; problem: '' } | { reply: null; problem: string }

function readReply<Reply>(text: string, schema: z.ZodType<Reply>): Reading<Reply> {
  const found = jsonIn(text)
  if (found === undefined) return { reply: null, problem: 'no JSON object' }
  const parsed = schema.safeParse(found)
  if (parsed.success) return { reply: parsed.data, problem: '' }
  const problem = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  return { reply: null, problem }
}

/**
 * The JSON object in a reply: models put it between fences of code, behind what they thought, or into a sentence.
 * @returns undefined when there is none
 */
export function jsonIn(text: string): unknown {
  const said = text.replace(/^[\s\S]*<\/think>/, '')
  const [start, end] = [said.indexOf('{'), said.lastIndexOf('}')]
  if (start < 0 || end < start) return undefined
  try {
    return JSON.parse(said.slice(start, end + 1))
  } catch {
    return undefined
  }
}
