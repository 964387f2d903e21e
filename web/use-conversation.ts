import { useRef, useState } from 'preact/hooks'
import type { AnswerMode } from '../src/core/types.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { applyEvent, failTurn, historyOf, isOpen, startTurn, stopTurn, type Turn } from './conversation.js'

export interface Conversation {
  turns: Turn[]
  busy: boolean
  ask(question: string, options?: { mode: AnswerMode }): void
  /** Asks a question anew, in its mode, that got no answer; the new turn takes the place of the old one. */
  askAgain(turn: Turn): void
  stop(): void
  /** Forgets every turn. */
  restart(): void
}

/** A conversation with one knowledge base, or with all of them for null; earlier questions go along, so that a follow-up can be understood. */
export function useConversation(api: Api, knowledgeBaseId: string | null): Conversation {
  const [turns, setTurns] = useState<Turn[]>([])
  const running = useRef<AbortController | null>(null)
  const asked = useRef(0)

  const change = (key: string, changed: (turn: Turn) => Turn) =>
    setTurns((all) => all.map((turn) => (turn.key === key ? changed(turn) : turn)))

  const receive = async (turn: Turn, history: string[], signal: AbortSignal) => {
    try {
      const scope = knowledgeBaseId === null ? {} : { knowledgeBaseIds: [knowledgeBaseId] }
      const mode = turn.mode === 'quick' ? {} : { mode: turn.mode }
      const request = { question: turn.question, history, ...mode, ...scope }
      for await (const event of api.answer(request, { signal })) {
        change(turn.key, (current) => applyEvent(current, event))
      }
      change(turn.key, (current) => failTurn(current, { code: 'connection_lost', message: 'the stream ended early' }))
    } catch (error) {
      if (signal.aborted) change(turn.key, stopTurn)
      else change(turn.key, (current) => failTurn(current, problemOf(error)))
    }
  }

  const begin = (question: string, { mode, earlier }: { mode: AnswerMode; earlier: readonly Turn[] }) => {
    const abort = new AbortController()
    running.current?.abort()
    running.current = abort
    asked.current += 1
    const turn = startTurn(question, String(asked.current), { mode })
    setTurns([...earlier, turn])
    void receive(turn, historyOf(earlier), abort.signal)
  }
  const ask = (question: string, { mode }: { mode: AnswerMode } = { mode: 'quick' }) =>
    begin(question, { mode, earlier: turns })
  const askAgain = ({ key, question, mode }: Turn) =>
    begin(question, { mode, earlier: turns.filter((turn) => turn.key !== key) })
  const stop = () => running.current?.abort()
  const restart = () => {
    stop()
    setTurns([])
  }
  return { turns, busy: turns.some(isOpen), ask, askAgain, stop, restart }
}
