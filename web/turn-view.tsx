import type { FeedbackRequest } from '../src/core/answer-record.js'
import { AnswerText, type MarkerPlace, type OpenPassage } from './answer-text.js'
import { Citations } from './citations.js'
import { isOpen, type Turn } from './conversation.js'
import { Feedback } from './feedback.js'
import { useMessages } from './language.js'
import type { Messages } from './messages.js'
import { citedPassage, hitPassage, type Passage } from './passage.js'
import { ProblemNote } from './problem-note.js'
import { Sources } from './sources.js'
import { Steps } from './steps.js'

interface TurnProps {
  turn: Turn
  onOpen: OpenPassage
  onRate: (feedback: FeedbackRequest) => Promise<void>
  /** null while another answer is arriving. */
  onAskAgain: (() => void) | null
  /** Asks for an answer in spite of a refusal; null while another answer is arriving. */
  onAnswerAnyway: (() => void) | null
}

/** A question and its answer as far as it has arrived: steps, sources, text, citations. */
export function TurnView({ turn, onOpen, onRate, onAskAgain, onAnswerAnyway }: TurnProps) {
  const say = useMessages()
  return (
    <article class="turn" aria-label={`${say.question}: ${turn.question}`}>
      <h3 class="question">{turn.question}</h3>
      {turn.searchedFor === null ? null : <p class="quiet searched-for">{say.searchedFor(turn.searchedFor)}</p>}
      {turn.steps.length === 0 ? null : <Steps steps={turn.steps} isGrowing={turn.state === 'searching'} />}
      <Refusal turn={turn} onAnswerAnyway={onAnswerAnyway} />
      {turn.hits === null ? null : <TurnSources turn={turn} onOpen={onOpen} />}
      {turn.notices.map((notice) => (
        <p key={notice} class="note" role="note">
          <strong>{say.notice}</strong> {notice}
        </p>
      ))}
      <section class="answer" aria-label={say.answer} aria-live="polite" aria-busy={isOpen(turn)}>
        {turn.text === '' ? null : (
          <AnswerText
            text={turn.text}
            growing={isOpen(turn)}
            passageOf={(marker) => passageOf(turn, marker)}
            onOpen={onOpen}
          />
        )}
        {isOpen(turn) ? <Waiting turn={turn} /> : null}
        <Unfinished turn={turn} />
      </section>
      {turn.citations.length === 0 ? null : <Citations citations={turn.citations} onOpen={onOpen} />}
      <TurnEnd turn={turn} onAskAgain={onAskAgain} />
      {canBeRated(turn) ? <Feedback said={turn.rating} onRate={onRate} /> : null}
    </article>
  )
}

/** Only what came to its end is worth a word; the server has kept it by then. */
function canBeRated({ answerId, state }: Turn): boolean {
  return answerId !== null && (state === 'answered' || state === 'abstained')
}

/**
 * A citation comes as soon as the statement that it belongs to has ended. Until it does, a marker is the number of a
 * search result, which is how passages are numbered for the model.
 */
function passageOf(turn: Turn, marker: MarkerPlace): Passage | null {
  const cited = citedPassage(turn.citations, marker)
  if (cited !== null || turn.state === 'answered') return cited
  const hit = turn.hits?.find((candidate) => candidate.rank === marker.number)
  return hit === undefined ? null : hitPassage(hit)
}

function TurnSources({ turn, onOpen }: { turn: Turn; onOpen: OpenPassage }) {
  const say = useMessages()
  const hits = turn.hits ?? []
  const title = turn.refusal === null ? say.sources(hits.length) : say.nearestPassages
  return <Sources hits={hits} title={title} onOpen={onOpen} />
}

function Refusal({ turn, onAnswerAnyway }: Pick<TurnProps, 'turn' | 'onAnswerAnyway'>) {
  const say = useMessages()
  if (turn.refusal === null) return null
  const { reason, message } = turn.refusal
  const mayGuess = onAnswerAnyway !== null && !isOpen(turn) && turn.hits !== null && turn.hits.length > 0
  return (
    <div class="refusal" role="note">
      <p class="refusal-title">{say.refusalTitle[reason]}</p>
      <p>{message}</p>
      {mayGuess ? (
        <button type="button" class="button" title={say.answerAnywayHint} onClick={onAnswerAnyway}>
          {say.answerAnyway}
        </button>
      ) : null}
    </div>
  )
}

function Waiting({ turn }: { turn: Turn }) {
  const say = useMessages()
  return (
    <p class="waiting" aria-hidden="true">
      <span class="waiting-dot" />
      {turn.state === 'writing' ? say.writing : searchingText(say, turn)}
    </p>
  )
}

/** What the page says while passages are looked for. */
export function searchingText(say: Messages, { mode }: Turn): string {
  return mode === 'deep' ? say.lookingInto : say.searching
}

/** Stands right behind a text that is not whole: the notice above it may be out of sight. */
function Unfinished({ turn }: { turn: Turn }) {
  const say = useMessages()
  if (turn.finishReason === null || turn.finishReason === 'complete') return null
  return <p class="unfinished">{say.unfinished[turn.finishReason]}</p>
}

function TurnEnd({ turn, onAskAgain }: { turn: Turn; onAskAgain: (() => void) | null }) {
  const say = useMessages()
  if (turn.state === 'answered' && turn.modelId !== null) {
    const model = turn.modelId === 'extractive' ? say.extractive : turn.modelId
    return <p class="quiet turn-end">{say.answeredBy(model, turn.totalMs ?? 0)}</p>
  }
  if (turn.state !== 'failed' && turn.state !== 'stopped') return null
  return (
    <div class="turn-end" role={turn.state === 'failed' ? 'alert' : undefined}>
      <p class="quiet">{turn.state === 'failed' ? say.failed : say.stopped}</p>
      {turn.problem === null ? null : <ProblemNote problem={turn.problem} />}
      {onAskAgain === null ? null : (
        <button type="button" class="button" onClick={onAskAgain}>
          {say.askAgain}
        </button>
      )}
    </div>
  )
}
