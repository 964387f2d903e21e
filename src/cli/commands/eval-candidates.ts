import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AnswerRecord, Rating } from '../../core/answer-record.js'
import type { InkstoneService } from '../../core/service.js'
import type { Hit } from '../../core/types.js'
import { answerTriples, candidateQuestions, type FileNameOf, type RatedAnswer } from '../../eval/candidates.js'
import { fileNamesById } from '../../eval/expected-documents.js'
import type { CliContext } from '../context.js'
import { wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { countText } from '../render/quantity.js'
import { withService } from '../with-service.js'
import { checkReportPath, writeReport } from '../write-report.js'

interface CandidateFlags {
  out?: string
  triples?: boolean
}

/** `inkstone eval candidates`: what readers said of answers, as questions to measure with or texts to train on. */
export function candidatesCommand(context: CliContext): Command {
  return documentedCommand('candidates', 'Make golden questions, or texts to train on, from rated answers.', {
    examples: [
      { line: 'inkstone eval candidates --out candidates.jsonl', does: 'look them through, then measure with them' },
      { line: 'inkstone eval candidates --triples --out triples.jsonl', does: 'question, answer and sources' },
    ],
    json: 'one document, {"rated", "items", "unplaced"}: the lines, and how many of them name no place to be found.',
  })
    .option('--out <file>', 'where the lines go (default: standard output)')
    .option('--triples', 'only liked answers whose every citation is verified, with their sources')
    .action((flags: CandidateFlags, command: Command) => candidates(context, flags, command))
}

async function candidates(context: CliContext, flags: CandidateFlags, command: Command): Promise<void> {
  const { terminal, cwd } = context
  const out = flags.out === undefined ? null : resolve(cwd, flags.out)
  if (out !== null) await checkReportPath(out, { kind: 'candidates' })
  await withService(context, command, async (service) => {
    const rated = await ratedAnswers(service)
    const fileNameOf = await fileNames(service)
    const questions = flags.triples === true ? [] : candidateQuestions(rated, fileNameOf)
    const items = flags.triples === true ? answerTriples(rated, fileNameOf) : questions
    const unplaced = questions.filter(({ kind, expected }) => kind !== 'unanswerable' && expected.length === 0).length
    const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('')
    if (out !== null) await writeReport(out, lines, { kind: 'candidates' })
    if (wantsJson(command)) terminal.printJson({ rated: rated.length, items, unplaced })
    else if (out === null) terminal.write(lines)
    const what = countText(items.length, flags.triples === true ? 'triple' : 'question')
    terminal.note(`${what} from ${countText(rated.length, 'rated answer')}`)
    if (unplaced > 0) terminal.note(`${unplaced} of them name no place to be found: add one to "expected"`)
  })
}

async function ratedAnswers(service: InkstoneService): Promise<RatedAnswer[]> {
  const ids = [...(await idsRated(service, 'up')), ...(await idsRated(service, 'down'))]
  const rated: RatedAnswer[] = []
  for (const id of ids) {
    const { asked } = await service.getAnswerTrace(id)
    const record = await service.getAnswer(id)
    rated.push({ record, history: asked.history, hitsNow: await hitsFor(record, service) })
  }
  return rated
}

/** Documents may have changed since, and the right one may not have been found: the corrected answer is looked for anew. */
async function hitsFor(
  { question, knowledgeBaseIds, feedback }: AnswerRecord,
  service: InkstoneService,
): Promise<Hit[]> {
  if (!feedback?.correctedAnswer) return []
  const known = new Set((await service.listKnowledgeBases()).map(({ id }) => id))
  const left = knowledgeBaseIds.filter((id) => known.has(id))
  return left.length === 0 ? [] : (await service.search({ query: question, knowledgeBaseIds: left })).hits
}

async function idsRated(service: InkstoneService, rating: Rating): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const more: { cursor?: string } = cursor === null ? {} : { cursor }
    const page: Awaited<ReturnType<InkstoneService['listAnswers']>> = await service.listAnswers({ rating, ...more })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return ids
}

async function fileNames(service: InkstoneService): Promise<FileNameOf> {
  const bases = await service.listKnowledgeBases()
  const sources = await Promise.all(bases.map(({ id }) => service.listSources(id)))
  const names = fileNamesById(sources.flat())
  return (documentId) => names.get(documentId) ?? null
}
