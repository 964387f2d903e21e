import { type Comparison, compareRuns } from '../eval/compare.js'
import { type EvaluationSummary, namesOf } from '../eval/evaluation.js'
import { type Gate, missedGates } from '../eval/gates.js'
import type { SavedRun } from '../eval/saved-run.js'
import type { CliContext } from './context.js'
import { comparisonLines, gateLine, summaryLines } from './render/evaluation.js'
import { evaluationReport } from './render/evaluation-report.js'
import type { ReportLanguage } from './render/report-labels.js'
import { writeReport } from './write-report.js'

export type EvaluationIdentity = Pick<SavedRun, 'kind' | 'set' | 'questionsHash'>

/** A run that has ended, question by question and summed up. */
export interface Evaluated {
  run: SavedRun
  summary: EvaluationSummary
}

export interface FinishOptions {
  /** A run to compare with; null for none. */
  before: SavedRun | null
  gates: readonly Gate[]
  json: boolean
  /** Paths; null for none. */
  save: string | null
  report: string | null
  reportLanguage: ReportLanguage
}

/** Prints, saves and compares a run, and ends the program with 1 when it misses a gate. */
export async function finishEvaluation(
  { run, summary }: Evaluated,
  { terminal, setExitCode }: Pick<CliContext, 'terminal' | 'setExitCode'>,
  options: FinishOptions,
): Promise<void> {
  const { before } = options
  const comparison: Comparison | null = before === null ? null : compareRuns(before, run, namesOf[run.kind])
  const missed = missedGates(options.gates, run.figures)
  if (options.json) {
    terminal.printJson({
      ...summary.report,
      ...(comparison === null ? {} : { comparison }),
      ...(options.gates.length === 0 ? {} : { missed }),
    })
  } else {
    for (const line of summaryLines(summary)) terminal.print(line)
    if (comparison !== null) for (const line of ['', ...comparisonLines(comparison)]) terminal.print(line)
  }
  if (options.save !== null) await writeReport(options.save, `${JSON.stringify(run)}\n`, { kind: 'run' })
  if (options.report !== null) {
    const { reportLanguage: language } = options
    await writeReport(options.report, evaluationReport(run, { summary, comparison, before, language }))
  }
  for (const gate of missed) terminal.note(gateLine(gate))
  if (missed.length > 0) setExitCode(1)
}
