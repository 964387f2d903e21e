import type { Answer, AnswerEvent, Citation } from '../../src/core/answer.js'
import type { AnswerRequest } from '../../src/core/service.js'
import type { Chunk, Hit } from '../../src/core/types.js'

/** A chunk that covers a whole text. */
export function wholeChunk(document: { id: string; knowledgeBaseId: string; title: string }, text: string): Chunk {
  return {
    id: `chk_${document.id.slice(4)}`,
    knowledgeBaseId: document.knowledgeBaseId,
    documentId: document.id,
    revision: 1,
    documentTitle: document.title,
    index: 0,
    text,
    span: { start: 0, end: text.length },
    page: null,
    headingPath: [],
    kind: 'paragraph',
    tableHeader: null,
    tokenCount: text.length,
  }
}

export function hitOf(chunk: Chunk, rank: number): Hit {
  return { rank, score: 1 / rank, signals: { dense: 0.7, lexical: null, fused: 1 / rank, rerank: null }, chunk }
}

/** The events of an answer that quotes its first hit, or of a refusal where there is none. */
export function answerEvents(request: AnswerRequest, hits: Hit[]): AnswerEvent[] {
  const id = 'ans_1'
  const { question } = request
  const searchedFor = [...(request.history ?? []), question].join(' ')
  const usage = { inputTokens: 12, outputTokens: 7 }
  const timings = { embedMs: 1, retrieveMs: 2, generateMs: 3, totalMs: 6 }
  const common = { id, question, searchedFor, hits, usage, timings }
  const opening: AnswerEvent[] = [
    { type: 'answer.started', id, question },
    { type: 'retrieval', searchedFor, hits },
  ]
  const [best] = hits
  if (best === undefined) {
    const refusal = { reason: 'no_match' as const, message: 'the documents hold nothing about it' }
    const answer: Answer = { status: 'abstained', ...common, ...refusal }
    return [...opening, { type: 'refusal', ...refusal }, { type: 'usage', usage }, { type: 'done', answer }]
  }
  const text = `${best.chunk.text} [1]`
  const citation = citationOf(best.chunk, text.length)
  const answer: Answer = {
    status: 'answered',
    ...common,
    text,
    modelId: 'scripted',
    citations: [citation],
    finishReason: 'complete',
    notice: null,
    problem: null,
    inventedMarkers: 0,
  }
  return [
    ...opening,
    { type: 'delta', text: best.chunk.text },
    { type: 'delta', text: ' [1]' },
    { type: 'citation', citation },
    { type: 'notice', code: 'uncited', message: 'this answer was scripted', problem: null },
    { type: 'usage', usage },
    { type: 'done', answer },
  ]
}

function citationOf(chunk: Chunk, answerLength: number): Citation {
  return {
    marker: 1,
    documentId: chunk.documentId,
    documentTitle: chunk.documentTitle,
    chunkId: chunk.id,
    page: chunk.page,
    headingPath: chunk.headingPath,
    quote: chunk.text,
    sourceSpan: chunk.span,
    answerSpan: { start: 0, end: answerLength },
    verified: true,
  }
}
