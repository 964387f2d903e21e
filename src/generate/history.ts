import type { Question } from '../core/answer.js'
import { fence } from './fence.js'
import { estimateTokens } from './prompt.js'

/** Of an earlier answer only the beginning is told: what it rests on is searched for anew. */
const longestReply = 400

/**
 * What was said before in a conversation, oldest first and each part fenced as data: the user's questions, and the
 * beginnings of what was answered. The newest is kept, as far as it fits; a question whose answer does not is told alone.
 * @param budgetTokens room for all of it, by `estimateTokens`
 */
export function fencedHistory(
  { history, replies = [] }: { history: readonly string[]; replies?: Question['replies'] },
  { budgetTokens }: { budgetTokens: number },
): string {
  const kept: string[] = []
  let room = budgetTokens
  for (let at = history.length - 1; at >= 0; at--) {
    const asked = fence('earlier-question', {}, history[at] ?? '')
    const reply = shortened(replies[at] ?? '')
    const whole = reply === '' ? asked : `${asked}\n${fence('earlier-answer', {}, reply)}`
    const fitting = [whole, asked].find((text) => costOf(text) <= room)
    if (fitting === undefined) break
    room -= costOf(fitting)
    kept.unshift(fitting)
  }
  return kept.join('\n')
}

/** With the line break before it. */
const costOf = (text: string) => estimateTokens(text) + 1

/** Without its markers: they number passages that are not there any more. */
function shortened(reply: string): string {
  const text = reply
    .replace(/\s*\[\d{1,3}\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = [...text]
  return characters.length <= longestReply ? text : `${characters.slice(0, longestReply).join('')}…`
}
