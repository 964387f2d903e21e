import { resolve } from 'node:path'
import type { Command } from 'commander'
import { InkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import { type GoldenQuestion, readGolden } from '../../eval/golden.js'
import { type Outcome, summarise } from '../../eval/metrics.js'
import { runGolden } from '../../eval/run-golden.js'
import type { CliContext } from '../context.js'
import { configOf, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { goldenLines, outcomeLine } from '../render/evaluation.js'

interface EvalOptions {
  golden?: string
  kb: string
  details?: boolean
}

/** `inkstone eval`: how well a knowledge base answers the questions of a golden set. */
export function evalCommand(context: CliContext): Command {
  return documentedCommand('eval', 'Measure retrieval, answers and refusals on your own questions.', {
    examples: [
      { line: 'inkstone eval --golden data/sample/golden.jsonl --kb sample', does: 'the sample documents' },
      {
        line: 'inkstone eval --golden questions.jsonl --kb default --details',
        does: 'one line for each question as well',
      },
    ],
    json: 'one document: {"questions", "retrieval", "answers", "latencyMs", "kinds"}; shares are 0 to 1.',
  })
    .option('--golden <file>', 'golden set: one question a line, as data/sample/README.md describes')
    .option('--kb <slug>', 'knowledge base to ask', 'default')
    .option('--details', 'one line for each question, on standard error')
    .action((options: EvalOptions, command: Command) => evaluate(context, options, command))
}

async function evaluate(context: CliContext, { golden, kb, details }: EvalOptions, command: Command): Promise<void> {
  if (golden === undefined) {
    throw new InkstoneError('invalid_request', 'eval needs a golden set', { remedy: 'name one with --golden FILE' })
  }
  const { terminal, signal } = context
  const questions = await readGolden(resolve(context.cwd, golden))
  const { service } = await context.connect(configOf(command, context), { announce: terminal.note })
  try {
    const outcomes = await collect(service, questions, {
      knowledgeBase: kb,
      signal,
      onOutcome: (outcome) => details && terminal.note(outcomeLine(outcome)),
    })
    const report = summarise(outcomes)
    if (wantsJson(command)) return terminal.printJson(report)
    for (const line of goldenLines(report)) terminal.print(line)
  } finally {
    await service.close()
  }
}

async function collect(
  service: InkstoneService,
  questions: readonly GoldenQuestion[],
  { onOutcome, ...options }: { knowledgeBase: string; signal: AbortSignal; onOutcome: (outcome: Outcome) => void },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for await (const outcome of runGolden(service, questions, options)) {
    onOutcome(outcome)
    outcomes.push(outcome)
  }
  return outcomes
}
