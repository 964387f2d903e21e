import type { Answered } from '../../src/core/answer.js'
import type { AnswerTrace, NewAnswerRecord } from '../../src/core/answer-record.js'

export const answeredRecord: Answered = {
  id: 'ans_1',
  question: '机械密封多久更换一次？',
  searchedFor: '机械密封多久更换一次？',
  status: 'answered',
  text: '每运行两千小时更换一次。 [1]',
  modelId: 'extractive',
  citations: [],
  hits: [],
  usage: { inputTokens: 0, outputTokens: 0 },
  timings: { embedMs: 1, retrieveMs: 2, generateMs: 3, totalMs: 6 },
  finishReason: 'complete',
  notice: null,
  problem: null,
  inventedMarkers: 0,
}

/** The trace of an answer that was asked of `knowledgeBaseId` and read `documentIds`. */
export function traceOf(knowledgeBaseId: string, documentIds: readonly string[] = []): AnswerTrace {
  return {
    version: '0.1.0',
    asked: {
      knowledgeBaseIds: [knowledgeBaseId],
      history: [],
      topK: 8,
      maxPerDocument: null,
      filter: {},
      model: null,
      rerankModelId: null,
      embeddingFingerprint: 'words',
    },
    searches: [],
    prompts: [],
    documents: documentIds.map((documentId) => ({
      documentId,
      knowledgeBaseId,
      title: documentId,
      revision: 1,
      contentHash: `hash of ${documentId}`,
    })),
    notices: [],
    problem: null,
    usage: { inputTokens: 0, outputTokens: 0 },
    timings: { embedMs: 1 },
  }
}

/** An answer as it is handed in to be kept. */
export function newAnswerRecord(
  id: string,
  { trace = traceOf('kb_1'), ...rest }: Partial<NewAnswerRecord> = {},
): NewAnswerRecord {
  return {
    id,
    question: answeredRecord.question,
    knowledgeBaseIds: trace.asked.knowledgeBaseIds,
    conversationId: null,
    askedAt: '2026-11-20T08:00:00.000Z',
    status: 'answered',
    modelId: answeredRecord.modelId,
    answer: { ...answeredRecord, id },
    trace,
    ...rest,
  }
}
