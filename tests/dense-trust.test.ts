import { describe, expect, test } from 'vitest'
import type { Catalogue } from '../src/core/catalogue.js'
import type { JudgedQuestion } from '../src/core/tuning.js'
import { learnDenseTrust, sharedTrust } from '../src/dense-trust.js'
import { trustValues } from '../src/eval/learn-trust.js'
import { makeChunk } from './support/chunks.js'
import { fixedStore } from './support/fixed-store.js'
import { emptyDocument } from './support/records.js'
import { wordEmbedder } from './support/word-embedder.js'

const document = (id: string) => ({ ...emptyDocument, id, sourceUri: `/shelf/${id}.txt`, revision: 1 })
const entry = (id: string) => ({
  sourceUri: `/shelf/${id}.txt`,
  documentId: id,
  contentHash: '',
  sizeBytes: 1,
  status: 'ready' as const,
  error: null,
  containerId: null,
})
const catalogue: Pick<Catalogue, 'getDocuments' | 'selectDocuments' | 'listSources'> = {
  selectDocuments: async () => null,
  getDocuments: async (ids) => new Map(ids.map((id) => [id, document(id)])),
  listSources: async () => ['right', 'wrong', 'other'].map(entry),
}

const found = (documentId: string, score: number, text = documentId) => ({
  chunk: makeChunk({ id: `chk_${text}`, text, documentId }),
  score,
})

const others = ['a', 'b', 'c', 'd', 'e', 'f']

/** The vectors are sure of the wrong document, the terms less sure of the right one. */
const misled = fixedStore({
  dense: [found('wrong', 0.9), ...others.map((text) => found('other', 0.3, text)), found('right', 0.29)],
  lexical: [found('right', 5), ...others.map((text, at) => found('other', 4.5 - at / 3, text)), found('wrong', 2)],
})

function questionsAbout(document: string, count: number): JudgedQuestion[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    question: `question ${index}`,
    history: [],
    expected: [{ document: `${document}.txt`, page: 1, quote: 'x' }],
    alternatives: [],
  }))
}

async function learn(questions: readonly JudgedQuestion[], store = misled) {
  const events: { done: number; total: number }[] = []
  const lessons = learnDenseTrust(questions, {
    knowledgeBase: { id: 'kb_1', slug: 'law' },
    store,
    embedder: wordEmbedder(),
    catalogue,
  })
  while (true) {
    const next = await lessons.next()
    if (next.done) return { events, ...next.value }
    events.push(next.value)
  }
}

describe('learnDenseTrust', () => {
  test('learns to distrust vectors that mislead, from one search for each question', async () => {
    const questions = questionsAbout('right', 45)
    const { events, trust, queries } = await learn(questions)
    expect(events.at(-1)).toEqual({ stage: 'asking', done: 45, total: 45 })
    expect(trust).toMatchObject({ outcome: 'kept', questions: 45, crossValidated: 1 })
    expect(trust.denseTrust).toBeLessThan(1)
    expect(trust.usual).toBeLessThan(1)
    expect(trust.tried.map(({ denseTrust }) => denseTrust)).toEqual(trustValues)
    expect(queries).toHaveLength(45)
  })

  test('keeps the default where that finds the right one', async () => {
    expect((await learn(questionsAbout('wrong', 45))).trust).toMatchObject({
      outcome: 'no_gain',
      denseTrust: null,
      usual: 1,
    })
  })

  test('does not count questions that nothing answers, nor measure the index with a few', async () => {
    const without = questionsAbout('right', 30).map((question) => ({
      ...question,
      id: `n${question.id}`,
      expected: [],
    }))
    const { trust } = await learn([...without, ...questionsAbout('right', 20)])
    expect(trust).toMatchObject({ outcome: 'few_questions', questions: 20 })
    expect((await learn(questionsAbout('right', 20))).queries).toBeUndefined()
  })

  test('refuses questions about documents that are not there', async () => {
    await expect(learn(questionsAbout('absent', 1))).rejects.toMatchObject({
      code: 'not_found',
      message: 'the knowledge base law does not hold absent.txt',
    })
  })
})

describe('sharedTrust', () => {
  const base = (denseTrust: number | null) => ({ denseTrust })

  test('is what all knowledge bases say', () => {
    expect(sharedTrust([base(0.5), base(0.5)])).toBe(0.5)
    expect(sharedTrust([base(0)])).toBe(0)
  })

  test('is the default when they differ, and when there are none', () => {
    expect(sharedTrust([base(0.5), base(0.25)])).toBeNull()
    expect(sharedTrust([base(0.5), base(null)])).toBeNull()
    expect(sharedTrust([])).toBeNull()
  })
})
