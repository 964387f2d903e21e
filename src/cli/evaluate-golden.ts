import { basename, resolve } from 'node:path'
import type { InkstoneService } from '../core/service.js'
import { goldenHash, goldenRun } from '../eval/evaluation.js'
import { readGolden } from '../eval/golden.js'
import { type Outcome, summarise } from '../eval/golden-report.js'
import { runGolden } from '../eval/run-golden.js'
import { type Half, selectQuestions } from '../eval/select-questions.js'
import type { CliContext } from './context.js'
import type { Evaluated, EvaluationIdentity } from './finish-evaluation.js'
import { outcomeLine } from './render/evaluation.js'
import type { StepDisplay } from './render/evaluation-progress.js'

export interface GoldenOptions {
  file: string
  knowledgeBase: string
  half?: Half | undefined
  limit?: number | undefined
  details: boolean
  display: StepDisplay
  /** Opens the service that is asked. */
  connect(): Promise<InkstoneService>
  /** Called before the first question, with what is going to be measured. */
  onQuestions(identity: EvaluationIdentity): void
}

/**
 * Asks a knowledge base every question of a golden set, as a user would.
 * @throws InkstoneError of the set and the service; `cancelled`
 */
export async function evaluateGolden(context: CliContext, options: GoldenOptions): Promise<Evaluated> {
  const { terminal, signal, cwd, version } = context
  const { knowledgeBase, half, limit, details, display } = options
  const startedAt = new Date().toISOString()
  const questions = selectQuestions(await readGolden(resolve(cwd, options.file)), { half, limit })
  const set = basename(options.file)
  options.onQuestions({ kind: 'golden', set, questionsHash: goldenHash(questions) })
  const service = await options.connect()
  try {
    const outcomes: Outcome[] = []
    for await (const outcome of runGolden(service, questions, { knowledgeBase, signal })) {
      outcomes.push(outcome)
      if (details) terminal.note(outcomeLine(outcome))
      else display.show({ step: 'asking', done: outcomes.length, total: questions.length })
    }
    const report = summarise(outcomes)
    const { embeddingModelId } = await service.status()
    const run = goldenRun(questions, { outcomes, report }, { set, startedAt, version, embeddingModelId })
    return { run, summary: { kind: 'golden', report } }
  } finally {
    await service.close()
  }
}
