import type { KnowledgeBase } from '../src/core/types.js'
import { sampleSlug } from './examples.js'

/** Stands for every knowledge base; no slug can be this. */
export const everything = '*'

const defaultSlug = 'default'

/** What questions are asked of: one knowledge base, or all of them. */
export interface Scope {
  /** A slug, or `everything`. */
  value: string
  /** The one that is asked; null when all are. */
  only: KnowledgeBase | null
  /** The one whose documents are listed and that takes new files. */
  shelf: KnowledgeBase
  documentCount: number
  /** Whether the questions that the sample answers can be asked. */
  hasSample: boolean
}

/** The scope of a slug or of `everything`, which needs more than one knowledge base; null when there is none such. */
export function scopeOf(knowledgeBases: readonly KnowledgeBase[], value: string | null): Scope | null {
  if (value === null) return null
  const only = knowledgeBases.find((one) => one.slug === value) ?? null
  if (only !== null) {
    return { value, only, shelf: only, documentCount: only.documentCount, hasSample: only.slug === sampleSlug }
  }
  const shelf = knowledgeBases.find((one) => one.slug === defaultSlug) ?? knowledgeBases[0]
  if (value !== everything || shelf === undefined || knowledgeBases.length === 1) return null
  return {
    value,
    only,
    shelf,
    documentCount: knowledgeBases.reduce((sum, one) => sum + one.documentCount, 0),
    hasSample: knowledgeBases.some((one) => one.slug === sampleSlug),
  }
}

/** The scope remembered as long as it is there, else the first knowledge base that holds documents, else the first. */
export function settledValue(knowledgeBases: readonly KnowledgeBase[], remembered: string | null): string | null {
  if (scopeOf(knowledgeBases, remembered) !== null) return remembered
  return (knowledgeBases.find((one) => one.documentCount > 0) ?? knowledgeBases[0])?.slug ?? null
}
