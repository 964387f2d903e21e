import type { ConversationWithTurns } from '../../src/core/conversation.js'
import { InkstoneError } from '../../src/core/errors.js'
import { newId } from '../../src/core/ids.js'
import type { InkstoneService } from '../../src/core/service.js'

type Conversations = Pick<
  InkstoneService,
  | 'createConversation'
  | 'listConversations'
  | 'getConversation'
  | 'renameConversation'
  | 'deleteConversation'
  | 'exportConversation'
>

/** The part of a service that keeps conversations, in memory. An export is the title, or all of it as JSON. */
export function keptConversations(begun: readonly ConversationWithTurns[] = []): Conversations {
  const kept = begun.map((conversation) => ({ ...conversation }))
  const find = (id: string) => {
    const found = kept.find((conversation) => conversation.id === id)
    if (found === undefined) throw new InkstoneError('conversation_not_found', `there is no conversation "${id}"`)
    return found
  }
  const summaryOf = ({ turns, ...conversation }: ConversationWithTurns) => ({
    ...conversation,
    turnCount: turns.length,
  })
  return {
    async createConversation({ title = '', knowledgeBaseIds } = {}) {
      const now = '2026-11-20T08:00:00.000Z'
      const scope = knowledgeBaseIds ? [...knowledgeBaseIds] : null
      const made = { id: newId('cnv'), title, knowledgeBaseIds: scope, turnCount: 0, createdAt: now, updatedAt: now }
      kept.unshift({ ...made, turns: [] })
      return made
    },
    async listConversations({ limit = 50, cursor = '0' } = {}) {
      const from = Number(cursor)
      const nextCursor = from + limit < kept.length ? String(from + limit) : null
      return { items: kept.slice(from, from + limit).map(summaryOf), nextCursor }
    },
    getConversation: async (id) => ({ ...summaryOf(find(id)), turns: find(id).turns }),
    async renameConversation(id, { title }) {
      find(id).title = title
      return summaryOf(find(id))
    },
    async deleteConversation(id) {
      kept.splice(kept.indexOf(find(id)), 1)
    },
    exportConversation: async (id, format) => (format === 'md' ? `# ${find(id).title}\n` : JSON.stringify(find(id))),
  }
}

/** A conversation of one answered question. */
export function keptConversation(id: string, turns: ConversationWithTurns['turns'] = []): ConversationWithTurns {
  const at = '2026-11-20T08:00:00.000Z'
  const named = { id, title: `对话 ${id}`, knowledgeBaseIds: null }
  return { ...named, turnCount: turns.length, createdAt: at, updatedAt: at, turns }
}
