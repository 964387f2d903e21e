import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { InkstoneError, toInkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import { syncFolder } from '../../ingest/sync/sync.js'
import { watchFolder } from '../../ingest/sync/watch.js'
import type { CliContext } from '../context.js'
import { ensureKnowledgeBase } from '../ensure-knowledge-base.js'
import { connectFor, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { type IngestRecord, ingestRecord } from '../ingest-record.js'
import { gatherPasswords, readPasswordFile } from '../passwords.js'
import { barsDisplay, type IngestDisplay, jsonDisplay, linesDisplay } from '../render/ingest.js'
import { ingestReport } from '../render/ingest-report.js'
import { type ReportLanguage, systemLanguage } from '../render/report-labels.js'
import { checkReportPath, writeReport } from '../write-report.js'

interface IngestFlags {
  kb: string
  dryRun?: boolean
  retryFailed?: boolean
  prune?: boolean
  watch?: boolean
  poll?: boolean
  password?: string[]
  passwordFile?: string
  report?: string
  reportLanguage: ReportLanguage
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
      { line: 'inkstone ingest ./docs --watch', does: 'goes on with what changes, until Ctrl-C' },
      { line: 'inkstone ingest ./docs --report report.html', does: 'writes a page with a row for each file' },
    ],
    json: 'one document a line: {"type": "planned" | "progress" | "file" | "notice" | "summary", …}; the last is the summary.',
  })
    .argument('<path...>', 'files or folders')
    .option('--kb <slug>', 'knowledge base; created when it is not there', 'default')
    .option('--dry-run', 'only say what would happen')
    .option('--retry-failed', 'read files again that could not be read before')
    .option('--prune', 'remove what was ingested from these folders and is no longer there')
    .addOption(new Option('--watch', 'go on with what changes, until Ctrl-C').conflicts('dryRun'))
    .addOption(
      new Option('--poll', 'look for changes every 5 seconds, for network drives (with --watch)').implies({
        watch: true,
      }),
    )
    .option('--password <password>', 'try this on encrypted files; give the flag once for each', gatherPasswords)
    .option('--password-file <file>', 'try these on encrypted files: one password a line')
    .option('--report <file>', 'write a page (HTML) with a row for each file')
    .addOption(
      new Option('--report-language <language>', 'language of the report')
        .choices(['en', 'zh'])
        .default(systemLanguage(), "the system's"),
    )
    .action((paths: string[], flags: IngestFlags, command: Command) => ingest(context, paths, flags, command))
}

async function ingest(context: CliContext, paths: string[], flags: IngestFlags, command: Command): Promise<void> {
  const { signal, cwd } = context
  const dryRun = flags.dryRun === true
  const report = flags.report === undefined ? null : resolve(cwd, flags.report)
  if (report !== null) await checkReportPath(report)
  const passwords = await passwordsOf(flags, cwd)
  const display = displayFor(context, { json: wantsJson(command), watch: flags.watch === true })
  const record = ingestRecord({ dryRun, keepsFiles: report !== null })
  const { service, url } = await connectFor(command, context)
  try {
    if (!dryRun) await ensureKnowledgeBase(service, flags.kb)
    display.begin(paths)
    const roots = paths.map((path) => resolve(cwd, path))
    await run(service, { context, display, record, flags, roots, passwords }).catch(async (error: unknown) => {
      // The report holds what is known; the error that ended the run is the one to tell.
      if (report !== null) await write(report, record, { paths, flags }).catch(noteIn(context))
      throw error
    })
    if (report !== null) await write(report, record, { paths, flags })
    if (!flags.watch && record.summary().outcomes.failed > 0) context.setExitCode(1)
  } catch (error) {
    if (!signal.aborted || record.isComplete()) throw error
    throw interruptedError({ throughServer: url !== null, cause: error })
  } finally {
    await service.close()
  }
}

function noteIn({ terminal }: CliContext): (error: unknown) => void {
  return (error) => terminal.note(toInkstoneError(error).message)
}

async function passwordsOf({ password = [], passwordFile }: IngestFlags, cwd: string): Promise<string[]> {
  return [...password, ...(passwordFile === undefined ? [] : await readPasswordFile(resolve(cwd, passwordFile)))]
}

function displayFor(context: CliContext, { json, watch }: { json: boolean; watch: boolean }): IngestDisplay {
  const { terminal } = context
  if (json) return jsonDisplay(terminal)
  // Bars have an end; watching has none.
  return terminal.isInteractive && !watch ? barsDisplay(terminal, context) : linesDisplay(terminal, context)
}

interface Run {
  context: CliContext
  display: IngestDisplay
  record: IngestRecord
  flags: IngestFlags
  roots: string[]
  passwords: string[]
}

async function run(
  service: InkstoneService,
  { context: { signal }, display, record, flags, roots, passwords }: Run,
): Promise<void> {
  const { kb, dryRun = false, prune = false, retryFailed = false, watch = false, poll = false } = flags
  const options = { roots, knowledgeBase: kb, prune, retryFailed, passwords, signal }
  let hasEnded = false
  try {
    const events = watch ? watchFolder(service, { ...options, poll }) : syncFolder(service, { ...options, dryRun })
    for await (const event of events) {
      display.show(event)
      record.add(event)
    }
    hasEnded = true
    record.end()
  } finally {
    display.end(hasEnded ? record.summary() : null)
  }
}

async function write(
  path: string,
  record: IngestRecord,
  { paths, flags }: { paths: string[]; flags: IngestFlags },
): Promise<void> {
  const { seconds } = record.summary()
  const html = ingestReport(record.files(), {
    paths,
    knowledgeBase: flags.kb,
    startedAt: record.startedAt,
    seconds,
    dryRun: flags.dryRun === true,
    isComplete: record.isComplete(),
    language: flags.reportLanguage,
  })
  await writeReport(path, html)
}

function interruptedError({ throughServer, cause }: { throughServer: boolean; cause: unknown }): InkstoneError {
  return new InkstoneError('cancelled', 'stopped: files that were handed in already are kept', {
    remedy: throughServer
      ? 'the server finishes them; run the same command again for the rest'
      : 'run the same command again: it goes on where it stopped',
    cause,
  })
}
