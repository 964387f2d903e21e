import { type GoldenReport, isHit, type Outcome } from '../../eval/metrics.js'
import { alignColumns } from './table.js'

/** The report of a golden set as a table for people. */
export function goldenLines({ questions, retrieval, answers, latencyMs, kinds }: GoldenReport): string[] {
  return [
    ...alignColumns(
      [
        ['', 'questions', 'hit@1', 'hit@5', 'contained', 'refused'],
        ...Object.entries(kinds).map(([kind, figures]) => [
          kind,
          String(figures.questions),
          percent(figures['hit@1']),
          percent(figures['hit@5']),
          percent(figures.contained),
          percent(figures.refused),
        ]),
      ],
      { right: [1, 2, 3, 4, 5] },
    ),
    '',
    ...alignColumns(
      [
        ['questions', String(questions)],
        ['hit@1, hit@5 (one document)', `${percent(retrieval['hit@1'])}  ${percent(retrieval['hit@5'])}`],
        ['answer holds the expected one', percent(answers.contained)],
        ['quotes verified', percent(answers.verifiedQuotes)],
        ['false refusals', percent(answers.falseRefusals)],
        ['right refusals', percent(answers.rightRefusals)],
        ['false answers', percent(answers.falseAnswers)],
        ['latency p50, p95', `${Math.round(latencyMs.p50)} ms  ${Math.round(latencyMs.p95)} ms`],
      ],
      { right: [1] },
    ),
  ]
}

/** How one question went, in one line. */
export function outcomeLine({ question, found, refused, text, latencyMs }: Outcome): string {
  const rank = found.findIndex((_, index) => isHit(question, found, index + 1)) + 1
  const place = question.kind === 'unanswerable' ? '-' : rank === 0 ? 'not found' : `found at ${rank}`
  const said = refused ? 'refused' : `answered: ${(text ?? '').replace(/\s+/g, ' ').slice(0, 100)}`
  return `${question.id}  ${question.kind}  ${place}  ${Math.round(latencyMs)} ms  ${question.question}  →  ${said}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
