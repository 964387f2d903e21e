import type { Answer, Citation } from '../core/answer.js'
import type { AnswerRecord, AnswerTrace, AskedWith, TracedDocument } from '../core/answer-record.js'
import type {
  AnswerChanges,
  CitationChange,
  CitedPlace,
  DocumentChange,
  HitChange,
  HitPlace,
  SettingChange,
} from '../core/answer-replay.js'
import type { Hit } from '../core/types.js'
import { isRevision, type Pair, pairUp } from './pair.js'
import { compareTexts } from './text-changes.js'

/** An answer and how it came about. */
export interface Traced<Kept> {
  answer: Kept
  trace: AnswerTrace
}

export interface CompareOptions {
  /** The documents of the answer before as they are now; one that is missing is gone. */
  documentsNow: ReadonlyMap<string, { revision: number; contentHash: string }>
}

/** What is another in an answer that was given again. Pure; nothing is looked up. */
export function compareAnswers(
  before: Traced<AnswerRecord['answer']>,
  after: Traced<Answer>,
  { documentsNow }: CompareOptions,
): AnswerChanges {
  const text = compareTexts(textOf(before.answer), textOf(after.answer))
  const citations = compareCitations(citationsOf(before.answer), citationsOf(after.answer))
  const isSame = (change: { kind: string }) => change.kind === 'same'
  return {
    sameAnswer: before.answer.status === after.answer.status && text.every(isSame) && citations.every(isSame),
    status: { before: before.answer.status, after: after.answer.status },
    text,
    citations,
    hits: compareHits(before.answer.hits, after.answer.hits),
    documents: compareDocuments(before.trace.documents, after.trace.documents, documentsNow),
    settings: compareSettings(before.trace, after.trace),
    prompt: comparePrompts(before.trace, after.trace),
    timings: compareTimings(before.trace.timings, after.trace.timings),
  }
}

function textOf(answer: AnswerRecord['answer']): string {
  return answer.status === 'abstained' ? answer.message : answer.text
}

function citationsOf(answer: AnswerRecord['answer']): Citation[] {
  return answer.status === 'answered' ? answer.citations : []
}

export function compareCitations(before: readonly Citation[], after: readonly Citation[]): CitationChange[] {
  const sameDocument = (a: Citation, b: Citation) => a.documentId === b.documentId
  const sameQuote = (a: Citation, b: Citation) => sameDocument(a, b) && a.quote === b.quote
  const pairs = pairUp(before, after, [
    (a, b) => sameQuote(a, b) && a.page === b.page,
    sameQuote,
    (a, b) => sameDocument(a, b) && isRevision(a.quote, b.quote),
  ])
  return pairs.map((pair) => ({
    kind: kindOf(
      pair,
      (a, b) => {
        if (a.quote !== b.quote || a.verified !== b.verified) return 'changed'
        return a.page === b.page ? 'same' : 'moved'
      },
      { gone: 'gone', new: 'new' },
    ),
    before: pair.before && placeOf(pair.before),
    after: pair.after && placeOf(pair.after),
  }))
}

export function compareHits(before: readonly Hit[], after: readonly Hit[]): HitChange[] {
  const sameDocument = (a: Hit, b: Hit) => a.chunk.documentId === b.chunk.documentId
  const pairs = pairUp(before, after, [
    (a, b) => a.chunk.id === b.chunk.id,
    (a, b) => sameDocument(a, b) && a.chunk.text === b.chunk.text,
    (a, b) => sameDocument(a, b) && isRevision(a.chunk.text, b.chunk.text),
  ])
  return pairs.map((pair) => ({
    kind: kindOf(pair, (a, b) => (a.rank === b.rank ? 'same' : 'moved'), { gone: 'left', new: 'entered' }),
    textChanged: pair.before !== null && pair.after !== null && pair.before.chunk.text !== pair.after.chunk.text,
    before: pair.before && hitPlaceOf(pair.before),
    after: pair.after && hitPlaceOf(pair.after),
  }))
}

function kindOf<T, Kept extends string, Gone extends string, New extends string>(
  { before, after }: Pair<T>,
  kept: (before: T, after: T) => Kept,
  alone: { gone: Gone; new: New },
): Kept | Gone | New {
  if (before === null) return alone.new
  return after === null ? alone.gone : kept(before, after)
}

function placeOf({ marker, documentId, documentTitle, page, headingPath, quote, verified }: Citation): CitedPlace {
  return { marker, documentId, documentTitle, page, headingPath, quote, verified }
}

const snippetCharacters = 160

function hitPlaceOf({ rank, signals, chunk }: Hit): HitPlace {
  const { documentId, documentTitle, page, text } = chunk
  const snippet = Array.from(text.replace(/\s+/g, ' ').trim()).slice(0, snippetCharacters).join('')
  return { rank, documentId, documentTitle, page, signals, snippet }
}

function compareDocuments(
  before: readonly TracedDocument[],
  after: readonly TracedDocument[],
  documentsNow: CompareOptions['documentsNow'],
): DocumentChange[] {
  const found = new Map(after.map((document) => [document.documentId, document]))
  const changes = before.map(({ documentId, title, revision, contentHash }): DocumentChange => {
    const now = found.get(documentId) ?? documentsNow.get(documentId)
    const common = { documentId, title, before: { revision, contentHash } }
    if (now === undefined) return { kind: 'gone', ...common, after: null }
    const isAsItWas = now.revision === revision && now.contentHash === contentHash
    const kept = found.has(documentId) ? 'same' : 'unused'
    const afterwards = { revision: now.revision, contentHash: now.contentHash }
    return { kind: isAsItWas ? kept : 'changed', ...common, after: afterwards }
  })
  const known = new Set(before.map(({ documentId }) => documentId))
  const added = after.filter(({ documentId }) => !known.has(documentId))
  return [
    ...changes,
    ...added.map(({ documentId, title, revision, contentHash }): DocumentChange => {
      return { kind: 'new', documentId, title, before: null, after: { revision, contentHash } }
    }),
  ]
}

function compareSettings(before: AnswerTrace, after: AnswerTrace): SettingChange[] {
  const [was, is] = [settingsOf(before), settingsOf(after)]
  return Object.entries(was).flatMap(([name, value]) => {
    const now = is[name] ?? ''
    return value === now ? [] : [{ name, before: value, after: now }]
  })
}

function settingsOf({ version, asked }: { version: string; asked: AskedWith }): Record<string, string> {
  const { model, rerankModelId, embeddingFingerprint } = asked
  return {
    version,
    modelId: model?.modelId ?? 'extractive',
    temperature: String(model?.temperature ?? ''),
    maxTokens: String(model?.maxTokens ?? ''),
    contextTokens: String(model?.contextTokens ?? ''),
    rerankModelId: rerankModelId ?? 'none',
    embedding: embeddingFingerprint,
  }
}

function comparePrompts(before: AnswerTrace, after: AnswerTrace): AnswerChanges['prompt'] {
  const hashes = ({ prompts }: AnswerTrace) => prompts.map(({ sha256 }) => sha256)
  const instructions = ({ prompts }: AnswerTrace) =>
    JSON.stringify(prompts.map(({ messages }) => messages.filter(({ role }) => role === 'system')))
  const [was, is] = [hashes(before), hashes(after)]
  const kind = () => {
    if (was.length + is.length === 0) return 'none'
    if (was.join() === is.join()) return 'same'
    return instructions(before) === instructions(after) ? 'passages' : 'instructions'
  }
  return { kind: kind(), before: was, after: is }
}

function compareTimings(before: Record<string, number>, after: Record<string, number>): AnswerChanges['timings'] {
  const stages = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return stages.map((stage) => ({ stage, beforeMs: before[stage] ?? null, afterMs: after[stage] ?? null }))
}
