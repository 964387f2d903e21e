import { useCallback, useEffect, useState } from 'preact/hooks'
import type { KnowledgeBase, Problem } from '../src/core/types.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'

const storageKey = 'inkstone.knowledgeBase'

interface KnowledgeBases {
  /** null until they were loaded first. */
  items: KnowledgeBase[] | null
  chosen: KnowledgeBase | null
  problem: Problem | null
  choose(slug: string): void
  refresh(): void
}

/** The knowledge bases and the one chosen: the one of the last visit, else the first that holds documents. */
export function useKnowledgeBases(api: Api): KnowledgeBases {
  const [items, setItems] = useState<KnowledgeBase[] | null>(null)
  const [slug, setSlug] = useState(() => localStorage.getItem(storageKey))
  const [problem, setProblem] = useState<Problem | null>(null)
  const refresh = useCallback(async () => {
    try {
      const found = await api.listKnowledgeBases()
      setItems(found)
      setSlug((current) => settle(found, current))
      setProblem(null)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }, [api])
  useEffect(() => void refresh(), [refresh])
  return {
    items,
    chosen: items?.find((item) => item.slug === slug) ?? null,
    problem,
    choose: (chosenSlug) => {
      localStorage.setItem(storageKey, chosenSlug)
      setSlug(chosenSlug)
    },
    refresh: () => void refresh(),
  }
}

/** Stays with the chosen one as long as it exists: one that just got its first document must not take its place. */
function settle(items: readonly KnowledgeBase[], slug: string | null): string | null {
  const remembered = items.find((item) => item.slug === slug)
  return (remembered ?? items.find((item) => item.documentCount > 0) ?? items[0])?.slug ?? null
}
