import { relative } from 'node:path'
import type { FileEvent, FileOutcome, SyncEvent } from '../../ingest/sync-events.js'
import type { IngestSummary } from '../ingest-summary.js'
import type { Terminal } from '../terminal.js'
import { fileBars, runningClock } from './bars.js'
import { snippet } from './passage.js'
import { bytesText, countText, secondsText } from './quantity.js'
import { alignColumns } from './table.js'

/** Shows an ingest while it runs and when it has ended. */
export interface IngestDisplay {
  /** Called once, before the files are compared, which takes long in a big folder. @param paths as they were given */
  begin(paths: readonly string[]): void
  show(event: SyncEvent): void
  /** Called once, also when the ingest broke off; then without a summary. */
  end(summary: IngestSummary | null): void
}

const colours: Record<FileOutcome, Parameters<Terminal['paint']>[0]> = {
  added: 'green',
  updated: 'green',
  unchanged: 'dim',
  duplicate: 'dim',
  removed: 'yellow',
  failed: 'red',
}

/** One JSON document a line: every event, then the summary. */
export function jsonDisplay(terminal: Terminal): IngestDisplay {
  return {
    begin() {},
    show: (event) => terminal.printJson(event),
    end: (summary) => {
      if (summary !== null) terminal.printJson(summary)
    },
  }
}

/** One line a file, for pipes and logs. @param options.cwd paths are shown relative to it */
export function linesDisplay(terminal: Terminal, { cwd }: { cwd: string }): IngestDisplay {
  return {
    begin() {},
    show(event) {
      if (event.type === 'planned') terminal.note(planLine(event))
      if (event.type === 'file') terminal.print(fileLine(event, { cwd, paint: terminal.paint }))
    },
    end: (summary) => showSummary(summary, terminal),
  }
}

/** Moving bars, and a line for each file that needs a look. */
export function barsDisplay(terminal: Terminal, { cwd }: { cwd: string }): IngestDisplay {
  const bars = fileBars(terminal)
  const clock = runningClock(terminal)
  return {
    begin: (paths) => clock.start(lookingText(paths)),
    show(event) {
      if (event.type === 'planned') {
        clock.stop()
        terminal.note(planLine(event))
        bars.start(event.counts.found + event.counts.unreadable)
      } else if (event.type === 'progress') bars.show(shortPath(event.path, cwd), event.stage, event.progress)
      else if (event.type === 'file') {
        if (event.outcome === 'failed' || event.outcome === 'removed') {
          bars.log(fileLine(event, { cwd, paint: terminal.paint }))
        }
        bars.finish(shortPath(event.path, cwd))
      }
    },
    end(summary) {
      clock.stop()
      bars.stop()
      showSummary(summary, terminal)
    },
  }
}

function lookingText(paths: readonly string[]): string {
  return `looking for what is new in ${snippet(paths.join(', '), 40)}`
}

function planLine({ counts, sizeBytes }: Extract<SyncEvent, { type: 'planned' }>): string {
  const parts: [number, string][] = [
    [counts.new, 'new'],
    [counts.changed, 'changed'],
    [counts.unchanged, 'unchanged'],
    [counts.failedBefore, 'failed before'],
    [counts.gone, 'gone'],
    [counts.unreadable, 'unreadable'],
  ]
  const shown = parts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`)
  return `${countText(counts.found, 'file')} (${bytesText(sizeBytes)}): ${shown.join(', ') || 'nothing to do'}`
}

/** Such as `failed     docs/plan.pdf  password_required: the file has a password`. */
export function fileLine(event: FileEvent, { cwd, paint }: { cwd: string; paint: Terminal['paint'] }): string {
  const { outcome, path, code, message, remedy, pages, chunks, seconds } = event
  const reason = code === undefined ? message : `${code}: ${message ?? ''}`
  const details = [
    ...(reason === undefined ? [] : [reason]),
    ...(remedy === undefined ? [] : [`remedy: ${remedy}`]),
    ...(outcome === 'added' || outcome === 'updated' ? sizeDetails(pages, chunks, seconds) : []),
    ...event.warnings.map((warning) => `warning: ${warning}`),
  ]
  return [paint(colours[outcome], outcome.padEnd(9)), shortPath(path, cwd), ...details].join('  ')
}

function sizeDetails(pages: number | null, chunks: number, seconds: number): string[] {
  if (chunks === 0 && seconds === 0) return []
  return [
    [...(pages === null ? [] : [countText(pages, 'page')]), countText(chunks, 'chunk'), secondsText(seconds)].join(
      ', ',
    ),
  ]
}

function showSummary(summary: IngestSummary | null, terminal: Terminal): void {
  if (summary === null) return
  for (const line of summaryLines(summary)) terminal.print(line)
}

/** The summary as a small table: outcomes that happened, failures by code, then pages, chunks and time. */
export function summaryLines(summary: IngestSummary): string[] {
  const outcomes = Object.entries(summary.outcomes).filter(([, count]) => count > 0)
  const rows: string[][] = []
  for (const [outcome, count] of outcomes) {
    rows.push([outcome, String(count)])
    if (outcome !== 'failed') continue
    for (const [code, failed] of Object.entries(summary.failures)) rows.push([`  ${code}`, String(failed)])
  }
  const title = summary.dryRun ? 'What an ingest would do (nothing was stored)' : 'Ingested'
  const total = `${countText(summary.pages, 'page')}, ${countText(summary.chunks, 'chunk')}, ${secondsText(summary.seconds)}`
  return [
    '',
    title,
    ...alignColumns(rows, { right: [1] }).map((line) => `  ${line}`),
    ...(summary.dryRun ? [] : [`  ${total}`]),
  ]
}

function shortPath(path: string, cwd: string): string {
  const inside = relative(cwd, path)
  return inside === '' || inside.startsWith('..') ? path : inside
}
