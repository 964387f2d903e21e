import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { InkstoneService } from '../../core/service.js'
import type { JudgedQuestion, LearnedAnswerability, LearnedTrust, Tuned, TuneStep } from '../../core/tuning.js'
import { readGolden } from '../../eval/golden.js'
import type { CliContext } from '../context.js'
import { connectFor, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { answerabilityLine } from '../render/answerability.js'
import { countText } from '../render/quantity.js'
import { trustLine, trustNotes } from '../render/trust.js'

/** `inkstone kb tune`: how much the vector index finds, and the cheapest settings with which it finds enough. */
export function tuneCommand(context: CliContext): Command {
  return documentedCommand(
    'tune',
    'Measure the vector index against exact search, and set it so that it finds enough.',
    {
      examples: [
        { line: 'inkstone kb tune law', does: 'after a large knowledge base was filled or has grown' },
        {
          line: 'inkstone kb tune law --golden questions.jsonl',
          does: 'learns how far the vectors are to be trusted and when to refuse, too',
        },
      ],
      json: 'one document, {"knowledgeBase", "chunks", "tuned": null | {"chosen", "steps", "target", "queries", "measuredWith", "measuredAt"}}; null: every search is exact. With --golden also "trust": {"outcome", "denseTrust", "best", "questions", "usual", "crossValidated", "gain", "tried"} and "answerability": {"outcome", "model", "answerable", "unanswerable", "usual", "crossValidated", "gain"}.',
    },
  )
    .argument('<kb>', 'slug or id')
    .option(
      '--golden <file>',
      'golden questions to learn from how far the vectors are to be trusted beside the terms, and when an answer is to be refused',
    )
    .action(async (kb: string, { golden }: { golden?: string }, command: Command) => {
      const questions = golden === undefined ? undefined : await readQuestions(resolve(context.cwd, golden))
      const { service } = await connectFor(command, context)
      try {
        await tune(kb, { service, context, questions, json: wantsJson(command) })
      } finally {
        await service.close()
      }
    })
}

async function readQuestions(path: string): Promise<JudgedQuestion[]> {
  const questions = await readGolden(path)
  return questions.map(({ id, question, history, expected, alternatives }) => {
    return { id, question, history, expected, alternatives }
  })
}

interface TuneRun {
  service: InkstoneService
  context: CliContext
  questions: JudgedQuestion[] | undefined
  json: boolean
}

async function tune(kb: string, { service, context, questions, json }: TuneRun): Promise<void> {
  const { terminal, signal } = context
  const { id, slug } = await service.getKnowledgeBase(kb)
  const { chunks } = await service.getIndexState(id)
  let tuned: Tuned | null = null
  let trust: LearnedTrust | null = null
  let answerability: LearnedAnswerability | null = null
  for await (const event of service.tuneKnowledgeBase(id, { ...(questions ? { questions } : {}), signal })) {
    if (event.stage === 'asking' && event.done === 1) terminal.note(`asking ${countText(event.total, 'question')}`)
    if (event.stage === 'learned') trust = event.trust
    if (event.stage === 'judging' && event.done === 1) terminal.note('gathering what tells whether there is an answer')
    if (event.stage === 'calibrated') answerability = event.answerability
    if (event.stage === 'comparing' && event.done === 1) terminal.note(`comparing ${event.total} vectors exactly`)
    if (event.stage === 'measured') terminal.note(stepText(event.step))
    if (event.stage === 'done') tuned = event.tuned
  }
  if (tuned !== null && tuned.chosen.recall < tuned.target) context.setExitCode(1)
  if (json) {
    const learned = { ...(trust === null ? {} : { trust }), ...(answerability === null ? {} : { answerability }) }
    return terminal.printJson({ knowledgeBase: slug, chunks, tuned, ...learned })
  }
  if (trust !== null) {
    for (const note of trustNotes(trust)) terminal.note(note)
    terminal.print(`${slug}: ${trustLine(trust)}`)
  }
  if (answerability !== null) terminal.print(`${slug}: ${answerabilityLine(answerability)}`)
  if (tuned === null) {
    return terminal.print(`${slug}: ${countText(chunks, 'chunk')}, every search is exact: there is nothing to tune`)
  }
  terminal.print(`${slug}: ${stepText(tuned.chosen)}`)
  if (tuned.chosen.recall < tuned.target) {
    terminal.note(`no setting found ${percent(tuned.target)}; this one found most and is used`)
  }
  if (tuned.measuredWith === 'own vectors') {
    terminal.note('measured with the table’s own vectors, which lie closer to it than questions do')
  }
}

function stepText({ partitions, candidates, recall, p50Ms }: TuneStep): string {
  return `recall@10 ${percent(recall)} with ${partitions} partitions and ${candidates} candidates, ${p50Ms.toFixed(1)} ms`
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
