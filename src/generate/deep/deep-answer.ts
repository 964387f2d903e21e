import type { Answer, AnswerEvent, Question, Step, Usage } from '../../core/answer.js'
import { newId } from '../../core/ids.js'
import type { Hit } from '../../core/types.js'
import { type AnswerParts, answer, type Found, type Notice, noticeOf } from '../answer.js'
import { meteredModel } from '../meter.js'
import { untilStopped } from '../until-stopped.js'
import type { Bounds } from './bounds.js'
import type { Lookup } from './lookup.js'
import { type ResearchParts, research } from './research.js'

export interface DeepParts extends Pick<ResearchParts, 'search'> {
  bounds: Bounds
  /** Makes one list of several, best first, those that are useful before the others, and what the model reads of it. */
  gather(
    lists: readonly Hit[][],
    options: { isUseful: (hit: Hit) => boolean },
  ): Promise<Pick<Found, 'hits' | 'passages'>>
}

/**
 * plan ─ search ─ read ─ decide ─ … ─ answer. Yields each step, then what `answer` yields over all that was found; the
 * whole answer holds the steps. Without a language model it is a quick answer, with a notice.
 * @param first what was found for the question itself
 * @throws InkstoneError as `answer` does
 */
export async function* deepAnswer(
  question: Question,
  first: Found,
  parts: AnswerParts & DeepParts,
): AsyncIterable<AnswerEvent> {
  const id = newId('ans')
  yield { type: 'answer.started', id, question: question.text }
  const { chatModel, signal } = parts
  if (chatModel === null) {
    const notice = noticeOf('deep_unavailable', question)
    yield notice
    return yield* retell(answer(question, first, parts), { id, notice, researched: null })
  }
  const started = performance.now()
  const model = meteredModel(chatModel)
  const { lookups, steps, notice } = yield* research(question, first, { ...parts, model })
  if (notice) yield notice
  const found = await untilStopped(everythingFound(first, lookups, parts), signal)
  const researched = { steps, deepMs: performance.now() - started, spent: model.spent }
  yield* retell(answer(question, found, { ...parts, chatModel: model }), { id, notice, researched })
}

async function everythingFound(first: Found, lookups: readonly Lookup[], { gather }: DeepParts): Promise<Found> {
  const useful = new Set(lookups.flatMap(({ notes }) => notes ?? []).map(({ hit }) => hit.chunk.id))
  const isUseful = ({ chunk }: Hit) => useful.has(chunk.id)
  const gathered = await gather(
    lookups.map(({ hits }) => hits),
    { isUseful },
  )
  const candidates = new Map(lookups.flatMap((lookup) => lookup.candidates).map((hit) => [hit.chunk.id, hit]))
  const rerankFailed = lookups.some((lookup) => lookup.rerankFailed)
  return { ...first, ...gathered, runnersUp: [], candidates: [...candidates.values()], rerankFailed }
}

interface Told {
  id: string
  notice: Notice | null
  researched: { steps: Step[]; deepMs: number; spent: () => Usage } | null
}

/** The events of the answer itself, as parts of the deep one. */
async function* retell(events: AsyncIterable<AnswerEvent>, told: Told): AsyncGenerator<AnswerEvent> {
  for await (const event of events) {
    if (event.type === 'answer.started') continue
    if (event.type === 'usage') yield { ...event, usage: told.researched?.spent() ?? event.usage }
    else if (event.type === 'done') yield { ...event, answer: wholeAnswer(event.answer, told) }
    else yield event
  }
}

function wholeAnswer(answer: Answer, { id, notice, researched }: Told): Answer {
  const whole = { ...answer, id }
  if (researched !== null) {
    const { steps, deepMs, spent } = researched
    const timings = { ...answer.timings, deepMs, totalMs: answer.timings.totalMs + deepMs }
    Object.assign(whole, { steps, timings, usage: spent() })
  }
  if (whole.status === 'abstained' || notice === null) return whole
  return { ...whole, notice: [notice.message, whole.notice].filter(Boolean).join(' ') }
}
