import type { AnswerEvent, AnswerMode, Citation, FinishReason, RefusalReason, Step } from '../src/core/answer.js'
import type { AnswerRecord, Rating } from '../src/core/answer-record.js'
import type { Problem } from '../src/core/job.js'
import type { Hit } from '../src/core/types.js'

type TurnState = 'searching' | 'writing' | 'answered' | 'abstained' | 'stopped' | 'failed'

/** One question of a conversation and what has come back for it so far. */
export interface Turn {
  key: string
  /** Under which the server keeps the answer; null until it has begun. */
  answerId: string | null
  /** What the reader had said of it when the page was opened. */
  rating: Rating | null
  question: string
  mode: AnswerMode
  state: TurnState
  /** How a deep answer is looked for, as far as that has come. */
  steps: Step[]
  /** What was searched for, where that is not the question itself. */
  searchedFor: string | null
  hits: Hit[] | null
  text: string
  /** Whether the text is whole as far as it goes; null until that is known. */
  finishReason: FinishReason | null
  citations: Citation[]
  notices: string[]
  refusal: { reason: RefusalReason; message: string } | null
  problem: Problem | null
  modelId: string | null
  totalMs: number | null
}

/** A question that nothing has come back for yet. */
export function startTurn(question: string, key: string, { mode = 'quick' }: { mode?: AnswerMode } = {}): Turn {
  return {
    key,
    answerId: null,
    rating: null,
    question,
    mode,
    state: 'searching',
    steps: [],
    searchedFor: null,
    hits: null,
    text: '',
    finishReason: null,
    citations: [],
    notices: [],
    refusal: null,
    problem: null,
    modelId: null,
    totalMs: null,
  }
}

/** The turn after an event of its answer. What comes after its end changes nothing. */
export function applyEvent(turn: Turn, event: AnswerEvent): Turn {
  if (!isOpen(turn)) return turn
  switch (event.type) {
    case 'answer.started':
      return { ...turn, answerId: event.id }
    case 'usage':
      return turn
    case 'step':
      return { ...turn, steps: [...turn.steps, event.step] }
    case 'retrieval': {
      const searchedFor = event.searchedFor === turn.question ? null : event.searchedFor
      return { ...turn, state: 'writing', hits: event.hits, searchedFor }
    }
    case 'delta':
      return { ...turn, state: 'writing', text: turn.text + event.text }
    case 'citation':
      return { ...turn, citations: [...turn.citations, event.citation] }
    case 'refusal':
      return { ...turn, refusal: { reason: event.reason, message: event.message } }
    case 'notice':
      return withNotice(turn, event.message)
    case 'done':
      return finish(turn, event)
    default:
      event satisfies never
      return turn
  }
}

function finish(turn: Turn, { answer }: Extract<AnswerEvent, { type: 'done' }>): Turn {
  const ended = { ...turn, hits: answer.hits, steps: answer.steps ?? [], totalMs: answer.timings.totalMs }
  if (answer.status === 'abstained') {
    return { ...ended, state: 'abstained', text: '', refusal: { reason: answer.reason, message: answer.message } }
  }
  const answered: Turn = {
    ...ended,
    state: 'answered',
    text: answer.text,
    citations: answer.citations,
    modelId: answer.modelId,
    finishReason: answer.finishReason,
  }
  return answer.notice === null ? answered : withNotice(answered, answer.notice)
}

function withNotice(turn: Turn, message: string): Turn {
  return turn.notices.includes(message) ? turn : { ...turn, notices: [...turn.notices, message] }
}

/** The turn that a kept answer was. */
export function turnOf({ id, question, answer, feedback }: AnswerRecord): Turn {
  const begun: Turn = {
    ...startTurn(question, id, { mode: answer.steps === undefined ? 'quick' : 'deep' }),
    answerId: id,
    rating: feedback?.rating ?? null,
    state: 'writing',
    searchedFor: answer.searchedFor === question ? null : answer.searchedFor,
  }
  if (answer.status === 'answered' || answer.status === 'abstained') return applyEvent(begun, { type: 'done', answer })
  const { status, text, hits, problem, steps = [] } = answer
  return { ...begun, state: status, text, hits, problem, steps }
}

/** The turn after the user stopped it; what had arrived stays. */
export function stopTurn(turn: Turn): Turn {
  return isOpen(turn) ? { ...turn, state: 'stopped' } : turn
}

/** The turn after its answer broke off. */
export function failTurn(turn: Turn, problem: Problem): Turn {
  return isOpen(turn) ? { ...turn, state: 'failed', problem } : turn
}

/** Whether the answer is still arriving. */
export function isOpen(turn: Turn): boolean {
  return turn.state === 'searching' || turn.state === 'writing'
}

const maxHistory = 10

/** The earlier questions that a follow-up may lean on, oldest first: those that got through. */
export function historyOf(turns: readonly Turn[]): string[] {
  return turns
    .filter((turn) => turn.state !== 'failed')
    .map((turn) => turn.question)
    .slice(-maxHistory)
}
