import type { Document, Job, KnowledgeBase } from '../../src/core/types.js'

/** Records with nothing in them, for tests that say only what matters to them. */
export const emptyKnowledgeBase: KnowledgeBase = {
  id: 'kb_1',
  slug: 'default',
  name: 'default',
  createdAt: '2026-01-05T08:00:00.000Z',
  documentCount: 0,
  chunkTokens: null,
  chunkOverlapTokens: null,
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
