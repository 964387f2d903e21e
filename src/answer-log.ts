import type { Config } from './config/settings.js'
import type { AnswerEvent } from './core/answer.js'
import type { AnswerRecord, AskedWith } from './core/answer-record.js'
import type { Catalogue } from './core/catalogue.js'
import { InkstoneError, toInkstoneError } from './core/errors.js'
import type { Logger } from './core/ports.js'
import { type Recording, recordAnswer } from './trace/recording.js'

export interface AnswerLogParts {
  catalogue: Pick<Catalogue, 'saveAnswer' | 'pruneAnswers' | 'deleteAnswer' | 'getDocuments'>
  config: Pick<Config, 'answersKept' | 'answersKeptDays'>
  log: Pick<Logger, 'warn'>
  version: string
}

export interface KeepOptions {
  /** Settled when the answer ends, since a model may only then know its name. */
  asked: () => AskedWith
  conversationId: string | null
  /** False: the answer is nowhere afterwards. */
  keep: boolean
  signal?: AbortSignal | undefined
  /** Makes the answer; what goes past the recording is not in its trace. */
  open(recording: Recording, signal: AbortSignal): AsyncIterable<AnswerEvent>
}

/** Keeps each answer with how it came about, whether it comes to its end or not. */
export interface AnswerLog {
  /** The events of an answer. It is kept before its last event, so that whoever has that can ask for it. */
  run(options: KeepOptions): AsyncGenerator<AnswerEvent>
  /** Stops the answer when it is being written, and removes it. @throws InkstoneError `answer_not_found` */
  remove(id: string): Promise<void>
}

const dayMs = 24 * 60 * 60 * 1000

export function answerLog({ catalogue, config, log, version }: AnswerLogParts): AnswerLog {
  const running = new Map<string, AbortController>()

  /** An answer that cannot be kept is one all the same. */
  async function save(
    answer: AnswerRecord['answer'],
    recording: Recording,
    options: KeepOptions & { askedAt: string; stop: AbortController },
  ) {
    try {
      const { conversationId, askedAt } = options
      const asked = options.asked()
      const { id, question, status, usage } = answer
      const problem = 'problem' in answer ? answer.problem : null
      const trace = await recording.trace(asked, { version, problem, usage })
      const modelId = answer.status === 'answered' ? answer.modelId : (asked.model?.modelId ?? 'extractive')
      const { knowledgeBaseIds } = asked
      const kept = { id, question, knowledgeBaseIds, conversationId, askedAt, status, modelId, answer, trace }
      await catalogue.saveAnswer(kept)
      if (options.stop.signal.aborted) return await catalogue.deleteAnswer(id)
      const before = new Date(Date.now() - config.answersKeptDays * dayMs)
      await catalogue.pruneAnswers({ before, keep: config.answersKept })
    } catch (thrown) {
      const { code, message } = toInkstoneError(thrown)
      log.warn({ answerId: answer.id, code, error: message }, 'the answer could not be kept')
    }
  }

  return {
    async *run(options) {
      const stop = new AbortController()
      const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
      const recording = recordAnswer({ getDocuments: (ids) => catalogue.getDocuments(ids) })
      const keeps = () => options.keep && config.answersKept > 0 && !stop.signal.aborted
      const dated = { ...options, askedAt: new Date().toISOString(), stop }
      let isOver = false
      let problem: InkstoneError | null = null
      try {
        let taken = performance.now()
        for await (const event of options.open(recording, signal)) {
          recording.onEvent(event, performance.now() - taken)
          stop.signal.throwIfAborted()
          if (event.type === 'answer.started') running.set(event.id, stop)
          if (event.type === 'done') {
            isOver = true
            if (keeps()) await save(event.answer, recording, dated)
          }
          yield event
          taken = performance.now()
        }
      } catch (thrown) {
        problem = toInkstoneError(thrown)
        throw stop.signal.aborted ? stop.signal.reason : thrown
      } finally {
        running.delete(recording.id() ?? '')
        const failed = problem === null || signal.aborted || problem.code === 'cancelled' ? null : problem.toProblem()
        const unfinished = isOver ? null : recording.unfinished(failed)
        if (unfinished !== null && keeps()) await save(unfinished, recording, dated)
      }
    },
    async remove(id) {
      const stop = running.get(id)
      if (stop === undefined) return catalogue.deleteAnswer(id)
      stop.abort(new InkstoneError('cancelled', 'the answer was deleted while it was being written'))
    },
  }
}
