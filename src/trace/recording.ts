import type { AnswerEvent, Question, Step, Usage } from '../core/answer.js'
import type { AnswerTrace, AskedWith, TracedPrompt, TracedSearch, UnfinishedAnswer } from '../core/answer-record.js'
import type { Problem } from '../core/job.js'
import type { ChatModel, Reranker } from '../core/ports.js'
import type { Document, Hit } from '../core/types.js'
import { tracedModel } from './traced-model.js'

/** What a search tells of itself. */
export interface Retrieved {
  searchedFor: string
  hits: readonly Hit[]
  /** All that was considered, best first. */
  candidates: readonly Hit[]
  timings: { embedMs: number; retrieveMs: number }
}

/** Listens while an answer is made, and knows afterwards why it is what it is. */
export interface Recording {
  onRetrieved(question: Question, found: Retrieved): void
  model(chatModel: ChatModel): ChatModel
  reranker(reranker: Reranker): Reranker
  /** @param workMs how long it took to come about, since the event before had been taken */
  onEvent(event: AnswerEvent, workMs: number): void
  /** Null until the answer has begun. */
  id(): string | null
  /** An answer that broke off, as far as it had come; null when it had not begun. */
  unfinished(problem: Problem | null): UnfinishedAnswer | null
  trace(asked: AskedWith, options: { version: string; problem: Problem | null; usage: Usage }): Promise<AnswerTrace>
}

export interface RecordingOptions {
  /** The documents as they are now. */
  getDocuments(ids: readonly string[]): Promise<Map<string, Document>>
  /** Asked of the model in place of its own. */
  temperature?: number | undefined
}

/** Candidates of a search that a trace keeps. */
const mostCandidates = 60

export function recordAnswer({ getDocuments, temperature }: RecordingOptions): Recording {
  const started = performance.now()
  const searches: TracedSearch[] = []
  const prompts: TracedPrompt[] = []
  const notices: AnswerTrace['notices'] = []
  const read = new Map<string, Hit['chunk']>()
  // Documents may change while the model writes: they are looked up as soon as they are found.
  const lookedUp: Promise<Map<string, Document>>[] = []
  const begun = { id: '', question: '', searchedFor: '', hits: [] as Hit[], text: '', steps: [] as Step[] }
  const stages = stageClock(started)

  return {
    onRetrieved(question, found) {
      searches.push(searchOf(question, found))
      stages.onSearch(found.timings)
      for (const { chunk } of found.hits) if (!read.has(chunk.documentId)) read.set(chunk.documentId, chunk)
      const looking = getDocuments([...new Set(found.hits.map(({ chunk }) => chunk.documentId))])
      lookedUp.push(looking.catch(() => new Map()))
    },
    model: (chatModel) => tracedModel(chatModel, { temperature, onPrompt: (prompt) => prompts.push(prompt) }),
    reranker: (reranker) => ({
      ...reranker,
      async rerank(question, texts, options) {
        const since = performance.now()
        try {
          return await reranker.rerank(question, texts, options)
        } finally {
          stages.add('rerankMs', performance.now() - since)
        }
      },
    }),
    onEvent(event, workMs) {
      stages.onEvent(event, workMs)
      if (event.type === 'answer.started') Object.assign(begun, { id: event.id, question: event.question })
      else if (event.type === 'step') begun.steps.push(event.step)
      else if (event.type === 'retrieval') Object.assign(begun, { searchedFor: event.searchedFor, hits: event.hits })
      else if (event.type === 'delta') begun.text += event.text
      else if (event.type === 'notice') {
        const { code, message, problem } = event
        notices.push({ code, message, problem })
      }
    },
    id: () => begun.id || null,
    unfinished(problem) {
      if (begun.id === '') return null
      const { id, question, searchedFor, hits, text, steps } = begun
      const usage = usageOf(prompts)
      const status = problem === null ? 'stopped' : 'failed'
      return {
        id,
        status,
        question,
        searchedFor: searchedFor || question,
        hits,
        text,
        problem,
        usage,
        timings: stages.timings(),
        ...(steps.length > 0 ? { steps } : {}),
      }
    },
    async trace(asked, { version, problem, usage }) {
      const known = new Map((await Promise.all(lookedUp)).flatMap((documents) => [...documents]))
      const documents = [...read.values()].map((chunk) => ({
        documentId: chunk.documentId,
        knowledgeBaseId: chunk.knowledgeBaseId,
        title: chunk.documentTitle,
        revision: chunk.revision,
        contentHash: known.get(chunk.documentId)?.contentHash ?? '',
      }))
      return { version, asked, searches, prompts, documents, notices, problem, usage, timings: stages.all() }
    },
  }
}

function searchOf({ filter, topK }: Question, { searchedFor, candidates, timings }: Retrieved): TracedSearch {
  const kept = candidates.slice(0, mostCandidates).map(({ rank, score, signals, chunk }) => {
    const { id: chunkId, documentId, revision, index, page } = chunk
    return { rank, score, signals, chunkId, documentId, revision, index, page }
  })
  return { searchedFor, filter, topK, candidates: kept, considered: candidates.length, ...timings }
}

function usageOf(prompts: readonly TracedPrompt[]): Usage {
  const sum = (of: (usage: Usage) => number) => prompts.reduce((total, { usage }) => total + of(usage), 0)
  return { inputTokens: sum(({ inputTokens }) => inputTokens), outputTokens: sum(({ outputTokens }) => outputTokens) }
}

/** Which stage the work before an event belongs to. */
const stageOf: Partial<Record<AnswerEvent['type'], string>> = {
  step: 'deepMs',
  refusal: 'judgeMs',
  delta: 'writeMs',
  notice: 'writeMs',
  citation: 'verifyMs',
  usage: 'verifyMs',
}

/** Time by stage. What the reader takes to fetch the next event counts for none. */
function stageClock(started: number) {
  const stages: Record<string, number> = { embedMs: 0, retrieveMs: 0 }
  let searchedAt: number | null = null
  let begunAt = started
  const add = (stage: string, milliseconds: number) => {
    stages[stage] = (stages[stage] ?? 0) + milliseconds
  }
  const timings = () => {
    const { embedMs = 0, retrieveMs = 0 } = stages
    return { embedMs, retrieveMs, generateMs: performance.now() - begunAt, totalMs: performance.now() - started }
  }
  return {
    add,
    onSearch({ embedMs, retrieveMs }: { embedMs: number; retrieveMs: number }) {
      // Until the first search: tables are opened, a follow-up is completed.
      if (searchedAt === null) add('prepareMs', Math.max(0, performance.now() - started - embedMs - retrieveMs))
      add('embedMs', embedMs)
      add('retrieveMs', retrieveMs)
      searchedAt = performance.now()
    },
    onEvent({ type }: AnswerEvent, workMs: number) {
      const now = performance.now()
      if (type === 'answer.started') {
        begunAt = now
        if (searchedAt !== null) add('expandMs', now - searchedAt)
      }
      if (type === 'delta') stages.firstTextMs ??= now - started
      const stage = stageOf[type]
      if (stage !== undefined) add(stage, workMs)
    },
    timings,
    all: () => ({ ...stages, ...timings() }),
  }
}
