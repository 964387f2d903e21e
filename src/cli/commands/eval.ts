import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { namesOf } from '../../eval/evaluation.js'
import { type Gate, parseGate, unknownGates } from '../../eval/gates.js'
import { checkComparable, readRun } from '../../eval/saved-run.js'
import { type Half, halves } from '../../eval/select-questions.js'
import type { CliContext } from '../context.js'
import { evaluateBeir } from '../evaluate-beir.js'
import { evaluateGolden } from '../evaluate-golden.js'
import { type Evaluated, type EvaluationIdentity, finishEvaluation } from '../finish-evaluation.js'
import { configOf, connectFor, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { stepDisplay } from '../render/evaluation-progress.js'
import { type ReportLanguage, systemLanguage } from '../render/report-labels.js'
import { checkReportPath } from '../write-report.js'
import { candidatesCommand } from './eval-candidates.js'

interface EvalFlags {
  golden?: string
  beir?: string
  kb: string
  half?: Half
  limitQueries?: number
  cache?: string
  min?: Gate[]
  max?: Gate[]
  save?: string
  compare?: string
  report?: string
  reportLanguage: ReportLanguage
  details?: boolean
}

/** `inkstone eval`: how well questions are answered, or how well a retrieval set is searched. Ends with 1 when a gate is missed. */
export function evalCommand(context: CliContext): Command {
  const command = documentedCommand('eval', 'Measure retrieval, answers and refusals on your own questions.', {
    examples: [
      { line: 'inkstone eval --golden data/sample/golden.jsonl --kb sample', does: 'the sample documents' },
      {
        line: 'inkstone eval --golden questions.jsonl --kb default --report report.html',
        does: 'a page with plots and a row for each question as well',
      },
      {
        line: 'inkstone eval --golden questions.jsonl --min hit@5=0.9 --max falseAnswers=0.1',
        does: 'ends with 1 when a figure is worse than that',
      },
      { line: 'inkstone eval --beir scifact --save before.json', does: 'a retrieval set, and keeps the run' },
      {
        line: 'inkstone eval --beir scifact --compare before.json',
        does: 'says what has changed, and whether by chance',
      },
    ],
    json: 'one document: {"questions", "retrieval", "answers", "latencyMs", "levels", "kinds"}, with --beir {"set", "passages", "queries", "modes", …}; shares are 0 to 1.',
  })
  return command
    .addCommand(candidatesCommand(context))
    .addOption(
      new Option('--golden <file>', 'golden set: one question a line, as data/sample/README.md describes').conflicts(
        'beir',
      ),
    )
    .option('--beir <folder>', 'retrieval set: corpus.jsonl, queries.jsonl and qrels.tsv, plain or .gz; needs no home')
    .option('--kb <slug>', 'knowledge base to ask (with --golden)', 'default')
    .addOption(new Option('--half <half>', 'only one half of the questions, chosen by their ids').choices(halves))
    .option('--limit-queries <count>', 'only the first questions', positive)
    .option('--cache <folder>', 'where vectors of a retrieval set are kept (default: eval-cache in the home)')
    .option('--min <metric=value>', 'end with 1 when a figure is lower; may be given several times', gatesOf('min'))
    .option('--max <metric=value>', 'end with 1 when a figure is higher; may be given several times', gatesOf('max'))
    .option('--save <file>', 'keep the run, to compare with later')
    .option('--compare <file>', 'compare with a run that was kept')
    .option('--report <file>', 'write a page (HTML) with plots and a row for each question')
    .addOption(
      new Option('--report-language <language>', 'language of the report')
        .choices(['en', 'zh'])
        .default(systemLanguage(), "the system's"),
    )
    .option('--details', 'one line for each question, on standard error (with --golden)')
    .action((flags: EvalFlags, given: Command) => evaluate(context, flags, given))
}

function positive(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('expected a whole number above 0.')
  return count
}

function gatesOf(kind: Gate['kind']) {
  return (text: string, before: Gate[] | undefined): Gate[] => {
    const gate = parseGate(kind, text)
    if (gate === null) throw new InvalidArgumentError('expected a metric and a value from 0 to 1, such as hit@5=0.9.')
    return [...(before ?? []), gate]
  }
}

async function evaluate(context: CliContext, flags: EvalFlags, command: Command): Promise<void> {
  const { terminal, cwd } = context
  const gates = [...(flags.min ?? []), ...(flags.max ?? [])]
  checkUsage(flags, gates, command)
  const pathOf = (path: string | undefined) => (path === undefined ? null : resolve(cwd, path))
  const [save, report, compared] = [pathOf(flags.save), pathOf(flags.report), pathOf(flags.compare)]
  if (save !== null) await checkReportPath(save, { kind: 'run' })
  if (report !== null) await checkReportPath(report)
  const before = compared === null ? null : await readRun(compared)
  const evaluated = await run(context, flags, command, (identity) => {
    if (before !== null) checkComparable(before, identity)
  })
  const options = { before, gates, json: wantsJson(command), save, report, reportLanguage: flags.reportLanguage }
  await finishEvaluation(evaluated, { terminal, setExitCode: context.setExitCode }, options)
}

/** What is wrong with the flags is said before hours of work. */
function checkUsage({ golden, beir }: EvalFlags, gates: readonly Gate[], command: Command): void {
  if (golden === undefined && beir === undefined) {
    command.error('eval needs questions: name a golden set with --golden FILE, or a retrieval set with --beir FOLDER')
  }
  const { figures } = namesOf[golden === undefined ? 'beir' : 'golden']
  const [unknown] = unknownGates(gates, figures)
  if (unknown !== undefined) command.error(`there is no metric ${unknown.metric}; there are ${figures.join(', ')}`)
}

async function run(
  context: CliContext,
  { golden, beir, kb, half, limitQueries: limit, cache, details = false }: EvalFlags,
  command: Command,
  onQuestions: (identity: EvaluationIdentity) => void,
): Promise<Evaluated> {
  const display = stepDisplay(context.terminal)
  const common = { half, limit, display, onQuestions }
  try {
    if (golden === undefined) {
      return await evaluateBeir(context, configOf(command, context), { folder: beir ?? '', cache, ...common })
    }
    const connect = async () => (await connectFor(command, context)).service
    return await evaluateGolden(context, { file: golden, knowledgeBase: kb, details, connect, ...common })
  } finally {
    display.stop()
  }
}
