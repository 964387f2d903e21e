import { resolve } from 'node:path'
import type { Command } from 'commander'
import { InkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import { type SyncOptions, syncFolder } from '../../ingest/sync.js'
import type { CliContext } from '../context.js'
import { ensureKnowledgeBase } from '../ensure-knowledge-base.js'
import { connectFor, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { addToSummary, emptySummary, type IngestSummary } from '../ingest-summary.js'
import { barsDisplay, type IngestDisplay, jsonDisplay, linesDisplay } from '../render/ingest.js'

interface IngestFlags {
  kb: string
  dryRun?: boolean
  retryFailed?: boolean
  prune?: boolean
}

/** `inkstone ingest`: brings a knowledge base in line with files and folders. Ends with 1 when a file failed. */
export function ingestCommand(context: CliContext): Command {
  return documentedCommand('ingest', 'Bring a knowledge base in line with files and folders.', {
    examples: [
      { line: 'inkstone ingest ./docs', does: 'new and changed files go in, unchanged ones cost nothing' },
      {
        line: 'inkstone ingest ./docs --kb pumps --prune',
        does: 'what is gone from the folder goes from the base too',
      },
      { line: 'inkstone ingest ./docs --dry-run', does: 'says what would happen' },
    ],
    json: 'one document a line: {"type": "planned" | "progress" | "file" | "summary", …}; the last is the summary.',
  })
    .argument('<path...>', 'files or folders')
    .option('--kb <slug>', 'knowledge base; created when it is not there', 'default')
    .option('--dry-run', 'only say what would happen')
    .option('--retry-failed', 'read files again that could not be read before')
    .option('--prune', 'remove what was ingested from these folders and is no longer there')
    .action((paths: string[], flags: IngestFlags, command: Command) => ingest(context, paths, flags, command))
}

async function ingest(context: CliContext, paths: string[], flags: IngestFlags, command: Command): Promise<void> {
  const { signal } = context
  const dryRun = flags.dryRun === true
  const display = displayFor(context, wantsJson(command))
  const { service, url } = await connectFor(command, context)
  try {
    if (!dryRun) await ensureKnowledgeBase(service, flags.kb)
    display.begin(paths)
    const summary = await runSync(service, display, {
      roots: paths.map((path) => resolve(context.cwd, path)),
      knowledgeBase: flags.kb,
      dryRun,
      prune: flags.prune === true,
      retryFailed: flags.retryFailed === true,
      signal,
    })
    if (summary.outcomes.failed > 0) context.setExitCode(1)
  } catch (error) {
    if (!signal.aborted) throw error
    throw interruptedError({ throughServer: url !== null, cause: error })
  } finally {
    await service.close()
  }
}

function displayFor(context: CliContext, json: boolean): IngestDisplay {
  const { terminal } = context
  if (json) return jsonDisplay(terminal)
  return terminal.isInteractive ? barsDisplay(terminal, context) : linesDisplay(terminal, context)
}

async function runSync(service: InkstoneService, display: IngestDisplay, options: SyncOptions): Promise<IngestSummary> {
  const startedAt = performance.now()
  let summary = emptySummary({ dryRun: options.dryRun === true })
  let ended: IngestSummary | null = null
  try {
    for await (const event of syncFolder(service, options)) {
      display.show(event)
      summary = addToSummary(summary, event)
    }
    ended = { ...summary, seconds: Math.round(performance.now() - startedAt) / 1000 }
  } finally {
    display.end(ended)
  }
  return ended
}

function interruptedError({ throughServer, cause }: { throughServer: boolean; cause: unknown }): InkstoneError {
  return new InkstoneError('cancelled', 'stopped: files that were handed in already are kept', {
    remedy: throughServer
      ? 'the server finishes them; run the same command again for the rest'
      : 'run the same command again: it goes on where it stopped',
    cause,
  })
}
