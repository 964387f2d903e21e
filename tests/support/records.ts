import type { ChunkStoreStats } from '../../src/core/chunk-store.js'
import type { Job } from '../../src/core/job.js'
import type { LearnedTrust, MeasuredAnswerability, TuneEvent } from '../../src/core/tuning.js'
import type { Document, KnowledgeBase } from '../../src/core/types.js'

/** Records with nothing in them, for tests that say only what matters to them. */
export const emptyKnowledgeBase: KnowledgeBase = {
  id: 'kb_1',
  slug: 'default',
  name: 'default',
  createdAt: '2026-01-05T08:00:00.000Z',
  documentCount: 0,
  chunkTokens: null,
  chunkOverlapTokens: null,
  denseTrust: null,
  answerability: null,
  preamble: null,
  glossary: [],
}

export const emptyIndex: ChunkStoreStats = {
  chunks: 2,
  fragments: 1,
  versions: 4,
  unindexedRows: 0,
  sizeBytes: 1_000,
  vectorIndex: null,
}

export const emptyDocument: Document = {
  id: '',
  knowledgeBaseId: 'kb_1',
  sourceUri: '',
  title: '',
  mediaType: 'text/plain',
  contentHash: '',
  sizeBytes: 0,
  revision: 0,
  status: 'processing',
  pageCount: null,
  chunkCount: 0,
  tableCount: 0,
  ocrCount: 0,
  losses: [],
  metadata: {},
  error: null,
  createdAt: '2026-01-05T08:00:00.000Z',
  updatedAt: '2026-01-05T08:00:00.000Z',
}

export const emptyJob: Job = {
  id: '',
  knowledgeBaseId: 'kb_1',
  documentId: '',
  revision: 1,
  contentHash: '',
  sourceUri: '',
  status: 'queued',
  stage: 'queued',
  priority: 'interactive',
  progress: 0,
  pages: null,
  etaSeconds: null,
  notBefore: null,
  documents: { total: 1, done: 0, failed: 0 },
  warnings: [],
  error: null,
  attempts: 0,
  createdAt: '2026-01-05T08:00:00.000Z',
  updatedAt: '2026-01-05T08:00:00.000Z',
}

const step = { partitions: 5, candidates: 100, recall: 0.985, p50Ms: 2.5 }

/** What was learned from golden questions. */
export const learnedTrust: LearnedTrust = {
  outcome: 'kept',
  denseTrust: 0.25,
  best: 0.25,
  questions: 60,
  usual: 0.61,
  crossValidated: 0.68,
  gain: { difference: 0.07, low: 0.03, high: 0.11, p: 0.001 },
  tried: [
    { denseTrust: 0.25, ndcg: 0.69 },
    { denseTrust: 1, ndcg: 0.61 },
  ],
}

/** When to refuse, as learned from golden questions. */
export const learnedAnswerability: MeasuredAnswerability = {
  outcome: 'kept',
  model: {
    bias: -4,
    weights: { cosine: 6, coverage: 3, foreign: -9, kindOffered: 1, kindMissing: -1, nameMissing: -2 },
    least: 0.4,
  },
  answerable: 80,
  unanswerable: 25,
  usual: { falseRefusals: 0.1, rightRefusals: 0.6 },
  crossValidated: { falseRefusals: 0.05, rightRefusals: 0.88 },
  gain: { difference: 0.165, low: 0.06, high: 0.27, p: 0.002 },
}

/** What a measurement of a vector index tells. */
export const tuneEvents: TuneEvent[] = [
  { stage: 'comparing', done: 1, total: 1 },
  { stage: 'measured', step },
  {
    stage: 'done',
    tuned: {
      chosen: step,
      steps: [step],
      target: 0.98,
      queries: 1,
      measuredWith: 'own vectors',
      measuredAt: '2026-01-05T08:00:00.000Z',
    },
  },
]
