import type { AnswerRecord, AnswerSummary, Feedback } from '../../core/answer-record.js'
import type { Terminal } from '../terminal.js'
import { citationLines, snippet } from './passage.js'
import { stepLines } from './step.js'

const questionShown = 60

/** A table of answers, its header first. */
export function summaryRows(items: readonly AnswerSummary[]): string[][] {
  const rows = items.map(({ id, askedAt, status, modelId, feedback, question }) => [
    id,
    momentText(askedAt),
    status,
    modelId,
    feedback?.rating ?? '–',
    snippet(question, questionShown),
  ])
  return [['ID', 'ASKED (UTC)', 'STATUS', 'MODEL', 'RATING', 'QUESTION'], ...rows]
}

/** `2026-11-20 08:00:05`, in UTC. */
export function momentText(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ')
}

/** An answer as it was given: question, the steps of a deep one, text, citations, what readers said. */
export function recordLines(record: AnswerRecord, paint: Terminal['paint']): string[] {
  const { id, question, askedAt, status, modelId, answer, feedback } = record
  const about = `${id} · ${momentText(askedAt)} UTC · ${modelId} · ${status}`
  const searchedFor = answer.searchedFor === question ? [] : [paint('dim', `searched for: ${answer.searchedFor}`)]
  return [
    paint('bold', question),
    paint('dim', about),
    ...searchedFor,
    ...(answer.steps ?? []).flatMap(stepLines).map((line) => paint('dim', line)),
    '',
    ...bodyLines(answer, paint),
    ...feedbackLines(feedback, paint),
  ]
}

function bodyLines(answer: AnswerRecord['answer'], paint: Terminal['paint']): string[] {
  if (answer.status === 'abstained') return [answer.message]
  if (answer.status !== 'answered') {
    const why = answer.problem === null ? 'it was stopped here' : `it failed here: ${answer.problem.message}`
    return [...(answer.text === '' ? [] : [answer.text]), paint('yellow', `(${why})`)]
  }
  const notice = answer.notice === null ? [] : [paint('yellow', `note: ${answer.notice}`)]
  const citations = answer.citations.toSorted((a, b) => a.marker - b.marker)
  return [answer.text, ...notice, ...citations.flatMap((citation) => ['', ...citationLines(citation, paint)])]
}

function feedbackLines(feedback: Feedback | null, paint: Terminal['paint']): string[] {
  if (feedback === null) return []
  const { rating, reason, correctedAnswer, at } = feedback
  return [
    '',
    `${paint('bold', `Rated ${rating}`)} ${paint('dim', `${momentText(at)} UTC`)}`,
    ...(reason === null ? [] : [`  reason: ${reason}`]),
    ...(correctedAnswer === null ? [] : [`  corrected answer: ${correctedAnswer}`]),
  ]
}
