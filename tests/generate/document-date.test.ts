import { describe, expect, test } from 'vitest'
import type { Metadata } from '../../src/core/types.js'
import { documentDate, withDates } from '../../src/generate/document-date.js'
import { makeChunk } from '../support/chunks.js'
import { emptyDocument } from '../support/records.js'

const dated = (metadata: Metadata) => documentDate({ metadata, updatedAt: '2026-01-05T08:00:00.000Z' })

describe('documentDate', () => {
  test('takes what the document says of itself, as exactly as it says it', () => {
    expect(dated({ Date: '2024-3-1' })).toBe('2024-03-01')
    expect(dated({ 发布日期: '2024年3月' })).toBe('2024-03')
    expect(dated({ date: 2024 })).toBe('2024')
  })

  test('prefers the date of the last revision', () => {
    expect(dated({ published: '2020-01-01', 'revision-date': '2023-05-06T10:00:00Z' })).toBe('2023-05-06')
  })

  test('goes by the last change where there is no date', () => {
    expect(dated({ author: '2024', date: 'last spring' })).toBe('2026-01-05')
  })
})

describe('withDates', () => {
  test('gives each passage the date of its document, and none to one that is gone', async () => {
    const passage = (documentId: string) => {
      const chunk = makeChunk({ text: documentId, documentId })
      const signals = { dense: null, lexical: 1, fused: 1, rerank: null }
      return { rank: 1, score: 1, signals, chunk, parts: [chunk] }
    }
    const getDocuments = async () => new Map([['doc_1', { ...emptyDocument, metadata: { date: '2024-01-02' } }]])
    const passages = await withDates([passage('doc_1'), passage('doc_gone')], { getDocuments })
    expect(passages.map(({ date }) => date)).toEqual(['2024-01-02', undefined])
  })
})
