import { useState } from 'preact/hooks'
import type { AnswerMode } from '../src/core/answer.js'
import { useMessages } from './language.js'

interface ComposerProps {
  busy: boolean
  disabled: boolean
  onAsk: (question: string, options: { mode: AnswerMode }) => void
  onStop: () => void
}

/** The field for the question, with a button that asks, or stops the answer that is arriving. */
export function Composer({ busy, disabled, onAsk, onStop }: ComposerProps) {
  const say = useMessages()
  const [draft, setDraft] = useState('')
  const [isDeep, setIsDeep] = useState(false)
  const question = draft.trim()
  const canAsk = question !== '' && !busy && !disabled
  const ask = () => {
    if (!canAsk) return
    onAsk(question, { mode: isDeep ? 'deep' : 'quick' })
    setDraft('')
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <label class="visually-hidden" for="question">
        {say.questionLabel}
      </label>
      <textarea
        id="question"
        rows={Math.min(6, draft.split('\n').length)}
        value={draft}
        maxLength={maxQuestionCharacters}
        placeholder={say.questionPlaceholder}
        aria-describedby="composer-hint"
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
          event.preventDefault()
          ask()
        }}
      />
      {busy ? (
        <button type="button" class="button button-primary" onClick={onStop}>
          {say.stop}
        </button>
      ) : (
        <button type="submit" class="button button-primary" disabled={!canAsk}>
          {say.send}
        </button>
      )}
      <div class="composer-foot">
        <label class="deep-switch" title={say.deepHint}>
          <input type="checkbox" checked={isDeep} onChange={(event) => setIsDeep(event.currentTarget.checked)} />
          {say.deep}
        </label>
        <p id="composer-hint" class="composer-hint">
          {say.composerHint}
        </p>
      </div>
    </form>
  )
}

/** The server refuses longer ones. */
const maxQuestionCharacters = 4000

/**
 * Whether Enter picks a candidate of an input method instead of ending the question. Safari ends the composition
 * before it tells of the key, and marks that key with 229 alone.
 */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}
