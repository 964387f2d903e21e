import { describe, expect, test } from 'vitest'
import type { KnowledgeBase } from '../../src/core/types.js'
import { everything, scopeOf, settledValue } from '../../web/scope.js'
import { emptyKnowledgeBase } from '../support/records.js'

const knowledgeBase = (slug: string, documentCount: number): KnowledgeBase => ({
  ...emptyKnowledgeBase,
  id: `kb_${slug}`,
  slug,
  name: slug,
  documentCount,
})
const pumps = knowledgeBase('pumps', 3)
const byDefault = knowledgeBase('default', 0)
const sample = knowledgeBase('sample', 20)

describe('scopeOf', () => {
  test('is one knowledge base, whose documents are shown', () => {
    expect(scopeOf([byDefault, pumps, sample], 'pumps')).toEqual({
      value: 'pumps',
      only: pumps,
      shelf: pumps,
      documentCount: 3,
      hasSample: false,
    })
    expect(scopeOf([sample], 'sample')).toMatchObject({ only: sample, hasSample: true })
  })

  test('is all of them, and new files go to the default one', () => {
    expect(scopeOf([pumps, byDefault, sample], everything)).toEqual({
      value: everything,
      only: null,
      shelf: byDefault,
      documentCount: 23,
      hasSample: true,
    })
    expect(scopeOf([pumps, sample], everything)?.shelf).toBe(pumps)
  })

  test.each([
    [[pumps, sample], 'gone'],
    [[pumps, sample], null],
    [[pumps], everything],
    [[], everything],
  ])('is nothing for what is not there', (knowledgeBases, value) => {
    expect(scopeOf(knowledgeBases, value)).toBeNull()
  })
})

describe('settledValue', () => {
  test('stays with what was remembered as long as it is there', () => {
    expect(settledValue([byDefault, sample], 'default')).toBe('default')
    expect(settledValue([byDefault, sample], everything)).toBe(everything)
  })

  test('takes the first that holds documents, else the first, else none', () => {
    expect(settledValue([byDefault, pumps, sample], 'gone')).toBe('pumps')
    expect(settledValue([byDefault], everything)).toBe('default')
    expect(settledValue([], null)).toBeNull()
  })
})
