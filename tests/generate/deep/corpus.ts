import type { Question } from '../../../src/core/answer.js'
import type { Hit } from '../../../src/core/types.js'
import type { Found } from '../../../src/generate/answer.js'
import { makeChunk } from '../../support/chunks.js'

/** A question that no passage answers by itself: the pump of the line, then the oil of the pump. */
export const question: Question = { text: '三号线的泵用什么润滑油？', history: [], mode: 'deep', topK: 4, filter: {} }
export const lineText = '三号线安装的泵型号为 HCZ65-200A。'
export const oilText = 'HCZ65-200A 使用 L-HM46 润滑油。'

export const passage = (text: string, documentId: string, page = 1): Hit => ({
  rank: 1,
  score: 1,
  signals: { dense: 0.8, lexical: 5, fused: 1, rerank: null },
  chunk: makeChunk({ text, documentId, documentTitle: documentId, page, id: `chk_${documentId}_${page}` }),
})
export const lineHit = passage(lineText, 'layout')
export const oilHit = passage(oilText, 'oils', 7)

export const foundOf = (...hits: Hit[]): Found => ({
  searchedFor: question.text,
  hits: hits.map((hit, index) => ({ ...hit, rank: index + 1 })),
  runnersUp: [],
  candidates: hits,
  passages: [],
  rerankFailed: false,
  missingPhrases: [],
  timings: { embedMs: 1, retrieveMs: 2 },
})
