import { useState } from 'preact/hooks'
import type { FeedbackRequest, Rating } from '../src/core/answer-record.js'
import type { Problem } from '../src/core/job.js'
import { problemOf } from './api-error.js'
import { useMessages } from './language.js'
import { ProblemNote } from './problem-note.js'

interface FeedbackProps {
  /** What was said before; null when nothing was. */
  said: Rating | null
  /** Rejects when what was said could not be kept. */
  onRate: (feedback: FeedbackRequest) => Promise<void>
}

/** Whether an answer helped, kept at once; then, for those who like, why and what it should have been. */
export function Feedback({ said, onRate }: FeedbackProps) {
  const say = useMessages()
  const [rating, setRating] = useState(said)
  const [isTold, setTold] = useState(said !== null)
  const [isKept, setKept] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const send = async (feedback: FeedbackRequest) => {
    setKept(false)
    setProblem(null)
    try {
      await onRate(feedback)
      setKept(true)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  const choose = (chosen: Rating) => {
    setRating(chosen)
    setTold(false)
    void send({ rating: chosen })
  }
  return (
    <section class="feedback" aria-label={say.feedback}>
      <div class="feedback-buttons">
        <Thumb points="up" label={say.helpful} isPressed={rating === 'up'} onPress={() => choose('up')} />
        <Thumb points="down" label={say.unhelpful} isPressed={rating === 'down'} onPress={() => choose('down')} />
        <span class="quiet" role="status">
          {isKept ? say.feedbackKept : ''}
        </span>
      </div>
      {problem === null ? null : <ProblemNote problem={problem} />}
      {rating === null || isTold ? null : (
        <Details
          key={rating}
          rating={rating}
          onTell={(feedback) => {
            setTold(true)
            void send(feedback)
          }}
        />
      )}
    </section>
  )
}

function Thumb(props: { points: Rating; label: string; isPressed: boolean; onPress: () => void }) {
  return (
    <button type="button" class="button button-quiet thumb" aria-pressed={props.isPressed} onClick={props.onPress}>
      <ThumbSign points={props.points} /> {props.label}
    </button>
  )
}

/** Drawn, because not every machine has a font with the emoji. */
function ThumbSign({ points }: { points: Rating }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" transform={points === 'up' ? undefined : 'scale(1 -1)'}>
      <path d="M7 9l3.4-6c1.5 0 2.2 1.2 1.8 2.7L11.5 8H16c1 0 1.6.9 1.3 1.9l-1.7 5.7c-.2.8-.8 1.4-1.6 1.4H7zM3 9h2v8H3z" />
    </svg>
  )
}

function Details({ rating, onTell }: { rating: Rating; onTell: (feedback: FeedbackRequest) => void }) {
  const say = useMessages()
  const [reason, setReason] = useState('')
  const [correctedAnswer, setCorrectedAnswer] = useState('')
  const tell = () =>
    onTell({
      rating,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(correctedAnswer.trim() === '' ? {} : { correctedAnswer: correctedAnswer.trim() }),
    })
  return (
    <form
      class="feedback-details"
      onSubmit={(event) => {
        event.preventDefault()
        tell()
      }}
    >
      <label>
        {say.feedbackReason}
        <input type="text" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {rating === 'up' ? null : (
        <label>
          {say.correctedAnswer}
          <textarea
            rows={2}
            value={correctedAnswer}
            onInput={(event) => setCorrectedAnswer(event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" class="button">
        {say.feedbackSend}
      </button>
    </form>
  )
}
