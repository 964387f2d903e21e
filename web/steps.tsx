import type { Step, StepPlace } from '../src/core/answer.js'
import { useMessages } from './language.js'
import type { Messages } from './messages.js'

/** How a deep answer was looked for; it folds up when that is over. */
export function Steps({ steps, isGrowing }: { steps: readonly Step[]; isGrowing: boolean }) {
  const say = useMessages()
  return (
    <details class="steps" open={isGrowing}>
      <summary>{say.steps(steps.length)}</summary>
      <ol class="step-list">
        {steps.map((step, index) => (
          <StepItem key={String(index)} step={step} />
        ))}
      </ol>
    </details>
  )
}

function StepItem({ step }: { step: Step }) {
  const say = useMessages()
  const { title, details } = wordsOf(step, say)
  const understood = step.kind === 'search' || step.understood
  const shown = understood ? details : [say.notUnderstood, ...details]
  return (
    <li>
      <p class="step-title">
        <span class="step-kind">{say.stepKind[step.kind]}</span>
        {title}
        <span class="step-took">{say.took(step.ms, step.usage.inputTokens + step.usage.outputTokens)}</span>
      </p>
      {shown.length === 0 ? null : (
        <ul class="step-details">
          {shown.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
    </li>
  )
}

function wordsOf(step: Step, say: Messages): { title: string; details: string[] } {
  switch (step.kind) {
    case 'plan':
      return { title: '', details: step.subQuestions }
    case 'search': {
      const found = step.found.map((place) => placeText(place, say))
      return { title: step.subQuestion, details: found.length > 0 ? [found.join('; ')] : [say.nothingFound] }
    }
    case 'read': {
      const notes = step.notes.map((note) => `${note.text} (${placeText(note, say)})`)
      return { title: step.subQuestion, details: notes.length > 0 ? notes : [say.nothingUseful] }
    }
    case 'decide':
      if (step.subQuestions.length > 0) return { title: '', details: step.subQuestions }
      return { title: step.enough ? say.enoughKnown : say.nothingMore, details: [] }
    default:
      return step satisfies never
  }
}

function placeText({ documentTitle, page }: StepPlace, say: Messages): string {
  return page === null ? documentTitle : `${documentTitle}, ${say.page(page)}`
}
