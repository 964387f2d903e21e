import type { AnswerLog } from './answer-log.js'
import { askedWith, recordedAnswer, usualWriting, type Writing } from './asking.js'
import type { Question } from './core/answer.js'
import type { AnswerRecord, AnswerTrace, AskedWith, FeedbackRequest } from './core/answer-record.js'
import type { AnswerReplay } from './core/answer-replay.js'
import type { AnswerListOptions } from './core/catalogue.js'
import { InkstoneError } from './core/errors.js'
import type { InkstoneService } from './core/service.js'
import type { KnowledgeBase } from './core/types.js'
import type { Home } from './home.js'
import { compareAnswers, type Traced } from './trace/compare-answers.js'
import { recordAnswer } from './trace/recording.js'
import { version } from './version.js'

/** The part of the service that looks back at answers. */
export function storedAnswers(home: Home, answers: AnswerLog) {
  const { catalogue } = home
  return {
    async listAnswers({ knowledgeBaseId, limit = 50, ...options }: AnswerListOptions = {}) {
      const searched = knowledgeBaseId && { knowledgeBaseId: (await catalogue.getKnowledgeBase(knowledgeBaseId)).id }
      return catalogue.listAnswers({ limit, ...options, ...searched })
    },
    getAnswer: (id: string) => catalogue.getAnswer(id),
    getAnswerTrace: (id: string) => catalogue.getAnswerTrace(id),
    deleteAnswer: (id: string) => answers.remove(id),
    rateAnswer: (id: string, feedback: FeedbackRequest) => catalogue.setFeedback(id, feedback),
    async replayAnswer(id: string, { signal }: { signal?: AbortSignal } = {}) {
      const before = await catalogue.getAnswer(id)
      return replay(before, await catalogue.getAnswerTrace(id), home, signal)
    },
  } satisfies Partial<InkstoneService>
}

/** Asks again, with what was asked with, and compares. Nothing of it is kept. */
async function replay(
  before: AnswerRecord,
  beforeTrace: AnswerTrace,
  home: Home,
  signal: AbortSignal = new AbortController().signal,
): Promise<AnswerReplay> {
  const { asked } = beforeTrace
  const { history, mode = 'quick', evenIfUnsure = false, topK, maxPerDocument, filter } = asked
  const limit = maxPerDocument === null ? {} : { maxPerDocument }
  const question: Question = { text: before.question, history, mode, evenIfUnsure, topK, filter, ...limit }
  const knowledgeBases = await remaining(asked, home)
  const writing = writingOf(asked, home)
  const { catalogue } = home
  const recording = recordAnswer({
    getDocuments: (ids) => catalogue.getDocuments(ids),
    temperature: writing.temperature,
  })
  const after = await replayed(question, home, { knowledgeBases, writing, recording, signal })
  const documents = beforeTrace.documents.map(({ documentId }) => documentId)
  const changes = compareAnswers({ answer: before.answer, trace: beforeTrace }, after, {
    documentsNow: await catalogue.getDocuments(documents),
  })
  return { before, after: after.answer, trace: after.trace, changes }
}

async function replayed(
  question: Question,
  home: Home,
  options: Parameters<typeof recordedAnswer>[2],
): Promise<Traced<AnswerReplay['after']>> {
  let taken = performance.now()
  for await (const event of recordedAnswer(question, home, options)) {
    options.recording.onEvent(event, performance.now() - taken)
    taken = performance.now()
    if (event.type !== 'done') continue
    const { answer } = event
    const problem = answer.status === 'answered' ? answer.problem : null
    const asked = askedWith(question, home, options)
    return { answer, trace: await options.recording.trace(asked, { version, problem, usage: answer.usage }) }
  }
  throw new InkstoneError('internal', 'the answer ended without its last event')
}

/** The knowledge bases that were searched and are still there. @throws InkstoneError `knowledge_base_not_found` */
async function remaining({ knowledgeBaseIds }: AskedWith, { catalogue }: Home): Promise<KnowledgeBase[]> {
  const all = await catalogue.listKnowledgeBases()
  const found = all.filter(({ id }) => knowledgeBaseIds.includes(id))
  if (found.length > 0) return found
  throw new InkstoneError('knowledge_base_not_found', 'no knowledge base that was searched then is there any more')
}

/** As then; by the model of now, for the one of then may be gone. An answer of quotes stays one. */
function writingOf({ model }: AskedWith, home: Home): Writing {
  const usual = usualWriting(home)
  if (model === null) return { ...usual, chatModel: null }
  const { temperature, maxTokens, contextTokens } = model
  return { chatModel: usual.chatModel, temperature, maxTokens, contextTokens }
}
