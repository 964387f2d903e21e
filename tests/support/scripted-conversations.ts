import type { ServerResponse } from 'node:http'
import type { AnswerEvent } from '../../src/core/answer.js'
import type { ConversationWithTurns } from '../../src/core/conversation.js'
import { keptConversation } from './kept-conversations.js'

export interface ScriptedConversations {
  /** What to answer a route with: undefined when it is another's, null when there is no such conversation. */
  reply(route: string, body: string): ((response: ServerResponse) => void) | null | undefined
  /** Puts a question into its conversation, or begins one for `new`. Returns what names it in the events. */
  take(question: string, conversationId: string | undefined): ((event: AnswerEvent) => AnswerEvent) | undefined
}

/** The conversations of a scripted server; answers go into them when they are done. */
export function scriptedConversations(begun: readonly ConversationWithTurns[]): ScriptedConversations {
  const kept = begun.map((conversation) => ({ ...conversation, turns: [...conversation.turns] }))
  const json = (status: number, body: unknown) => (response: ServerResponse) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  const summaryOf = ({ turns, ...conversation }: ConversationWithTurns) => ({
    ...conversation,
    turnCount: turns.length,
  })
  const file = (text: string) => (response: ServerResponse) =>
    void response.writeHead(200, { 'Content-Type': 'text/markdown' }).end(text)

  return {
    reply(route, body) {
      if (route === 'GET /v1/conversations') return json(200, { items: kept.map(summaryOf), nextCursor: null })
      const [, method, id, rest] = /^(\w+) \/v1\/conversations\/([^/]+)(.*)$/.exec(route) ?? []
      if (id === undefined) return undefined
      const found = kept.find((conversation) => conversation.id === id)
      if (found === undefined) return null
      if (rest === '/export') return file(`# ${found.title}\n`)
      if (method === 'DELETE') {
        kept.splice(kept.indexOf(found), 1)
        return (response) => void response.writeHead(204).end()
      }
      if (method === 'PATCH') Object.assign(found, JSON.parse(body))
      return json(200, method === 'PATCH' ? summaryOf(found) : { ...found, turnCount: found.turns.length })
    },
    take(question, conversationId) {
      if (conversationId === undefined) return undefined
      const begins = { ...keptConversation(`cnv_${kept.length + 1}`), title: question }
      const conversation = kept.find(({ id }) => id === conversationId) ?? begins
      if (conversation === begins) kept.unshift(begins)
      return (event) => {
        if (event.type === 'done') conversation.turns.push(turnOf(event.answer, conversation))
        return event.type === 'answer.started' ? { ...event, conversationId: conversation.id } : event
      }
    },
  }
}

function turnOf(
  answer: Extract<AnswerEvent, { type: 'done' }>['answer'],
  { id: conversationId, turns, updatedAt: askedAt }: ConversationWithTurns,
): ConversationWithTurns['turns'][number] {
  const { question, status } = answer
  const position = turns.length + 1
  const about = { id: `ans_${conversationId}_${position}`, knowledgeBaseIds: ['kb_1'], modelId: 'extractive' }
  return { ...about, question, conversationId, position, askedAt, status, feedback: null, answer }
}
