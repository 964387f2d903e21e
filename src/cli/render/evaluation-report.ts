import { modeMetrics } from '../../eval/beir-report.js'
import type { Comparison, QuestionChange } from '../../eval/compare.js'
import { type EvaluationSummary, namesOf } from '../../eval/evaluation.js'
import { levelMetrics } from '../../eval/golden-report.js'
import type { MeasuredQuestion } from '../../eval/measured.js'
import { levels } from '../../eval/places.js'
import { modes } from '../../eval/run-beir.js'
import type { SavedRun } from '../../eval/saved-run.js'
import { type EvaluationLabels, evaluationLabels } from './evaluation-labels.js'
import { evaluationPlots } from './evaluation-plots.js'
import { escaped, sourceHash } from './html.js'
import { evaluationStyle, reportStyle } from './report-assets.js'
import type { ReportLanguage } from './report-labels.js'

export interface EvaluationReportOptions {
  summary: EvaluationSummary
  /** With the run that it is compared with; both null for none. */
  comparison: Comparison | null
  before: SavedRun | null
  language: ReportLanguage
}

/** Rows that a browser lays out without making people wait. */
const mostRows = 2_000

/**
 * A page with the figures, plots and a row for each question: one HTML file that needs nothing else. No script may run
 * in it, and nothing in it comes from elsewhere.
 */
export function evaluationReport(
  run: SavedRun,
  { summary, comparison, before, language }: EvaluationReportOptions,
): string {
  const labels = evaluationLabels[language]
  return [
    head(labels, language),
    `<h1>${labels.title}</h1>`,
    facts(run, before, labels),
    cards(run, summary, labels),
    figures(summary, labels),
    `<div class="plots">${evaluationPlots(run, labels).join('')}</div>`,
    ...(summary.kind === 'golden' ? [`<p class="hint">${labels.nearestNote}</p>`] : []),
    ...(comparison === null ? [] : [changes(comparison, labels)]),
    questionTable(run, comparison, labels),
    '</body></html>',
    '',
  ].join('\n')
}

function head(labels: EvaluationLabels, language: ReportLanguage): string {
  const style = reportStyle + evaluationStyle
  const policy = `default-src 'none'; style-src '${sourceHash(style)}'; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    `<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${labels.title}</title><style>${style}</style></head><body>`,
  ].join('\n')
}

function facts(run: SavedRun, before: SavedRun | null, labels: EvaluationLabels): string {
  const pairs: [string, string][] = [
    [labels.set, run.set],
    [labels.started, run.startedAt],
    [labels.model, run.embeddingModelId],
    [labels.version, run.version],
  ]
  if (before !== null) {
    pairs.push([labels.comparedWith, `${before.startedAt}, ${before.version}, ${before.embeddingModelId}`])
  }
  return `<dl>${pairs.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`
}

function cards(run: SavedRun, { kind, report }: EvaluationSummary, labels: EvaluationLabels): string {
  const card = (name: string, value: string | number) => `<li><b>${value}</b>${escaped(name)}</li>`
  const main =
    kind === 'beir'
      ? [
          card(labels.passages, report.passages),
          card(labels.chunks, report.chunks),
          ...modeMetrics.map((metric) => card(metric, share(report.modes.reranked[metric]))),
        ]
      : [
          card('hit@1', share(report.retrieval['hit@1'])),
          card('hit@5', share(report.retrieval['hit@5'])),
          ...Object.entries(report.answers).map(([name, value]) => card(name, share(value))),
          card('p50 ms', report.latencyMs.p50.toFixed(0)),
          card('p95 ms', report.latencyMs.p95.toFixed(0)),
        ]
  return `<ul class="cards">${card(labels.questions, run.questions.length)}${main.join('')}</ul>`
}

function figures({ kind, report }: EvaluationSummary, labels: EvaluationLabels): string {
  if (kind === 'beir') {
    const rows = modes.map((mode) => {
      const { p50Ms, p95Ms, ...shares } = report.modes[mode]
      return [mode, ...modeMetrics.map((metric) => share(shares[metric])), p50Ms.toFixed(1), p95Ms.toFixed(1)]
    })
    return `<div class="side">${table(labels.retrieval, ['', ...modeMetrics, 'p50 ms', 'p95 ms'], rows)}</div>`
  }
  const byLevel = levels.map((level) => [level, ...levelMetrics.map((metric) => share(report.levels[level][metric]))])
  const byKind = Object.entries(report.kinds).map(([name, { questions, ...shares }]) => [
    name,
    String(questions),
    // Nothing is to be found for these.
    ...(name === 'unanswerable' ? ['–', '–', '–', share(shares.refused)] : Object.values(shares).map(share)),
  ])
  return [
    '<div class="side">',
    table(labels.retrieval, ['', ...levelMetrics], byLevel),
    table(labels.perKind, ['', labels.questions, 'hit@1', 'hit@5', 'contained', 'refused'], byKind),
    '</div>',
  ].join('')
}

function changes({ metrics, questions }: Comparison, labels: EvaluationLabels): string {
  const rows = metrics.map(({ metric, before, after, difference, low, high, p }) => [
    metric,
    share(before),
    share(after),
    signed(difference),
    `${signed(low)} … ${signed(high)}`,
    p.toFixed(4),
    difference === 0 ? '' : p < 0.05 ? labels.real : labels.unsure,
  ])
  const top = [labels.metric, labels.before, labels.after, labels.difference, labels.interval, labels.byChance, '']
  const count = (change: QuestionChange['change']) => questions.filter((each) => each.change === change).length
  const counts = `${labels.worse}: ${count('worse')}, ${labels.better}: ${count('better')}`
  return `<div class="side">${table(labels.changes, top, rows)}</div><p>${counts}</p>`
}

function table(title: string, top: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: 'th' | 'td') =>
    row.map((cell, index) => `<${tag}${index === 0 ? '' : ' class="n"'}>${escaped(cell)}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')
  return `<section><h2>${escaped(title)}</h2><table><thead><tr>${cells(top, 'th')}</tr></thead><tbody>${body}</tbody></table></section>`
}

function questionTable(run: SavedRun, comparison: Comparison | null, labels: EvaluationLabels): string {
  const { deciding } = namesOf[run.kind]
  const worth = ({ values }: MeasuredQuestion) => deciding.reduce((sum, metric) => sum + (values[metric] ?? 0), 0)
  const changed = new Map(comparison?.questions.map((change) => [change.id, change]) ?? [])
  const sorted = run.questions.toSorted(
    (a, b) => verdictOrder[a.verdict] - verdictOrder[b.verdict] || worth(a) - worth(b),
  )
  const columns = run.kind === 'beir' ? modes : levels
  const rows = sorted
    .slice(0, mostRows)
    .map((each) => questionRow(each, { columns, labels, change: changed.get(each.id) }))
  const left = run.questions.length - rows.length
  const top = [
    `<th class="id">${labels.id}</th><th class="kind">${labels.kind}</th><th>${labels.question}</th>`,
    ...columns.map((column) => `<th class="n">${column}</th>`),
    `<th class="verdict">${labels.verdict}</th><th class="n">ms</th><th class="change">${labels.change}</th>`,
  ]
  return [
    `<h2>${labels.worstFirst}</h2>`,
    `<div class="wide"><table id="questions"><thead><tr>${top.join('')}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div>',
    ...(left > 0 ? [`<p class="hint">${left} ${labels.notShown}</p>`] : []),
  ].join('\n')
}

const verdictOrder: Record<MeasuredQuestion['verdict'], number> = {
  wrong: 0,
  refused: 1,
  searched: 2,
  answered: 2,
  right: 3,
}

const verdictClass: Record<MeasuredQuestion['verdict'], string> = {
  right: 'read',
  wrong: 'refused',
  refused: 'partly',
  answered: '',
  searched: '',
}

/** Beginning of an answer that is shown. */
const saidCharacters = 200

function questionRow(
  { id, kind, question, ranks, verdict, ms, said }: MeasuredQuestion,
  {
    columns,
    labels,
    change,
  }: { columns: readonly string[]; labels: EvaluationLabels; change: QuestionChange | undefined },
): string {
  const rank = (column: string) => ranks[column] ?? (column in ranks ? labels.notFound : '')
  const answer = said === null ? '' : `<div class="hint">${escaped(beginningOf(said))}</div>`
  return [
    `<tr><td>${escaped(id)}</td><td>${escaped(kind)}</td><td>${escaped(question)}${answer}</td>`,
    ...columns.map((column) => `<td class="n">${rank(column)}</td>`),
    `<td class="${verdictClass[verdict]}">${labels.verdicts[verdict]}</td>`,
    `<td class="n">${(ms.answer ?? ms.reranked ?? 0).toFixed(0)}</td>${changeCell(change, labels)}</tr>`,
  ].join('')
}

function beginningOf(said: string): string {
  return Array.from(said.replace(/\s+/g, ' ')).slice(0, saidCharacters).join('')
}

function changeCell(change: QuestionChange | undefined, labels: EvaluationLabels): string {
  if (change === undefined) return '<td></td>'
  const place = (rank: number | null) => rank ?? labels.notFound
  const moves = Object.entries(change.ranks).map(
    ([name, { before, after }]) => `${name} ${place(before)} → ${place(after)}`,
  )
  if (change.verdict !== null) {
    moves.push(`${labels.verdicts[change.verdict.before]} → ${labels.verdicts[change.verdict.after]}`)
  }
  const title = change.change === 'better' ? labels.better : labels.worse
  const lines = [title, ...moves].map((line) => `<div>${escaped(line)}</div>`)
  return `<td class="${change.change === 'better' ? 'read' : 'refused'}">${lines.join('')}</td>`
}

function share(part: number): string {
  return part.toFixed(3)
}

function signed(difference: number): string {
  if (difference === 0) return (0).toFixed(3)
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(3)}`
}
