import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Problem } from '../src/core/job.js'
import type { KnowledgeBase } from '../src/core/types.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { type Scope, scopeOf, settledValue } from './scope.js'
import { useReturning } from './use-returning.js'

const storageKey = 'inkstone.knowledgeBase'
const retryMs = 3000

interface KnowledgeBases {
  /** null until they were loaded first. */
  items: KnowledgeBase[] | null
  scope: Scope | null
  problem: Problem | null
  /** @param value a slug, or `everything` */
  choose(value: string): void
  refresh(): void
}

/**
 * The knowledge bases and what is asked of them. It stays as chosen while it exists: a knowledge base that just got
 * its first document must not take its place.
 */
export function useKnowledgeBases(api: Api): KnowledgeBases {
  const [items, setItems] = useState<KnowledgeBase[] | null>(null)
  const [value, setValue] = useState(() => localStorage.getItem(storageKey))
  const [problem, setProblem] = useState<Problem | null>(null)
  const refresh = useCallback(async () => {
    try {
      const found = await api.listKnowledgeBases()
      setItems(found)
      setValue((current) => settledValue(found, current))
      setProblem(null)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }, [api])
  useEffect(() => void refresh(), [refresh])
  useReturning(() => void refresh())
  const isAway = problem?.code === 'unreachable'
  useEffect(() => {
    if (!isAway) return
    const timer = setInterval(() => void refresh(), retryMs)
    return () => clearInterval(timer)
  }, [isAway, refresh])
  return {
    items,
    scope: scopeOf(items ?? [], value),
    problem,
    choose: (chosen) => {
      localStorage.setItem(storageKey, chosen)
      setValue(chosen)
    },
    refresh: () => void refresh(),
  }
}
