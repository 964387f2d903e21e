import { describe, expect, test } from 'vitest'
import { evidenceFingerprint, learnToRefuse, ownAnswerability, sharedAnswerability } from '../src/answerability.js'
import type { OwnAnswerability } from '../src/core/answer.js'
import type { Catalogue } from '../src/core/catalogue.js'
import type { JudgedQuestion } from '../src/core/tuning.js'
import { fewestOfEach } from '../src/eval/learn-answerability.js'
import { builtInModel } from '../src/generate/confidence.js'
import { makeChunk } from './support/chunks.js'
import { fixedStore } from './support/fixed-store.js'
import { emptyDocument } from './support/records.js'
import { wordEmbedder } from './support/word-embedder.js'

const embedder = wordEmbedder()
const own: OwnAnswerability = { ...builtInModel, least: 0.2, fingerprint: evidenceFingerprint(embedder) }
const catalogue: Pick<Catalogue, 'getDocuments' | 'selectDocuments'> = {
  selectDocuments: async () => null,
  getDocuments: async (ids) => new Map(ids.map((id) => [id, { ...emptyDocument, id, revision: 1 }])),
}

/** One sentence of so many words that no question is near to it, though it may hold all of a question's words. */
const subjects = ['pump', 'seal', 'valve', 'bearing', 'grease', 'motor', 'shaft', 'flange', 'gasket', 'rotor']
const fillers = Array.from({ length: 30 }, (_, at) => `filler${at}`)
const chunk = makeChunk({ text: `${[...subjects, ...fillers].join(' ')}.` })
const longWinded = fixedStore({ dense: [{ chunk, score: 0.3 }], lexical: [{ chunk, score: 3 }] })

function questions(answerable: number, unanswerable: number): JudgedQuestion[] {
  const place = { document: 'a.txt', page: null, quote: 'x' }
  return Array.from({ length: answerable + unanswerable }, (_, at) => {
    const about = (step: number) => subjects[(at * step + step) % subjects.length]
    const known = { question: `${about(1)} ${about(3)}`, expected: [place] }
    const unknown = { question: `stranger${at} unheard${at}`, expected: [] }
    return { id: `q${at}`, history: [], alternatives: [], ...(at < answerable ? known : unknown) }
  })
}

async function learn(asked: readonly JudgedQuestion[], { current = null, store = longWinded }: Given = {}) {
  const events: { done: number; total: number }[] = []
  const parts = { stores: [store], embedder, catalogue, reranking: null, topK: 5, current }
  const lessons = learnToRefuse(asked, parts)
  while (true) {
    const next = await lessons.next()
    if (next.done) return { events, learned: next.value }
    events.push(next.value)
  }
}
interface Given {
  current?: OwnAnswerability | null
  store?: typeof longWinded
}

describe('learnToRefuse', () => {
  test('learns to answer what the built-in model refuses, on questions it was not learned from', async () => {
    const { events, learned } = await learn(questions(45, 20))
    expect(events.at(-1)).toEqual({ stage: 'judging', done: 65, total: 65 })
    expect(learned).toMatchObject({
      outcome: 'kept',
      answerable: 45,
      unanswerable: 20,
      usual: { falseRefusals: 1, rightRefusals: 1 },
      crossValidated: { rightRefusals: 1 },
    })
    expect(learned.outcome === 'kept' && learned.crossValidated.falseRefusals).toBeLessThan(0.2)
    expect(learned.model?.weights.coverage).toBeGreaterThan(0)
  })

  test('asks nothing with too few of either kind, and leaves what was learned before', async () => {
    const { answerable, unanswerable } = fewestOfEach
    const fewOthers = await learn(questions(answerable, unanswerable - 1))
    expect(fewOthers).toEqual({
      events: [],
      learned: { outcome: 'few_questions', model: null, answerable, unanswerable: unanswerable - 1 },
    })
    const { fingerprint: _, ...model } = own
    const few = await learn(questions(answerable - 1, unanswerable), { current: own })
    expect(few.learned).toMatchObject({ outcome: 'few_questions', model })
  })

  test('does not count questions for which nothing is found', async () => {
    const { learned } = await learn(questions(45, 20), { store: fixedStore({}) })
    expect(learned).toEqual({ outcome: 'few_questions', model: null, answerable: 0, unanswerable: 0 })
  })
})

describe('ownAnswerability', () => {
  test('notes what gathered the evidence', () => {
    expect(ownAnswerability({ model: builtInModel }, embedder)).toEqual({
      ...builtInModel,
      fingerprint: 'words-256 evidence:2',
    })
    expect(ownAnswerability({ model: null }, embedder)).toBeNull()
  })
})

describe('sharedAnswerability', () => {
  const base = (answerability: OwnAnswerability | null) => ({ answerability })
  const again: OwnAnswerability = { ...own, weights: { ...own.weights } }

  test('is what all knowledge bases have learned', () => {
    expect(sharedAnswerability([base(own)], embedder)).toBe(own)
    expect(sharedAnswerability([base(own), base(again)], embedder)).toBe(own)
  })

  test('is the built-in one when they differ, and when there are none', () => {
    const other = { ...again, weights: { ...again.weights, coverage: 9 } }
    expect(sharedAnswerability([base(own), base(other)], embedder)).toBeNull()
    expect(sharedAnswerability([base(own), base(null)], embedder)).toBeNull()
    expect(sharedAnswerability([base(null), base(own)], embedder)).toBeNull()
    expect(sharedAnswerability([], embedder)).toBeNull()
  })

  test('is the built-in one with an embedding model that it was not learned with', () => {
    expect(sharedAnswerability([base(own)], wordEmbedder({ fingerprint: 'others' }))).toBeNull()
  })
})
