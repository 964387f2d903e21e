import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../src/core/job.js'
import type { Document } from '../src/core/types.js'
import type { Api, DocumentPage } from './api.js'
import { problemOf } from './api-error.js'
import { useReturning } from './use-returning.js'

const pageSize = 50
const refreshMs = 4000

export interface DocumentList {
  /** null until they were loaded first. */
  items: Document[] | null
  hasMore: boolean
  problem: Problem | null
  refresh(): void
  loadMore(): void
  remove(document: Document): Promise<void>
}

/** The documents of a knowledge base, kept fresh while one of them is being read and `watching` is true. */
export function useDocuments(api: Api, knowledgeBase: string | null, watching: boolean): DocumentList {
  const [items, setItems] = useState<Document[] | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const shown = useRef({ knowledgeBase, pages: 1 })
  if (shown.current.knowledgeBase !== knowledgeBase) shown.current = { knowledgeBase, pages: 1 }

  const refresh = useCallback(async () => {
    if (knowledgeBase === null) return
    try {
      const { items: found, nextCursor } = await readPages(api, knowledgeBase, shown.current.pages)
      if (shown.current.knowledgeBase !== knowledgeBase) return
      setItems(found)
      setCursor(nextCursor)
      setProblem(null)
    } catch (error) {
      if (shown.current.knowledgeBase === knowledgeBase) setProblem(problemOf(error))
    }
  }, [api, knowledgeBase])

  useEffect(() => {
    setItems(null)
    setCursor(null)
    if (watching) void refresh()
  }, [refresh, watching])

  useReturning(() => {
    if (watching) void refresh()
  })

  const isReading = items?.some((document) => document.status === 'processing') === true
  useEffect(() => {
    if (!watching || !isReading) return
    const timer = setInterval(() => void refresh(), refreshMs)
    return () => clearInterval(timer)
  }, [watching, isReading, refresh])

  return {
    items,
    hasMore: cursor !== null,
    problem,
    refresh: () => void refresh(),
    loadMore: () => {
      shown.current.pages += 1
      void refresh()
    },
    remove: async (document) => {
      try {
        await api.deleteDocument(document.id)
      } catch (error) {
        // Somebody else was faster.
        if (problemOf(error).code !== 'document_not_found') throw error
      }
      await refresh()
    },
  }
}

async function readPages(api: Api, knowledgeBase: string, pages: number): Promise<DocumentPage> {
  const items: Document[] = []
  let cursor: string | null = null
  for (let page = 0; page < pages; page += 1) {
    const next: DocumentPage = await api.listDocuments(knowledgeBase, { limit: pageSize, cursor })
    items.push(...next.items)
    cursor = next.nextCursor
    if (cursor === null) break
  }
  return { items, nextCursor: cursor }
}
