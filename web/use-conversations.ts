import { useEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '../src/core/conversation.js'
import type { Problem } from '../src/core/job.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { useReturning } from './use-returning.js'

const pageSize = 50

export interface ConversationList {
  /** null until they were loaded. */
  items: Conversation[] | null
  hasMore: boolean
  problem: Problem | null
  refresh(): void
  loadMore(): void
  /** Rejects when it could not be renamed. */
  rename(conversation: Conversation, title: string): Promise<void>
  /** Rejects when it is still there. */
  remove(conversation: Conversation): Promise<void>
}

/** The conversations that the server keeps, those asked in last first; loaded while the panel is open. */
export function useConversations(api: Api, isOpen: boolean): ConversationList {
  const [items, setItems] = useState<Conversation[] | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const newest = useRef(0)

  const load = async (from: string | null) => {
    newest.current += 1
    const call = newest.current
    try {
      const page = await api.listConversations({ limit: pageSize, cursor: from })
      if (call !== newest.current) return
      setItems((before) => (from === null ? page.items : joined(before ?? [], page.items)))
      setCursor(page.nextCursor)
      setProblem(null)
    } catch (error) {
      if (call === newest.current) setProblem(problemOf(error))
    }
  }
  const refresh = () => {
    if (isOpen) void load(null)
  }
  useEffect(refresh, [isOpen])
  useReturning(refresh)

  return {
    items,
    hasMore: cursor !== null,
    problem,
    refresh,
    loadMore: () => void load(cursor),
    async rename({ id }, title) {
      const renamed = await api.renameConversation(id, title)
      setItems((before) => before?.map((item) => (item.id === id ? renamed : item)) ?? null)
    },
    async remove({ id }) {
      await api.deleteConversation(id).catch((error: unknown) => {
        if (problemOf(error).code !== 'conversation_not_found') throw error
      })
      setItems((before) => before?.filter((item) => item.id !== id) ?? null)
    },
  }
}

/** One that was asked in meanwhile may come a second time. */
function joined(before: readonly Conversation[], more: readonly Conversation[]): Conversation[] {
  const known = new Set(before.map(({ id }) => id))
  return [...before, ...more.filter(({ id }) => !known.has(id))]
}
