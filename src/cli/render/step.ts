import type { Step, StepPlace } from '../../core/answer.js'
import { snippet } from './passage.js'
import { visibleText } from './visible-text.js'

const placesShown = 3

/** A step of a deep answer: what was done and how long it took, then what came of it, a line each. */
export function stepLines(step: Step): string[] {
  const [title, ...details] = linesOf(step)
  const { inputTokens, outputTokens } = step.usage
  const tokens = inputTokens + outputTokens
  const took = [`${(step.ms / 1000).toFixed(1)} s`, ...(tokens > 0 ? [`${tokens} tokens`] : [])].join(', ')
  return [`${title} (${took})`, ...details.map((detail) => `  ${detail}`)]
}

function linesOf(step: Step): string[] {
  switch (step.kind) {
    case 'plan':
      return [`plan${doubt(step)}`, ...step.subQuestions.map(line)]
    case 'search':
      return [`search: ${line(step.subQuestion)}`, foundLine(step.found)]
    case 'read':
      return [
        `read${doubt(step)}: ${line(step.subQuestion)}`,
        ...(step.notes.length === 0 ? ['nothing useful'] : []),
        ...step.notes.map((note) => `${line(note.text)} (${placeName(note)})`),
      ]
    case 'decide':
      return [`decide${doubt(step)}: ${step.enough ? 'enough is known' : next(step)}`, ...step.subQuestions.map(line)]
    default:
      return step satisfies never
  }
}

function next({ subQuestions }: { subQuestions: readonly string[] }): string {
  return subQuestions.length > 0 ? 'more to look into' : 'nothing more to look into'
}

function doubt({ understood }: { understood: boolean }): string {
  return understood ? '' : " (the model's reply could not be used)"
}

function foundLine(places: readonly StepPlace[]): string {
  if (places.length === 0) return 'nothing found'
  const more = places.length > placesShown ? [`and ${places.length - placesShown} more`] : []
  return [...places.slice(0, placesShown).map(placeName), ...more].join('; ')
}

function placeName({ documentTitle, page }: StepPlace): string {
  return visibleText(page === null ? documentTitle : `${documentTitle}, p. ${page}`)
}

function line(text: string): string {
  return visibleText(snippet(text))
}
