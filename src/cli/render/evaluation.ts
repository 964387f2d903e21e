import type { BeirReport } from '../../eval/beir-report.js'
import type { Comparison, QuestionChange } from '../../eval/compare.js'
import type { EvaluationSummary } from '../../eval/evaluation.js'
import type { Gate } from '../../eval/gates.js'
import { type GoldenReport, levelMetrics, type Outcome } from '../../eval/golden-report.js'
import { isHit, levels } from '../../eval/places.js'
import { modes } from '../../eval/run-beir.js'
import { bytesText, secondsText } from './quantity.js'
import { alignColumns } from './table.js'
import { visibleText } from './visible-text.js'

/** The figures of a run as tables for people. */
export function summaryLines(summary: EvaluationSummary): string[] {
  return summary.kind === 'golden' ? goldenLines(summary.report) : beirLines(summary.report)
}

function goldenLines({ questions, retrieval, answers, latencyMs, levels: byLevel, kinds }: GoldenReport): string[] {
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
        ['found', ...levelMetrics],
        ...levels.map((level) => [level, ...levelMetrics.map((metric) => share(byLevel[level][metric]))]),
      ],
      { right: [1, 2, 3, 4, 5, 6] },
    ),
    '',
    ...alignColumns(
      [
        ['questions', String(questions)],
        ['hit@1, hit@5 (one document)', `${percent(retrieval['hit@1'])}  ${percent(retrieval['hit@5'])}`],
        ['answer holds the expected one', percent(answers.contained)],
        ['answer is the expected one, token F1', `${percent(answers.exact)}  ${share(answers.f1)}`],
        ['citations: precision, recall', `${percent(answers.citationPrecision)}  ${percent(answers.citationRecall)}`],
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

function beirLines(report: BeirReport): string[] {
  const { set, passages, twins, chunks, queries, embeddingModelId, indexBytes, embedSeconds, indexSeconds } = report
  const twinsText = twins === 0 ? '' : ` (${twins} the same as one before)`
  return [
    ...alignColumns(
      [
        [set, 'ndcg@10', 'recall@10', 'hit@10', 'mrr@10', 'p50 ms', 'p95 ms'],
        ...modes.map((mode) => {
          const figures = report.modes[mode]
          return [
            mode,
            share(figures['ndcg@10']),
            share(figures['recall@10']),
            share(figures['hit@10']),
            share(figures['mrr@10']),
            figures.p50Ms.toFixed(1),
            figures.p95Ms.toFixed(1),
          ]
        }),
      ],
      { right: [1, 2, 3, 4, 5, 6] },
    ),
    '',
    `${queries} queries, ${passages} passages${twinsText} in ${chunks} chunks, ${embeddingModelId}`,
    `index ${bytesText(indexBytes)}, made in ${secondsText(indexSeconds)}; ${
      embedSeconds === 0 ? 'every vector was cached' : `embedded in ${secondsText(embedSeconds)}`
    }`,
  ]
}

const questionsListed = 20

/** What has changed, metric by metric, and which questions got worse or better, the worst and the best of them. */
export function comparisonLines({ metrics, questions }: Comparison): string[] {
  const better = questions.filter(({ change }) => change === 'better')
  const worse = questions.filter(({ change }) => change === 'worse')
  return [
    ...alignColumns(
      [
        ['', 'before', 'now', 'difference', '95 % interval', 'p', ''],
        ...metrics.map((change) => [
          change.metric,
          share(change.before),
          share(change.after),
          signed(change.difference),
          `${signed(change.low)} … ${signed(change.high)}`,
          change.p.toFixed(4),
          change.difference === 0 ? '' : change.p < 0.05 ? 'real' : 'may be chance',
        ]),
      ],
      { right: [1, 2, 3, 4, 5] },
    ),
    '',
    `${worse.length} questions got worse, ${better.length} better`,
    ...worse.slice(0, questionsListed).map(changeLine),
    ...(worse.length > questionsListed ? [`… and ${worse.length - questionsListed} more that got worse`] : []),
    ...better.toReversed().slice(0, questionsListed).map(changeLine),
    ...(better.length > questionsListed ? [`… and ${better.length - questionsListed} more that got better`] : []),
  ]
}

function changeLine({ id, question, change, gain, ranks, verdict }: QuestionChange): string {
  const place = (rank: number | null) => (rank === null ? '–' : String(rank))
  const moves = Object.entries(ranks).map(([mode, { before, after }]) => `${mode} ${place(before)} → ${place(after)}`)
  if (verdict !== null) moves.push(`${verdict.before} → ${verdict.after}`)
  // Such as when the second of two places is lost.
  if (moves.length === 0) moves.push(signed(gain))
  return visibleText(`${change === 'worse' ? '-' : '+'} ${id}  ${moves.join(', ')}  ${question}`)
}

/** A figure that is worse than its bound. */
export function gateLine({ kind, metric, bound, figure }: Gate & { figure: number }): string {
  return `missed: ${metric} is ${share(figure)}, ${kind === 'min' ? 'at least' : 'at most'} ${bound} was asked for`
}

/** How one question went, in one line. */
export function outcomeLine({ question, found, refused, text, latencyMs }: Outcome): string {
  const rank = found.findIndex((_, index) => isHit(question, found, index + 1)) + 1
  const place = question.kind === 'unanswerable' ? '-' : rank === 0 ? 'not found' : `found at ${rank}`
  const said = refused ? 'refused' : `answered: ${(text ?? '').replace(/\s+/g, ' ').slice(0, 100)}`
  return `${question.id}  ${question.kind}  ${place}  ${Math.round(latencyMs)} ms  ${question.question}  →  ${said}`
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}

function share(part: number): string {
  return part.toFixed(4)
}

function signed(difference: number): string {
  if (difference === 0) return (0).toFixed(4)
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(4)}`
}
