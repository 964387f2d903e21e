import type { AnswerEvent, FinishReason, Usage } from '../core/answer.js'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { ChatEvent } from '../core/ports.js'
import { noAnswerSign } from './templates.js'

type Delta = Extract<AnswerEvent, { type: 'delta' }>

/** What a language model has written. */
export interface Transcript {
  text: string
  usage: Usage
  finishReason: FinishReason
  /** By what it broke off; null when it did not. */
  problem: InkstoneError | null
}

/**
 * Passes a model's words on as they come and keeps them. Until it is clear that they are not the sign for "no answer",
 * nothing of them is shown. A model that breaks off after its first words has written what it has written.
 * @returns null when the model says that it has no answer
 * @throws InkstoneError what the model failed by before anything was shown; `language_model_failed` when it ended
 *   without a word; `language_model_busy`, `cancelled`
 */
export async function* transcribe(events: AsyncIterable<ChatEvent>): AsyncGenerator<Delta, Transcript | null> {
  const transcript: Transcript = {
    text: '',
    usage: { inputTokens: 0, outputTokens: 0 },
    finishReason: 'complete',
    problem: null,
  }
  let shown = 0
  const isSign = () => transcript.text.trim().startsWith(noAnswerSign)
  try {
    for await (const event of events) {
      if (event.type === 'usage') transcript.usage = event.usage
      else if (event.type === 'finish') transcript.finishReason = event.reason
      else transcript.text += event.text
      const { text } = transcript
      if (isSign() || noAnswerSign.startsWith(text.trim())) continue
      if (text.length > shown) yield { type: 'delta', text: text.slice(shown) }
      shown = text.length
    }
  } catch (thrown) {
    const error = toInkstoneError(thrown)
    if (shown === 0 || !isModelFailure(error)) throw error
    return { ...transcript, finishReason: 'cut_off', problem: error }
  }
  if (isSign()) return null
  if (transcript.text.trim() === '') throw wroteNothing(transcript.finishReason)
  if (shown < transcript.text.length) yield { type: 'delta', text: transcript.text.slice(shown) }
  return transcript
}

/** Whether an answer can go on without the language model. One that is merely busy is worth asking again. */
export function isModelFailure({ code }: InkstoneError): boolean {
  return code.startsWith('language_model_') && code !== 'language_model_busy'
}

function wroteNothing(finishReason: FinishReason): InkstoneError {
  return finishReason === 'length'
    ? new InkstoneError('language_model_failed', 'the language model spent its tokens before its first word', {
        remedy: 'raise INKSTONE_LLM_MAX_TOKENS, or use a model that thinks less',
      })
    : new InkstoneError('language_model_failed', 'the language model wrote nothing')
}
