import { goldenDepths } from '../../eval/golden-report.js'
import type { MeasuredQuestion } from '../../eval/measured.js'
import { levels } from '../../eval/places.js'
import { curveDepths, modes } from '../../eval/run-beir.js'
import type { SavedRun } from '../../eval/saved-run.js'
import { mean, percentile } from '../../eval/statistics.js'
import type { EvaluationLabels } from './evaluation-labels.js'
import { evenTicks, histogram, linePlot, percentAxis, roundAxis, type Series } from './plots.js'

/** The plots of a run, each an HTML figure. Those that its questions say nothing for are left out. */
export function evaluationPlots({ kind, questions }: SavedRun, labels: EvaluationLabels): string[] {
  const scored = questions.filter(({ nearest }) => nearest !== null)
  const hasBoth = new Set(scored.map((question) => question.kind === 'unanswerable')).size === 2
  return [
    kind === 'beir'
      ? recallPlot(questions, modes, curveDepths, labels)
      : recallPlot(questions, levels, goldenDepths, labels),
    ...(hasBoth ? [scorePlot(scored, labels), reliabilityPlot(scored, labels)] : []),
    latencyPlot(questions, labels),
  ]
}

function recallPlot(
  questions: readonly MeasuredQuestion[],
  names: readonly string[],
  depths: readonly number[],
  labels: EvaluationLabels,
): string {
  const series = names.map((name) => ({
    name,
    points: depths.map((depth, index) => ({
      x: index,
      y: mean(questions.flatMap(({ values }) => values[`${name}.recall@${depth}`] ?? [])),
    })),
  }))
  const ticks = depths.map((depth, index) => ({ at: index, text: String(depth) }))
  const x = { label: labels.depth, min: 0, max: depths.length - 1, ticks }
  return linePlot(series, { title: labels.recallCurve, x, y: percentAxis(1), dots: true })
}

function scorePlot(scored: readonly MeasuredQuestion[], labels: EvaluationLabels): string {
  const of = (isUnanswerable: boolean) =>
    scored.flatMap(({ kind, nearest }) => ((kind === 'unanswerable') === isUnanswerable ? (nearest ?? []) : []))
  const series = [
    { name: labels.answerable, values: of(false) },
    { name: labels.unanswerable, values: of(true) },
  ]
  return histogram(series, { title: labels.scores, label: labels.nearest })
}

const reliabilityDots = 8

function reliabilityPlot(scored: readonly MeasuredQuestion[], labels: EvaluationLabels): string {
  const sorted = scored.toSorted((a, b) => (a.nearest ?? 0) - (b.nearest ?? 0))
  const points = Array.from({ length: reliabilityDots }, (_, bin) => {
    const from = Math.floor((bin * sorted.length) / reliabilityDots)
    const within = sorted.slice(from, Math.floor(((bin + 1) * sorted.length) / reliabilityDots))
    return {
      x: mean(within.map(({ nearest }) => nearest ?? 0)),
      y: mean(within.map(({ values }) => values['page.hit@5'] ?? 0)),
    }
  })
  const [min, max] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))]
  const x = { label: labels.nearest, min, max, ticks: evenTicks(min, max, 5, 2) }
  return linePlot([{ name: labels.found, points }], { title: labels.reliability, x, y: percentAxis(1), dots: true })
}

const latencySteps = 50

/** Cumulative shares, up to the 99th percentile of the slowest. */
function latencyPlot(questions: readonly MeasuredQuestion[], labels: EvaluationLabels): string {
  const names = [...new Set(questions.flatMap(({ ms }) => Object.keys(ms)))]
  const times = names.map((name) => questions.flatMap(({ ms }) => ms[name] ?? []))
  const x = roundAxis(Math.max(1, ...times.map((values) => percentile(values, 0.99))), labels.milliseconds)
  const series: Series[] = names.map((name, index) => ({ name, points: cumulative(times[index] ?? [], x.max) }))
  return linePlot(series, { title: labels.latency, x, y: percentAxis(1) })
}

function cumulative(times: readonly number[], slowest: number): Series['points'] {
  return Array.from({ length: latencySteps + 1 }, (_, step) => {
    const within = (slowest * step) / latencySteps
    return { x: within, y: times.filter((time) => time <= within).length / (times.length || 1) }
  })
}
