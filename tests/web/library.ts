import type { Answer, AnswerEvent, Citation } from '../../src/core/answer.js'
import type { Document, Hit, KnowledgeBase, PageText } from '../../src/core/types.js'
import { emptyDocument, emptyKnowledgeBase } from '../support/records.js'
import type { AnswerStep, Script } from '../support/scripted-api.js'

const pageTexts = [
  'HCZ65-200 系列化工离心泵维护手册\n\n第一章 概述\n\n本手册适用于输送高温化工介质的卧式离心泵。',
  `第二章 启动\n\n${'操作人员须经培训合格后方可上岗，并佩戴防护用品。\n\n'.repeat(30)}启动前应检查轴承箱油位，油位应在视镜的二分之一处。\n\n随后全开进口阀，关闭出口阀，灌泵排气。`,
  '第三章 故障处理\n\n机械密封泄漏量超过每小时 10 mL 时应停机检查。',
]

const pages: PageText[] = pageTexts.map((text, index) => {
  const start = pageTexts.slice(0, index).reduce((length, before) => length + before.length + 2, 0)
  return { page: index + 1, span: { start, end: start + text.length }, text }
})

const documentText = pageTexts.join('\n\n')

export const manual: Document = {
  ...emptyDocument,
  id: 'doc_manual',
  sourceUri: 'docs/维护手册.pdf',
  title: 'HCZ65-200 系列维护手册',
  mediaType: 'application/pdf',
  contentHash: '0'.repeat(64),
  sizeBytes: 482_113,
  revision: 1,
  status: 'ready',
  pageCount: 3,
  chunkCount: 14,
}

export const lockedFile: Document = {
  ...manual,
  id: 'doc_locked',
  sourceUri: 'docs/locked.pdf',
  title: '加密的合同.pdf',
  revision: 0,
  status: 'failed',
  chunkCount: 0,
  pageCount: null,
  error: { code: 'password_required', message: 'the PDF is encrypted' },
}

/** Read in part: a scan of which one page could not be recognised. */
export const scan: Document = {
  ...manual,
  id: 'doc_scan',
  sourceUri: 'docs/验收单.pdf',
  title: '设备验收单扫描件',
  tableCount: 2,
  ocrCount: 7,
  losses: [{ kind: 'page', count: 1, pages: [5], reason: 'no text was recognised in it' }],
}

const sample: KnowledgeBase = { ...emptyKnowledgeBase, slug: 'sample', name: '示例知识库', documentCount: 3 }

function hit(rank: number, quote: string, page: number): Hit {
  const start = documentText.indexOf(quote)
  const signals = {
    dense: 0.71 - rank / 50,
    lexical: rank === 2 ? null : 12.4 - rank,
    fused: 0.93 - rank / 20,
    rerank: null,
  }
  return {
    rank,
    score: signals.fused,
    signals,
    chunk: {
      id: `chk_${rank}`,
      knowledgeBaseId: 'kb_1',
      documentId: manual.id,
      revision: 1,
      documentTitle: manual.title,
      index: rank,
      text: quote,
      span: { start, end: start + quote.length },
      page,
      headingPath: [['第一章 概述', '第二章 启动', '第三章 故障处理'][page - 1] ?? ''],
      kind: 'paragraph',
      tableHeader: null,
      tokenCount: 40,
    },
  }
}

function citation(marker: number, from: Hit, verified: boolean): Citation {
  return {
    marker,
    documentId: from.chunk.documentId,
    documentTitle: from.chunk.documentTitle,
    chunkId: from.chunk.id,
    page: from.chunk.page,
    headingPath: from.chunk.headingPath,
    quote: from.chunk.text,
    sourceSpan: from.chunk.span,
    answerSpan: { start: 0, end: 1 },
    verified,
  }
}

export const oilQuote = '启动前应检查轴承箱油位，油位应在视镜的二分之一处。'
export const valveQuote = '随后全开进口阀，关闭出口阀，灌泵排气。'
export const sealQuote = '机械密封泄漏量超过每小时 10 mL 时应停机检查。'

const hits = [hit(1, oilQuote, 2), hit(2, valveQuote, 2), hit(3, sealQuote, 3), hit(4, pageTexts[0] ?? '', 1)]
const citations = hits.slice(0, 2).map((source, index) => citation(index + 1, source, index === 0))

const base = (question: string) => ({
  id: 'ans_1',
  question,
  searchedFor: question,
  hits,
  usage: { inputTokens: 812, outputTokens: 96 },
  timings: { embedMs: 4, retrieveMs: 11, generateMs: 900, totalMs: 1234 },
})

const cutOff = { finishReason: 'cut_off', notice: '语言模型中途断开。', problem: null, inventedMarkers: 0 } as const
const whole = { finishReason: 'complete', problem: null, inventedMarkers: 0 } as const

function answerOf(question: string, text: string, notice: string | null = null): Answer {
  return { ...base(question), status: 'answered', text, modelId: 'extractive', citations, ...whole, notice }
}

const started = (question: string): AnswerEvent[] => [
  { type: 'answer.started', id: 'ans_1', question },
  { type: 'retrieval', searchedFor: question, hits },
]

export const startQuestion = '离心泵启动前要检查什么？'
const startText =
  '启动前分两步：\n\n1. **检查轴承箱油位**，应在视镜的二分之一处[1]。\n2. 全开进口阀、关闭出口阀，灌泵排气[2]。'

export const hostileText =
  '<script>document.title="pwned"</script>\n\n<img src="https://evil.example/x.png" onerror="document.title=\'pwned\'">\n\n![plan](https://evil.example/y.png) [go](javascript:document.title="pwned") 完[1]'

function answers(): Record<string, AnswerStep[]> {
  const refusal = { reason: 'low_confidence', message: '资料中没有提到出口关税。' } as const
  return {
    [startQuestion]: [
      ...started(startQuestion),
      { gate: 'text' },
      { type: 'delta', text: startText.slice(0, 20) },
      { type: 'delta', text: startText.slice(20, startText.indexOf('全开')) },
      { gate: 'citations' },
      ...citations.slice(0, 1).map((cited): AnswerEvent => ({ type: 'citation', citation: cited })),
      { gate: 'rest' },
      { type: 'delta', text: startText.slice(startText.indexOf('全开')) },
      ...citations.slice(1).map((cited): AnswerEvent => ({ type: 'citation', citation: cited })),
      { type: 'usage', usage: { inputTokens: 812, outputTokens: 96 } },
      { type: 'done', answer: answerOf(startQuestion, startText) },
    ],
    那之后呢: [
      { type: 'retrieval', searchedFor: '离心泵启动前检查之后要做什么', hits },
      { type: 'notice', code: 'model_failed', message: '语言模型无法连接，以下为原文摘录。', problem: null },
      { type: 'delta', text: '灌泵排气[2]。' },
      { type: 'done', answer: answerOf('那之后呢', '灌泵排气[2]。') },
    ],
    多久换油: [
      ...started('多久换油'),
      { type: 'delta', text: '每运行' },
      { type: 'notice', code: 'cut_off', message: '语言模型中途断开。', problem: null },
      {
        type: 'done',
        answer: { ...base('多久换油'), status: 'answered', text: '每运行', modelId: 'qwen', citations: [], ...cutOff },
      },
    ],
    出口关税是多少: [
      ...started('出口关税是多少'),
      { type: 'refusal', ...refusal },
      { type: 'done', answer: { ...base('出口关税是多少'), status: 'abstained', ...refusal } },
    ],
    hostile: [
      ...started('hostile'),
      { type: 'delta', text: hostileText },
      { type: 'done', answer: answerOf('hostile', hostileText) },
    ],
    慢: [...started('慢'), { type: 'delta', text: '正在' }, { gate: 'never' }],
    断线: [...started('断线'), { type: 'delta', text: '说到一半' }, { gate: 'cut' }, 'cut'],
    出错: [{ error: { code: 'language_model_failed', detail: '模型返回了错误' } }],
  }
}

/** Everything that the scripted server plays to the page. */
export function library(webRoot: string): Script {
  return {
    webRoot,
    knowledgeBases: [sample, { ...sample, id: 'kb_2', slug: 'default', name: '默认知识库', documentCount: 0 }],
    documents: [manual, lockedFile, scan],
    pages: { [manual.id]: pages },
    answers: answers(),
    jobs: {
      '说明书.pdf': [
        { status: 'running', stage: 'parsing', progress: 0.4 },
        { gate: 'embed' },
        { stage: 'embedding', progress: 0.5 },
        { gate: 'finish' },
        { status: 'done', stage: 'done', progress: 1 },
      ],
      'locked.pdf': [
        { status: 'failed', stage: 'failed', error: { code: 'password_required', message: 'the PDF is encrypted' } },
      ],
    },
  }
}
