import type { AnswerRecord } from '../../core/answer-record.js'
import type { Conversation } from '../../core/conversation.js'
import type { Terminal } from '../terminal.js'
import { momentText, recordLines } from './answer-record.js'
import { snippet } from './passage.js'

const titleShown = 60

/** A table of conversations, its header first. */
export function conversationRows(items: readonly Conversation[]): string[][] {
  const rows = items.map(({ id, updatedAt, turnCount, title }) => [
    id,
    momentText(updatedAt),
    String(turnCount),
    title === '' ? '–' : snippet(title, titleShown),
  ])
  return [['ID', 'LAST ASKED (UTC)', 'ANSWERS', 'TITLE'], ...rows]
}

/** One question of a conversation with its answer. */
export function turnLines(turn: AnswerRecord, paint: Terminal['paint']): string[] {
  return ['', ...recordLines(turn, paint)]
}
