import type {
  AnswerabilityModel,
  AnswerEvent,
  Citation,
  FinishReason,
  NoticeCode,
  PendingDocuments,
  Question,
  RefusalReason,
  Usage,
} from '../core/answer.js'
import type { Catalogue } from '../core/catalogue.js'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import { newId } from '../core/ids.js'
import type { Problem } from '../core/job.js'
import { languageOf } from '../core/language.js'
import type { ChatModel, Embedder } from '../core/ports.js'
import type { Hit, WideHit } from '../core/types.js'
import { citationStream } from './citation-stream.js'
import { citing, show, verifier } from './cited-text.js'
import { answerability, builtInModel, isOutOfScope, leastForLanguageModel } from './confidence.js'
import { gatherEvidence } from './evidence.js'
import { extractAnswer } from './extractive.js'
import { messages, pendingText } from './messages.js'
import { buildPrompt, type Guidance } from './prompt.js'
import { type RankedExtract, rankExtracts } from './rank-extracts.js'
import type { Templates } from './templates.js'
import { isModelFailure, type Transcript, transcribe } from './transcript.js'

/** What the answer is made from: what was found, and how long that took. */
export interface Found {
  searchedFor: string
  hits: Hit[]
  /** The next best: not shown and not handed to a language model, but quotes may come from them. */
  runnersUp: readonly Hit[]
  candidates: Hit[]
  /** What a language model reads: the hits with the text around them, best first. */
  passages: readonly WideHit[]
  /** The reranking model that is configured could not be used. */
  rerankFailed: boolean
  /** Quoted phrases that no passage holds together; mostly empty. */
  missingPhrases: readonly string[]
  timings: { embedMs: number; retrieveMs: number }
}

export interface AnswerParts {
  /** Null when no language model is configured: answers are then quotes. */
  chatModel: ChatModel | null
  embedder: Embedder
  catalogue: Pick<Catalogue, 'getPages' | 'getDocuments'>
  /** Documents that are still being read and may hold the answer; the names are those of the first ones. */
  pending: PendingDocuments
  /** What the knowledge base has learned from golden questions; null: the built-in one. */
  answerabilityModel?: AnswerabilityModel | null
  llmMaxTokens: number
  llmContextTokens: number
  /** The instructions for the language model; the built-in ones when left out. */
  templates?: Templates
  /** What the owners of the knowledge bases tell it. */
  guidance?: readonly Guidance[]
  signal?: AbortSignal
}

export const extractiveModelId = 'extractive'

interface Written {
  text: string
  modelId: string
  citations: Citation[]
  usage: Usage
  finishReason: FinishReason
  notice: string | null
  problem: Problem | null
  inventedMarkers: number
}

export type Notice = Extract<AnswerEvent, { type: 'notice' }>

/**
 * hits ─ prompt ─ stream ─ cite ─ verify. Yields the sources, then the text with each citation as soon as its statement has
 * ended, then the whole answer; or a refusal when the passages do not carry an answer. A language model that fails is replaced by quotes, with a
 * notice; what it had written before it broke off is kept and marked.
 * @throws InkstoneError `language_model_busy`, `cancelled`
 */
export async function* answer(question: Question, found: Found, parts: AnswerParts): AsyncIterable<AnswerEvent> {
  const id = newId('ans')
  const started = performance.now()
  const { hits, searchedFor } = found
  yield { type: 'answer.started', id, question: question.text }
  yield { type: 'retrieval', searchedFor, hits }
  const base = () => {
    const generateMs = performance.now() - started
    const totalMs = generateMs + found.timings.embedMs + found.timings.retrieveMs
    return { id, question: question.text, searchedFor, hits, timings: { ...found.timings, generateMs, totalMs } }
  }
  const ofSearch = searchNotices(found, question)
  yield* ofSearch
  const extracts = await rankExtracts(searchedFor, found, parts)
  const doubt = await reasonToRefuse({ question, found, extracts }, parts)
  const mayGuess = question.evenIfUnsure === true && extracts.length > 0
  const unsure = doubt !== null && mayGuess ? noticeOf('unsure', question) : null
  if (unsure) yield unsure
  const isRefused = doubt !== null && unsure === null
  const written = isRefused ? null : yield* write({ question, found, extracts, isUnsure: unsure !== null }, parts)
  if (written === null) {
    const refusal = refusalOf(doubt ?? 'low_confidence', question, parts)
    const { reason, message } = refusal
    yield { type: 'refusal', reason, message }
    const usage = { inputTokens: 0, outputTokens: 0 }
    yield { type: 'done', answer: { ...base(), status: 'abstained', ...refusal, usage } }
    return
  }
  const { usage, ...answered } = written
  const notices = [...ofSearch, unsure].map((each) => each?.message)
  const notice = [...notices, written.notice].filter(Boolean).join(' ') || null
  yield { type: 'usage', usage }
  yield { type: 'done', answer: { ...base(), status: 'answered', ...answered, notice, usage } }
}

function searchNotices({ missingPhrases, rerankFailed }: Found, question: Question): Notice[] {
  const codes: NoticeCode[] = []
  if (missingPhrases.length > 0) codes.push('phrases_missing')
  if (rerankFailed) codes.push('not_reranked')
  return codes.map((code) => noticeOf(code, question))
}

async function reasonToRefuse(
  { question, found, extracts }: Omit<Writing, 'isUnsure'>,
  parts: AnswerParts,
): Promise<RefusalReason | null> {
  if (found.hits.length === 0) return 'no_match'
  // What a deep answer takes stands in several passages, and a model has judged each of them.
  if (parts.chatModel && question.mode === 'deep') return null
  const evidence = await gatherEvidence(found.searchedFor, { ...found, extracts }, parts)
  const model = parts.answerabilityModel ?? builtInModel
  const least = parts.chatModel ? leastForLanguageModel(model) : model.least
  if (answerability(evidence, model) >= least) return null
  return isOutOfScope(evidence) ? 'out_of_scope' : 'low_confidence'
}

function refusalOf(doubt: RefusalReason, question: Question, { pending }: AnswerParts) {
  const language = languageOf(question.text)
  if (pending.count === 0) return { reason: doubt, message: messages[language][doubt] }
  const message = `${messages[language].still_indexing} ${pendingText(pending, language)}`
  return { reason: 'still_indexing' as const, message, pendingDocuments: [...pending.names] }
}

interface Writing {
  question: Question
  found: Found
  extracts: readonly RankedExtract[]
  /** Whether it was said already that the answer is a guess. */
  isUnsure: boolean
}

/** Null: the model, or the lack of any sentence, says that the passages do not hold the answer. */
async function* write(writing: Writing, parts: AnswerParts): AsyncGenerator<AnswerEvent, Written | null> {
  const { question, found } = writing
  if (!parts.chatModel) return yield* quote(writing, parts, null)
  try {
    const written = yield* converse(parts.chatModel, question, found, parts)
    if (written !== null || question.evenIfUnsure !== true || writing.extracts.length === 0) return written
    const unsure = writing.isUnsure ? null : noticeOf('unsure', question)
    if (unsure) yield unsure
    return yield* quote(writing, parts, unsure)
  } catch (thrown) {
    const error = toInkstoneError(thrown)
    if (!isModelFailure(error)) throw error
    const notice = noticeOf('model_failed', question, error)
    yield notice
    return yield* quote(writing, parts, notice)
  }
}

async function* quote(
  { found, extracts }: Writing,
  { catalogue }: AnswerParts,
  notice: Notice | null,
): AsyncGenerator<AnswerEvent, Written | null> {
  const documentsOf = (ids: readonly string[]) => catalogue.getDocuments(ids)
  const extracted = await extractAnswer(found.searchedFor, extracts, { documentsOf })
  if (!extracted) return null
  const citations: Citation[] = []
  yield* show({ text: extracted.text, drafts: extracted.citations }, { verify: verifier(catalogue), citations })
  const usage = { inputTokens: 0, outputTokens: 0 }
  return {
    text: extracted.text,
    modelId: extractiveModelId,
    citations,
    usage,
    finishReason: 'complete',
    notice: notice?.message ?? null,
    problem: notice?.problem ?? null,
    inventedMarkers: 0,
  }
}

async function* converse(
  chatModel: ChatModel,
  question: Question,
  { passages }: Found,
  { catalogue, llmMaxTokens, llmContextTokens, templates, guidance, signal }: AnswerParts,
): AsyncGenerator<AnswerEvent, Written | null> {
  const budgetTokens = llmContextTokens - llmMaxTokens
  const { messages: conversation, cited } = buildPrompt(question.text, passages, {
    history: question.history,
    ...(question.replies ? { replies: question.replies } : {}),
    budgetTokens,
    ...(templates ? { templates } : {}),
    ...(guidance ? { guidance } : {}),
  })
  if (cited.length === 0) {
    throw new InkstoneError('language_model_failed', 'no passage fits its context window', {
      remedy: 'raise INKSTONE_LLM_CONTEXT_TOKENS or lower INKSTONE_LLM_MAX_TOKENS',
    })
  }
  const stream = chatModel.stream(conversation, { maxTokens: llmMaxTokens, ...(signal ? { signal } : {}) })
  const citations: Citation[] = []
  const shown = { verify: verifier(catalogue), citations }
  const binding = citationStream(cited)
  const transcript = yield* citing(transcribe(stream), { binding, ...shown })
  if (transcript === null) return null
  yield* show(binding.end({ isCutOff: transcript.finishReason === 'cut_off' }), shown)
  const notice = noticeFor(transcript, question, { isCited: citations.length > 0 })
  if (notice) yield notice
  return {
    text: binding.text,
    modelId: chatModel.modelId,
    citations,
    usage: transcript.usage,
    finishReason: transcript.finishReason,
    notice: notice?.message ?? null,
    problem: notice?.problem ?? null,
    inventedMarkers: binding.invented,
  }
}

function noticeFor(
  { finishReason, problem }: Transcript,
  question: Question,
  { isCited }: { isCited: boolean },
): Notice | null {
  if (finishReason === 'complete') return isCited ? null : noticeOf('uncited', question)
  const notice = noticeOf(finishReason, question, problem)
  return isCited ? notice : { ...notice, message: `${notice.message} ${noticeOf('uncited', question).message}` }
}

/** A notice in the language of the question. */
export function noticeOf(code: NoticeCode, { text }: Question, problem: InkstoneError | null = null): Notice {
  const said = messages[languageOf(text)][code]
  const message = problem === null ? said : `${said} (${problem.message})`
  return { type: 'notice', code, message, problem: problem?.toProblem() ?? null }
}
