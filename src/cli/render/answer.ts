import type { Answer, AnswerEvent } from '../../core/answer.js'
import type { Hit } from '../../core/types.js'
import type { Terminal } from '../terminal.js'
import { citationLines, hitLines } from './passage.js'
import { stepLines } from './step.js'

const nearestShown = 3

/**
 * Writes an answer as it comes: the steps of a deep one, the text, the citations; or the refusal with the nearest
 * passages.
 * @returns the finished answer; null when the stream ended without one
 */
export async function showAnswer(events: AsyncIterable<AnswerEvent>, terminal: Terminal): Promise<Answer | null> {
  let answer: Answer | null = null
  let question = ''
  let isLineOpen = false
  const closeLine = () => {
    if (isLineOpen) terminal.print('')
    isLineOpen = false
  }
  const dim = (line: string) => terminal.paint('dim', line, 'stderr')
  for await (const event of events) {
    if (event.type === 'answer.started') {
      question = event.question
      if (event.conversationId !== undefined) terminal.note(dim(`conversation: ${event.conversationId}`))
    } else if (event.type === 'step') for (const line of stepLines(event.step)) terminal.note(dim(line))
    else if (event.type === 'retrieval' && event.searchedFor !== question) {
      terminal.note(dim(`searched for: ${event.searchedFor}`))
    } else if (event.type === 'delta') {
      terminal.write(event.text)
      isLineOpen = true
    } else if (event.type === 'notice') {
      closeLine()
      terminal.note(terminal.paint('yellow', `note: ${event.message}`, 'stderr'))
    } else if (event.type === 'done') answer = event.answer
  }
  closeLine()
  if (answer?.status === 'answered') showCitations(answer.citations, terminal)
  if (answer?.status === 'abstained') showRefusal(answer.message, answer.hits, terminal)
  return answer
}

function showCitations(citations: Parameters<typeof citationLines>[0][], terminal: Terminal): void {
  for (const citation of citations.toSorted((a, b) => a.marker - b.marker)) {
    terminal.print('')
    for (const line of citationLines(citation, terminal.paint)) terminal.print(line)
  }
}

function showRefusal(message: string, hits: readonly Hit[], terminal: Terminal): void {
  terminal.print(message)
  if (hits.length > 0) terminal.print(`\n${terminal.paint('bold', 'Nearest passages')}`)
  for (const hit of hits.slice(0, nearestShown)) {
    for (const line of hitLines(hit, terminal.paint)) terminal.print(line)
  }
}
