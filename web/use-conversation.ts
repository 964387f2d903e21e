import { useEffect, useRef, useState } from 'preact/hooks'
import type { AnswerMode } from '../src/core/answer.js'
import type { FeedbackRequest } from '../src/core/answer-record.js'
import type { ConversationWithTurns } from '../src/core/conversation.js'
import type { Problem } from '../src/core/job.js'
import type { AnswerRequest } from '../src/core/service.js'
import { conversationIn, withConversation } from './address.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { applyEvent, failTurn, historyOf, isOpen, startTurn, stopTurn, type Turn, turnOf } from './conversation.js'

export interface Conversation {
  /** Null while the server does not keep it: nothing was asked yet, or it keeps none. */
  id: string | null
  turns: Turn[]
  busy: boolean
  /** Why it could not be opened. */
  problem: Problem | null
  ask(question: string, options?: { mode: AnswerMode }): void
  /** Asks a question anew, in its mode, that got no answer; the new turn takes the place of the old one. */
  askAgain(turn: Turn): void
  /** As `askAgain`, for an answer from the nearest passages in place of a refusal. */
  answerAnyway(turn: Turn): void
  /** Keeps what the reader says of an answer. */
  rate(turn: Turn, feedback: FeedbackRequest): Promise<void>
  stop(): void
  /** Leaves it and begins a new one. */
  restart(): void
  open(id: string): void
}

interface ConversationOptions {
  /** What a new one is asked of; null: every knowledge base. */
  knowledgeBaseId: string | null
  onOpened: (conversation: ConversationWithTurns) => void
  /** Something was asked in it. */
  onChanged: () => void
}

interface Beginning {
  mode: AnswerMode
  earlier: readonly Turn[]
  evenIfUnsure?: boolean
}

/**
 * A conversation that the server keeps. The address names it, so that it is there again after a reload, and by the
 * browser's way back. Where the server keeps none, the earlier questions go along with each one.
 */
export function useConversation(api: Api, { knowledgeBaseId, onOpened, onChanged }: ConversationOptions): Conversation {
  const [turns, setTurns] = useState<Turn[]>([])
  const [id, setId] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const running = useRef<AbortController | null>(null)
  const asked = useRef(0)

  const change = (key: string, changed: (turn: Turn) => Turn) =>
    setTurns((all) => all.map((turn) => (turn.key === key ? changed(turn) : turn)))
  const named = (known: string) => {
    setId(known)
    history.replaceState(null, '', withConversation(location.href, known))
  }

  const receive = async (turn: Turn, request: AnswerRequest, signal: AbortSignal) => {
    try {
      for await (const event of api.answer(request, { signal })) {
        const began = event.type === 'answer.started' ? event.conversationId : undefined
        if (began !== undefined && !signal.aborted) named(began)
        change(turn.key, (current) => applyEvent(current, event))
      }
      change(turn.key, (current) => failTurn(current, { code: 'connection_lost', message: 'the stream ended early' }))
    } catch (error) {
      if (signal.aborted) change(turn.key, stopTurn)
      else change(turn.key, (current) => failTurn(current, problemOf(error)))
    }
    onChanged()
  }

  const begin = (question: string, { mode, earlier, evenIfUnsure = false }: Beginning) => {
    const abort = startOver()
    asked.current += 1
    const turn = startTurn(question, String(asked.current), { mode })
    setTurns([...earlier, turn])
    // A conversation knows itself what it is asked of.
    const scope = knowledgeBaseId === null || id !== null ? {} : { knowledgeBaseIds: [knowledgeBaseId] }
    const how = { ...(mode === 'quick' ? {} : { mode }), ...(evenIfUnsure ? { evenIfUnsure } : {}) }
    void receive(turn, { question, ...belonging(id, earlier), ...how, ...scope }, abort.signal)
  }
  /** What was under way ends; what comes of it changes nothing any more. */
  const startOver = () => {
    running.current?.abort()
    running.current = new AbortController()
    setProblem(null)
    return running.current
  }
  const show = (shown: string | null) => {
    const { signal } = startOver()
    setTurns([])
    setId(shown)
    if (shown === null) return
    api.getConversation(shown).then(
      (conversation) => {
        if (signal.aborted) return
        setTurns(conversation.turns.map(turnOf))
        onOpened(conversation)
      },
      (error: unknown) => {
        if (signal.aborted) return
        setProblem(problemOf(error))
        setId(null)
        history.replaceState(null, '', withConversation(location.href, null))
      },
    )
  }
  const go = (shown: string | null) => {
    if (conversationIn(location.href) !== shown) history.pushState(null, '', withConversation(location.href, shown))
    show(shown)
  }
  useAddress((shown) => {
    if (shown !== id) show(shown)
  })

  return {
    id,
    turns,
    busy: turns.some(isOpen),
    problem,
    ask: (question, { mode } = { mode: 'quick' }) => begin(question, { mode, earlier: turns }),
    askAgain: (turn) => begin(turn.question, { mode: turn.mode, earlier: without(turns, turn) }),
    answerAnyway: (turn) =>
      begin(turn.question, { mode: turn.mode, earlier: without(turns, turn), evenIfUnsure: true }),
    rate: async ({ answerId }, feedback) => {
      if (answerId !== null) await api.rateAnswer(answerId, feedback)
    },
    stop: () => running.current?.abort(),
    restart: () => go(null),
    open: go,
  }
}

function without(turns: readonly Turn[], { key }: Turn): Turn[] {
  return turns.filter((turn) => turn.key !== key)
}

/** The first question that gets through begins a conversation; where that came to none, the questions go along. */
function belonging(id: string | null, earlier: readonly Turn[]): Pick<AnswerRequest, 'conversationId' | 'history'> {
  if (id !== null) return { conversationId: id }
  const told = historyOf(earlier)
  return told.length === 0 ? { conversationId: 'new' } : { history: told }
}

/** Acts on what the address names, at first and whenever the browser goes back or forth. */
function useAddress(act: (conversation: string | null) => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const onMove = () => latest.current(conversationIn(location.href))
    onMove()
    window.addEventListener('popstate', onMove)
    return () => window.removeEventListener('popstate', onMove)
  }, [])
}
