import type { AnswerEvent, Usage } from '../core/answer.js'

/** The events of an answer, what a language model has read and written before it counted in. */
export async function* addUsage(events: AsyncIterable<AnswerEvent>, before: Usage): AsyncGenerator<AnswerEvent> {
  const total = ({ inputTokens, outputTokens }: Usage): Usage => ({
    inputTokens: inputTokens + before.inputTokens,
    outputTokens: outputTokens + before.outputTokens,
  })
  for await (const event of events) {
    if (event.type === 'usage') yield { ...event, usage: total(event.usage) }
    else if (event.type === 'done') yield { ...event, answer: { ...event.answer, usage: total(event.answer.usage) } }
    else yield event
  }
}
