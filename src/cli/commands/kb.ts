import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { InkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import type { KnowledgeBase } from '../../core/types.js'
import type { CliContext } from '../context.js'
import { wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import {
  addResetOption,
  addSettingOptions,
  type SettingsChange,
  settingsText,
  takeSettings,
} from '../knowledge-base-settings.js'
import { countText } from '../render/quantity.js'
import { alignColumns } from '../render/table.js'
import { withService } from '../with-service.js'
import { tuneCommand } from './kb-tune.js'

/** `inkstone kb`: knowledge bases. */
export function kbCommand(context: CliContext): Command {
  return documentedCommand('kb', 'List, show, create, rename, set up, reindex, tune and delete knowledge bases.', {
    examples: [
      { line: 'inkstone kb list', does: 'every knowledge base with its number of documents' },
      { line: 'inkstone kb create pumps --name "Pumps and spare parts"', does: 'makes one to ingest into' },
    ],
    json: 'one document, see the sub-commands.',
  })
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(createCommand(context))
    .addCommand(renameCommand(context))
    .addCommand(setCommand(context))
    .addCommand(reindexCommand(context))
    .addCommand(tuneCommand(context))
    .addCommand(deleteCommand(context))
}

function listCommand(context: CliContext): Command {
  return documentedCommand('list', 'List the knowledge bases.', {
    examples: [{ line: 'inkstone kb list --json', does: 'for scripts' }],
    json: 'one document, {"items": [{"id", "slug", "name", "createdAt", "documentCount", "chunkTokens", "chunkOverlapTokens", "denseTrust", "answerability", "preamble", "glossary"}]}.',
  }).action((_options: unknown, command: Command) =>
    withService(context, command, async (service) => {
      const items = await service.listKnowledgeBases()
      if (wantsJson(command)) return context.terminal.printJson({ items })
      const rows = items.map((item) => [item.slug, String(item.documentCount), item.name, item.id])
      const table = alignColumns([['SLUG', 'DOCUMENTS', 'NAME', 'ID'], ...rows], { right: [1] })
      for (const line of table) context.terminal.print(line)
    }),
  )
}

function showCommand(context: CliContext): Command {
  return documentedCommand('show', 'Show a knowledge base with its settings and what it has learned.', {
    examples: [{ line: 'inkstone kb show pumps', does: 'its own chunk sizes, dense trust, refusals, words' }],
    json: 'one document, the knowledge base.',
  })
    .argument('<kb>', 'slug or id')
    .action((kb: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        const found = await service.getKnowledgeBase(kb)
        if (wantsJson(command)) return context.terminal.printJson(found)
        const { slug, name, id, documentCount } = found
        context.terminal.print(`${slug} (${name}, ${id}): ${countText(documentCount, 'document')}`)
        context.terminal.print(settingsText(found))
      }),
    )
}

function createCommand(context: CliContext): Command {
  const command = documentedCommand('create', 'Create a knowledge base.', {
    examples: [
      { line: 'inkstone kb create pumps --name "Pumps and spare parts"', does: 'the slug names it in URLs' },
      { line: 'inkstone kb create law --chunk-tokens 300', does: 'with chunks of its own size' },
    ],
    json: 'one document, the knowledge base.',
  })
    .argument('<slug>', 'lower-case letters, digits and hyphens')
    .option('--name <name>', 'name to show (default: the slug)')
  return addSettingOptions(command).action((slug: string, options: { name?: string }, given: Command) => {
    const change = takeSettings(given, context)
    return withService(context, given, async (service) => {
      const name = options.name === undefined ? {} : { name: options.name }
      const created = await service.createKnowledgeBase({ slug, ...name })
      show(context, given, await withChange(service, created, change), 'created')
    })
  })
}

/** A knowledge base that cannot be made as it was asked for is not made. */
async function withChange(service: InkstoneService, created: KnowledgeBase, change: SettingsChange) {
  if (Object.keys(change).length === 0) return created
  try {
    return await service.updateKnowledgeBase(created.id, change)
  } catch (error) {
    await service.deleteKnowledgeBase(created.id)
    throw error
  }
}

function setCommand(context: CliContext): Command {
  const command = documentedCommand(
    'set',
    'Change how a knowledge base cuts its documents, fuses its two searches and instructs the language model.',
    {
      examples: [
        {
          line: 'inkstone kb set pumps --chunk-tokens 300 --chunk-overlap-tokens 40',
          does: 'for what is read from now on',
        },
        { line: 'inkstone kb set pumps --chunk-tokens default', does: 'goes by the configuration again' },
        { line: 'inkstone kb set pumps --dense-trust 0.5', does: 'for passages that are found by their terms first' },
        { line: 'inkstone kb set pumps --answerability default', does: 'refuses as the built-in model says again' },
        {
          line: 'inkstone kb set pumps --preamble "Manuals of chemical pumps; IH means IH65." --glossary words.json',
          does: 'what a language model reads before the passages',
        },
      ],
      json: 'one document, the knowledge base.',
    },
  ).argument('<kb>', 'slug or id')
  return addResetOption(addSettingOptions(command)).action((kb: string, _options: unknown, given: Command) => {
    const change = takeSettings(given, context)
    if (Object.keys(change).length === 0)
      given.error(
        'nothing to set: give --chunk-tokens, --chunk-overlap-tokens, --dense-trust, --answerability, --preamble or --glossary',
      )
    return withService(context, given, async (service) => {
      const changed = await service.updateKnowledgeBase(kb, change)
      if (wantsJson(given)) context.terminal.printJson(changed)
      else context.terminal.print(`set ${changed.slug}: ${settingsText(changed)}`)
      const cutsOtherwise = 'chunkTokens' in change || 'chunkOverlapTokens' in change
      if (cutsOtherwise && changed.documentCount > 0) {
        context.terminal.note(`documents that are in already: run "inkstone kb reindex ${changed.slug}"`)
      }
    })
  })
}

function renameCommand(context: CliContext): Command {
  return documentedCommand('rename', 'Change the name that is shown; the slug stays.', {
    examples: [{ line: 'inkstone kb rename pumps "Pumps, valves and spare parts"', does: 'links keep working' }],
    json: 'one document, the knowledge base.',
  })
    .argument('<kb>', 'slug or id')
    .argument('<name>', 'the new name')
    .action((kb: string, name: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        show(context, command, await service.updateKnowledgeBase(kb, { name }), 'renamed')
      }),
    )
}

function reindexCommand(context: CliContext): Command {
  return documentedCommand('reindex', 'Make the index anew from the stored files, and wait until it is done.', {
    examples: [{ line: 'inkstone kb reindex pumps', does: 'after a change of the embedding model or of the chunks' }],
    json: 'one document, {"knowledgeBase", "jobs", "failed"}: documents read again, and those that cannot be read.',
  })
    .argument('<kb>', 'slug or id')
    .action((kb: string, _options: unknown, command: Command) =>
      withService(context, command, async (service) => {
        const { id, slug } = await service.getKnowledgeBase(kb)
        const { jobs } = await service.reindexKnowledgeBase(id)
        context.terminal.note(`reading ${countText(jobs, 'document')} of ${slug} again`)
        await untilIdle(service, id, context)
        const failed = await countFailed(service, id)
        if (failed > 0) context.setExitCode(1)
        if (wantsJson(command)) return context.terminal.printJson({ knowledgeBase: slug, jobs, failed })
        const rest = failed === 0 ? '' : `, ${countText(failed, 'document')} could not be read`
        context.terminal.print(`reindexed ${slug}${rest}`)
      }),
    )
}

const pollMs = 250

/** Waits until a knowledge base has no job left. */
async function untilIdle(
  service: InkstoneService,
  knowledgeBase: string,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const hasJob = async (status: 'queued' | 'running') =>
    (await service.listJobs({ knowledgeBase, status, limit: 1 })).items.length > 0
  while ((await hasJob('queued')) || (await hasJob('running'))) await sleep(pollMs, undefined, { signal })
}

async function countFailed(service: InkstoneService, knowledgeBase: string): Promise<number> {
  const bad = (await service.listSources(knowledgeBase)).filter(({ error }) => error !== null)
  return new Set(bad.map(({ documentId }) => documentId)).size
}

function deleteCommand(context: CliContext): Command {
  return documentedCommand('delete', 'Delete a knowledge base with all its documents. Files on your disk stay.', {
    examples: [{ line: 'inkstone kb delete pumps --yes', does: 'does not ask first' }],
    json: 'one document, {"deleted": the knowledge base}. Needs --yes.',
  })
    .argument('<kb>', 'slug or id')
    .option('--yes', 'do not ask')
    .action((kb: string, options: { yes?: boolean }, command: Command) =>
      withService(context, command, async (service) => {
        const knowledgeBase = await service.getKnowledgeBase(kb)
        if (options.yes !== true && !(await confirmed(context, command, knowledgeBase))) {
          context.terminal.note('nothing was deleted')
          return context.setExitCode(1)
        }
        await service.deleteKnowledgeBase(knowledgeBase.id)
        if (wantsJson(command)) context.terminal.printJson({ deleted: knowledgeBase })
        else context.terminal.print(`deleted ${knowledgeBase.slug}`)
      }),
    )
}

async function confirmed(context: CliContext, command: Command, knowledgeBase: KnowledgeBase): Promise<boolean> {
  const { slug, documentCount } = knowledgeBase
  if (!context.terminal.isInteractive || wantsJson(command)) {
    throw new InkstoneError('invalid_request', `deleting ${slug} has to be confirmed`, { remedy: 'add --yes' })
  }
  return context.terminal.confirm(`Delete ${slug} with ${documentCount} documents?`, context)
}

function show(context: CliContext, command: Command, knowledgeBase: KnowledgeBase, deed: string): void {
  if (wantsJson(command)) context.terminal.printJson(knowledgeBase)
  else context.terminal.print(`${deed} ${knowledgeBase.slug} (${knowledgeBase.name}, ${knowledgeBase.id})`)
}
