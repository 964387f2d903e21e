import type { AnswerRecord } from './answer-record.js'

/** Questions and answers that belong together: a follow-up is understood from those before it. */
export interface Conversation {
  id: string
  /** Made from the first question until somebody gives another; empty before. */
  title: string
  /** What its questions are asked of; null: all knowledge bases. */
  knowledgeBaseIds: string[] | null
  turnCount: number
  createdAt: string
  /** When something was last asked in it. */
  updatedAt: string
}

/** A conversation with the newest of its answers, oldest first. */
export interface ConversationWithTurns extends Conversation {
  turns: AnswerRecord[]
}

const longestTitle = 60

/** The title of a conversation that begins with a question: its first line, cut at a word where it is long. */
export function titleOf(question: string): string {
  const line = question.trim().split(/\s*\n/, 1)[0]?.replace(/\s+/g, ' ') ?? ''
  const characters = [...line]
  if (characters.length <= longestTitle) return line
  const cut = characters.slice(0, longestTitle - 1).join('')
  return `${cut.replace(/\s+[\p{Script=Latin}\d]+$/u, '')}…`
}
