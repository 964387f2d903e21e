import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { CliContext } from '../context.js'
import { wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { conversationRows, turnLines } from '../render/conversation.js'
import { alignColumns } from '../render/table.js'
import { withService } from '../with-service.js'

const exampleId = 'cnv_01JD3ZQ3W6X8Q2V4T5N7M9K1B2'
const idArgument = ['<id>', 'id of a conversation'] as const

/** `inkstone conversations`: questions and answers that belong together. */
export function conversationsCommand(context: CliContext): Command {
  return documentedCommand('conversations', 'List, show, rename, export and delete conversations.', {
    examples: [
      { line: 'inkstone conversations list', does: 'those in which something was asked last' },
      { line: `inkstone conversations export ${exampleId} --out seals.md`, does: 'questions, answers and sources' },
    ],
    json: 'one document, see the sub-commands.',
  })
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(renameCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(deleteCommand(context))
}

function listCommand(context: CliContext): Command {
  return documentedCommand('list', 'List conversations, those in which something was asked last first.', {
    examples: [{ line: 'inkstone conversations list --limit 5', does: 'the five newest' }],
    json: 'one document, {"items": [{"id", "title", "knowledgeBaseIds", "turnCount", "createdAt", "updatedAt"}], "nextCursor"}.',
  })
    .option('--limit <count>', 'most conversations listed', '20')
    .option('--cursor <cursor>', 'the nextCursor of the list before')
    .action(({ limit, cursor }: { limit: string; cursor?: string }, command: Command) =>
      withService(context, command, async (service) => {
        const { terminal } = context
        const page = await service.listConversations({ limit: countOf(limit, command), ...(cursor ? { cursor } : {}) })
        if (wantsJson(command)) return terminal.printJson(page)
        for (const line of alignColumns(conversationRows(page.items))) terminal.print(line)
        if (page.nextCursor !== null) terminal.note(`more: inkstone conversations list --cursor ${page.nextCursor}`)
      }),
    )
}

function countOf(limit: string, command: Command): number {
  const count = Number(limit)
  if (!Number.isInteger(count) || count < 1 || count > 500) command.error('--limit takes a whole number from 1 to 500')
  return count
}

function showCommand(context: CliContext): Command {
  return documentedCommand('show', 'Show the questions and answers of a conversation.', {
    examples: [{ line: `inkstone conversations show ${exampleId}`, does: 'what was asked and answered in it' }],
    json: 'one document, the conversation as in the list with its "turns".',
  })
    .argument(...idArgument)
    .action((id: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        const { terminal } = context
        const conversation = await service.getConversation(id)
        if (wantsJson(command)) return terminal.printJson(conversation)
        terminal.print(terminal.paint('bold', conversation.title))
        for (const turn of conversation.turns) {
          for (const line of turnLines(turn, terminal.paint)) terminal.print(line)
        }
      }),
    )
}

function renameCommand(context: CliContext): Command {
  return documentedCommand('rename', 'Give a conversation another title.', {
    examples: [{ line: `inkstone conversations rename ${exampleId} "Seals"`, does: 'calls it Seals' }],
    json: 'one document, the conversation as in the list.',
  })
    .argument(...idArgument)
    .argument('<title>', 'the new title')
    .action((id: string, title: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        const { terminal } = context
        const renamed = await service.renameConversation(id, { title })
        if (wantsJson(command)) return terminal.printJson(renamed)
        terminal.print(`renamed to "${renamed.title}"`)
      }),
    )
}

interface ExportFlags {
  format: 'md' | 'json'
  out?: string
}

function exportCommand(context: CliContext): Command {
  return documentedCommand('export', 'Write a conversation with its sources to a file.', {
    examples: [
      { line: `inkstone conversations export ${exampleId}`, does: 'prints it as Markdown' },
      { line: `inkstone conversations export ${exampleId} --format json --out seals.json`, does: 'for programs' },
    ],
    json: 'one document, the same as --format json.',
  })
    .argument(...idArgument)
    .addOption(new Option('--format <format>', 'Markdown or JSON').choices(['md', 'json']).default('md'))
    .option('--out <file>', 'where to write it (default: standard output)')
    .action((id: string, { format, out }: ExportFlags, command: Command) =>
      withService(context, command, async (service) => {
        const { terminal, cwd } = context
        const file = await service.exportConversation(id, wantsJson(command) ? 'json' : format)
        if (out === undefined) return terminal.write(file)
        await writeFile(resolve(cwd, out), file)
        terminal.note(`written to ${out}`)
      }),
    )
}

function deleteCommand(context: CliContext): Command {
  return documentedCommand('delete', 'Delete a conversation with all its answers.', {
    examples: [{ line: `inkstone conversations delete ${exampleId}`, does: 'nothing of it is kept' }],
    json: 'one document, {"deleted": id}.',
  })
    .argument(...idArgument)
    .action((id: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        const { terminal } = context
        await service.deleteConversation(id)
        if (wantsJson(command)) return terminal.printJson({ deleted: id })
        terminal.print(`deleted ${id}`)
      }),
    )
}
