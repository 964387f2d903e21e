import { type Command, Option } from 'commander'
import type { Rating } from '../../core/answer-record.js'
import type { AnswerListOptions } from '../../core/catalogue.js'
import type { CliContext } from '../context.js'
import { wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { recordLines, summaryRows } from '../render/answer-record.js'
import { replayLines } from '../render/answer-replay.js'
import { traceLines } from '../render/answer-trace.js'
import { alignColumns } from '../render/table.js'
import { withService } from '../with-service.js'

/** `inkstone answer`: answers that were given. */
export function answerCommand(context: CliContext): Command {
  return documentedCommand('answer', 'Show, rate, replay and delete answers that were given.', {
    examples: [
      { line: 'inkstone answer list', does: 'the newest ones' },
      { line: 'inkstone answer replay ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2', does: 'what would be answered today' },
    ],
    json: 'one document, see the sub-commands.',
  })
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(replayCommand(context))
    .addCommand(rateCommand(context))
    .addCommand(deleteCommand(context))
}

interface ListFlags {
  kb?: string
  document?: string
  rating?: Rating
  limit: string
  cursor?: string
}

function listCommand(context: CliContext): Command {
  return documentedCommand('list', 'List answers that were given, newest first.', {
    examples: [
      { line: 'inkstone answer list --rating down', does: 'those that readers found wanting' },
      { line: 'inkstone answer list --document doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2', does: 'those with passages of it' },
    ],
    json: 'one document, {"items": [{"id", "question", "knowledgeBaseIds", "conversationId", "position", "askedAt", "status", "modelId", "feedback"}], "nextCursor"}.',
  })
    .option('--kb <slug>', 'only answers that searched this knowledge base')
    .option('--document <id>', 'only answers with passages of this document')
    .addOption(new Option('--rating <rating>', 'only answers rated like this').choices(['up', 'down']))
    .option('--limit <count>', 'most answers listed', '20')
    .option('--cursor <cursor>', 'the nextCursor of the list before')
    .action((flags: ListFlags, command: Command) =>
      withService(context, command, async (service) => {
        const page = await service.listAnswers(listOptions(flags, command))
        if (wantsJson(command)) return context.terminal.printJson(page)
        for (const line of alignColumns(summaryRows(page.items))) context.terminal.print(line)
        if (page.nextCursor !== null) context.terminal.note(`more: inkstone answer list --cursor ${page.nextCursor}`)
      }),
    )
}

function listOptions({ kb, document, rating, limit, cursor }: ListFlags, command: Command): AnswerListOptions {
  const count = Number(limit)
  if (!Number.isInteger(count) || count < 1 || count > 500) command.error('--limit takes a whole number from 1 to 500')
  return {
    limit: count,
    ...(kb === undefined ? {} : { knowledgeBaseId: kb }),
    ...(document === undefined ? {} : { documentId: document }),
    ...(rating === undefined ? {} : { rating }),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

function showCommand(context: CliContext): Command {
  return documentedCommand('show', 'Show an answer as it was given, and how it came about.', {
    examples: [
      { line: 'inkstone answer show ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2', does: 'text, citations and feedback' },
      {
        line: 'inkstone answer show ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2 --trace',
        does: 'also candidates with signals, prompts, documents, settings and times',
      },
    ],
    json: 'one document, the answer as in the list with its "answer"; with --trace also its "trace".',
  })
    .argument('<id>', 'id of an answer')
    .option('--trace', 'also how it came about')
    .action((id: string, { trace: wantsTrace = false }: { trace?: boolean }, command: Command) =>
      withService(context, command, async (service) => {
        const { terminal } = context
        const record = await service.getAnswer(id)
        const trace = wantsTrace ? await service.getAnswerTrace(id) : null
        if (wantsJson(command)) return terminal.printJson(trace === null ? record : { ...record, trace })
        for (const line of recordLines(record, terminal.paint)) terminal.print(line)
        if (trace !== null) for (const line of traceLines(trace, terminal.paint)) terminal.print(line)
      }),
    )
}

function replayCommand(context: CliContext): Command {
  return documentedCommand('replay', 'Ask the question of an answer again, and show what has changed.', {
    examples: [{ line: 'inkstone answer replay ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2', does: 'after documents have changed' }],
    json: 'one document, {"before", "after", "trace", "changes": {"sameAnswer", "status", "text", "citations", "hits", "documents", "settings", "prompt", "timings"}}.',
  })
    .argument('<id>', 'id of an answer')
    .action((id: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        const { terminal, signal } = context
        const replay = await service.replayAnswer(id, { signal })
        if (wantsJson(command)) return terminal.printJson(replay)
        for (const line of replayLines(replay, terminal.paint)) terminal.print(line)
      }),
    )
}

function rateCommand(context: CliContext): Command {
  return documentedCommand('rate', 'Say what an answer was worth. The last word counts.', {
    examples: [
      { line: 'inkstone answer rate ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2 up', does: 'it was right' },
      {
        line: 'inkstone answer rate ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2 down --reason "old manual" --corrected "Every 4000 h."',
        does: 'it was wrong, and why',
      },
    ],
    json: 'one document, the answer as "answer show" prints it.',
  })
    .argument('<id>', 'id of an answer')
    .argument('<rating>', 'up or down')
    .option('--reason <text>', 'why')
    .option('--corrected <text>', 'what the answer should have been')
    .action((id: string, rating: string, flags: { reason?: string; corrected?: string }, command: Command) => {
      if (rating !== 'up' && rating !== 'down') command.error('an answer is rated up or down')
      return withService(context, command, async (service) => {
        const { reason, corrected: correctedAnswer } = flags
        const record = await service.rateAnswer(id, {
          rating: rating === 'up' ? 'up' : 'down',
          ...(reason === undefined ? {} : { reason }),
          ...(correctedAnswer === undefined ? {} : { correctedAnswer }),
        })
        if (wantsJson(command)) context.terminal.printJson(record)
        else context.terminal.print(`rated ${record.id} ${rating}`)
      })
    })
}

function deleteCommand(context: CliContext): Command {
  return documentedCommand('delete', 'Delete an answer with its trace; one that is being written is stopped.', {
    examples: [{ line: 'inkstone answer delete ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2', does: 'nothing of it is kept' }],
    json: 'one document, {"deleted": the id}.',
  })
    .argument('<id>', 'id of an answer')
    .action((id: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        await service.deleteAnswer(id)
        if (wantsJson(command)) context.terminal.printJson({ deleted: id })
        else context.terminal.print(`deleted ${id}`)
      }),
    )
}
