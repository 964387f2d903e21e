import type { AnswerEvent, Question, Step, Usage } from '../../core/answer.js'
import { InkstoneError } from '../../core/errors.js'
import { type Found, type Notice, noticeOf } from '../answer.js'
import { type MeteredModel, tokensOf } from '../meter.js'
import { stopReason } from '../models/model-failure.js'
import { untilStopped } from '../until-stopped.js'
import { type Allowance, allowanceOf, BoundReached, type Bounds } from './bounds.js'
import { decideRequest, mostNext } from './decide.js'
import { askForJson, type JsonRequest } from './json-reply.js'
import { type Lookup, type Numbering, numbering, placesOf, toldNotes } from './lookup.js'
import { mostPlanned, planRequest } from './plan.js'
import { notesOf, readRequest } from './read.js'
import { freshSubQuestions, isSameQuestion } from './sub-questions.js'

export interface ResearchParts {
  model: MeteredModel
  bounds: Bounds
  llmMaxTokens: number
  llmContextTokens: number
  /** What is found for a sub-question; all that the model can have done. */
  search(subQuestion: string, options: { signal: AbortSignal }): Promise<SubSearch>
  signal?: AbortSignal
}

type SubSearch = Pick<Found, 'hits' | 'candidates' | 'rerankFailed'>

/** What was looked into on the way to an answer. */
export interface Research {
  /** The question itself first. */
  lookups: Lookup[]
  steps: Step[]
  /** Set when it ended before the model had enough. */
  notice: Notice | null
}

interface Work extends Omit<ResearchParts, 'signal'>, Omit<Research, 'notice'> {
  question: Question
  allowance: Allowance
  numberOf: Numbering
}

type Steps<Result> = AsyncGenerator<AnswerEvent, Result>

/** For the decision that follows a reading: without room for it, the passages are not read one by one. */
const decisionTokens = 1_500
/** What a reply that is asked for again costs besides. */
const repairTokens = 400

/**
 * plan ─ search ─ read ─ decide, and again from the search, until the model says that enough is known, has nothing new
 * to ask, or a bound is reached. Whatever fails on the way ends it with what was found so far. Yields each step.
 * @param first what was found for the question itself
 * @throws InkstoneError `cancelled` when the signal fires
 */
export async function* research(
  question: Question,
  first: Found,
  { signal, ...parts }: ResearchParts,
): Steps<Research> {
  const { searchedFor, hits, candidates, rerankFailed, timings } = first
  const allowance = allowanceOf(parts.bounds, { spent: parts.model.spent, signal })
  const lookups: Lookup[] = [{ subQuestion: searchedFor, hits, candidates, rerankFailed, notes: null }]
  const work: Work = { ...parts, question, allowance, lookups, steps: [], numberOf: numbering() }
  let notice: Notice | null = null
  try {
    yield searched(work, { subQuestion: searchedFor, hits, ms: timings.embedMs + timings.retrieveMs })
    yield* investigate(work)
  } catch (thrown) {
    if (signal?.aborted) throw stopReason(signal, thrown)
    notice = noticeOfEnd(thrown, { question, isTimeOver: allowance.isTimeOver() })
  } finally {
    allowance.close()
  }
  return { lookups, steps: work.steps, notice }
}

function noticeOfEnd(thrown: unknown, { question, isTimeOver }: { question: Question; isTimeOver: boolean }): Notice {
  if (isTimeOver) return noticeOf('deep_time', question)
  if (thrown instanceof BoundReached) return noticeOf(`deep_${thrown.bound}`, question)
  if (thrown instanceof InkstoneError) return noticeOf('deep_broke_off', question, thrown)
  throw thrown
}

async function* investigate(work: Work): Steps<void> {
  if (work.lookups.every(({ hits }) => hits.length === 0)) return
  let subQuestions = yield* plan(work)
  while (subQuestions.length > 0) {
    for (const lookup of yield* lookInto(subQuestions, work)) yield* read(lookup, work)
    subQuestions = yield* decide(work)
  }
}

async function* plan(work: Work): Steps<string[]> {
  const { reply, ...taken } = await ask(planRequest(work.question), work)
  const planned = freshSubQuestions(reply?.subQuestions ?? [], { known: [], most: mostPlanned })
  const subQuestions = planned.length > 0 ? planned : [work.question.text]
  yield tell(work, { kind: 'plan', subQuestions, understood: reply !== null, ...taken })
  return subQuestions
}

/** Searches run side by side: they are cheap. The question itself was searched for already. */
async function* lookInto(subQuestions: readonly string[], work: Work): Steps<Lookup[]> {
  const { allowance, lookups, question, search } = work
  const own = lookups.slice(0, 1)
  const isOwn = (text: string) =>
    [question.text, ...own.map((it) => it.subQuestion)].some((it) => isSameQuestion(text, it))
  const others = subQuestions.filter((text) => !isOwn(text)).slice(0, allowance.stepsLeft())
  const searches = others.map(async (subQuestion) => {
    const started = performance.now()
    const found = await search(subQuestion, { signal: allowance.signal })
    return { ...found, subQuestion, notes: null, ms: performance.now() - started }
  })
  const found = await untilStopped(Promise.all(searches), allowance.signal)
  for (const { ms, ...lookup } of found) {
    lookups.push(lookup)
    yield searched(work, { ...lookup, ms })
  }
  return [...(subQuestions.some(isOwn) ? own : []), ...lookups.slice(lookups.length - found.length)]
}

function searched(work: Work, { subQuestion, hits, ms }: Pick<Lookup, 'subQuestion' | 'hits'> & { ms: number }) {
  work.allowance.takeStep()
  const usage = { inputTokens: 0, outputTokens: 0 }
  return tell(work, { kind: 'search', subQuestion, found: placesOf(hits), ms, usage })
}

/** Notes what was found says. Where too few tokens are left for that, the decision goes by the passages themselves. */
async function* read(lookup: Lookup, work: Work): Steps<void> {
  const { subQuestion, hits } = lookup
  const { allowance, numberOf, llmMaxTokens } = work
  const { shown, ...request } = readRequest(subQuestion, hits, { numberOf, budgetTokens: contextRoom(work) })
  const rest = allowance.tokensLeft() - costOf(request, work)
  if (shown.length === 0 || rest < decisionTokens + llmMaxTokens) return
  const { reply, ...taken } = await ask(request, work)
  lookup.notes = reply && notesOf(reply, { shown, numberOf })
  const notes = toldNotes(lookup.notes ?? [])
  yield tell(work, { kind: 'read', subQuestion, notes, understood: reply !== null, ...taken })
}

async function* decide(work: Work): Steps<string[]> {
  const { question, lookups, numberOf, allowance, llmMaxTokens } = work
  const budgetTokens = Math.min(contextRoom(work), allowance.tokensLeft() - llmMaxTokens)
  const { reply, ...taken } = await ask(decideRequest(question.text, lookups, { numberOf, budgetTokens }), work)
  const known = [question.text, ...lookups.map(({ subQuestion }) => subQuestion)]
  const enough = reply?.enough ?? false
  const subQuestions = enough ? [] : freshSubQuestions(reply?.next ?? [], { known, most: mostNext })
  yield tell(work, { kind: 'decide', enough, subQuestions, understood: reply !== null, ...taken })
  return subQuestions
}

/** @throws BoundReached; InkstoneError what the model fails by */
async function ask<Reply>(
  request: JsonRequest<Reply>,
  work: Work,
): Promise<{ reply: Reply | null; ms: number; usage: Usage }> {
  const { model, allowance, llmMaxTokens } = work
  const cost = costOf(request, work)
  allowance.takeStep()
  if (cost > allowance.tokensLeft()) throw new BoundReached('tokens')
  const [started, before] = [performance.now(), model.spent()]
  const mayRepair = () => cost + repairTokens <= allowance.tokensLeft()
  const asked = askForJson(model, request, { maxTokens: llmMaxTokens, signal: allowance.signal, mayRepair })
  const reply = await untilStopped(asked, allowance.signal)
  const after = model.spent()
  const usage = {
    inputTokens: after.inputTokens - before.inputTokens,
    outputTokens: after.outputTokens - before.outputTokens,
  }
  return { reply, ms: performance.now() - started, usage }
}

function contextRoom({ llmContextTokens, llmMaxTokens }: Work): number {
  return llmContextTokens - llmMaxTokens
}

/** At most. */
function costOf({ messages }: JsonRequest<unknown>, { llmMaxTokens }: Work): number {
  return tokensOf(messages) + llmMaxTokens
}

function tell(work: Work, step: Step): AnswerEvent {
  work.steps.push(step)
  return { type: 'step', step }
}
