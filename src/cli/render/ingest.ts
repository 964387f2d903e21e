import { relative } from 'node:path'
import type { FileEvent, FileOutcome, NoticeEvent, SyncEvent } from '../../ingest/sync/sync-events.js'
import type { IngestSummary } from '../ingest-summary.js'
import type { Terminal } from '../terminal.js'
import { fileBars, runningClock } from './bars.js'
import { lossCounts, lossText } from './losses.js'
import { snippet } from './passage.js'
import { bytesText, countText, secondsText } from './quantity.js'
import { alignColumns } from './table.js'
import { visibleText } from './visible-text.js'

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
  moved: 'green',
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
      if (event.type === 'notice') terminal.note(noticeLine(event))
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
      } else if (event.type === 'progress') bars.show(shortPath(event.path, cwd), event)
      else if (event.type === 'notice') bars.log(noticeLine(event))
      else {
        const isOfNote = event.outcome === 'failed' || event.outcome === 'removed' || event.losses.length > 0
        if (isOfNote && event.outcome !== 'unchanged') bars.log(fileLine(event, { cwd, paint: terminal.paint }))
        const wasExpected = event.container === undefined && event.outcome !== 'removed'
        bars.finish(shortPath(event.path, cwd), { isCounted: wasExpected })
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
    [counts.moved, 'moved'],
    [counts.unchanged, 'unchanged'],
    [counts.failedBefore, 'failed before'],
    [counts.gone, 'gone'],
    [counts.unreadable, 'unreadable'],
    [counts.ignored, 'ignored'],
  ]
  const shown = parts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`)
  return `${countText(counts.found, 'file')} (${bytesText(sizeBytes)}): ${shown.join(', ') || 'nothing to do'}`
}

function noticeLine({ message, remedy }: NoticeEvent): string {
  return [visibleText(message), ...(remedy === undefined ? [] : [`remedy: ${remedy}`])].join('  ')
}

/** Such as `failed     docs/plan.pdf  password_required: the file has a password`. */
export function fileLine(event: FileEvent, { cwd, paint }: { cwd: string; paint: Terminal['paint'] }): string {
  const { outcome, path, from, code, message, remedy, losses } = event
  const reason = code === undefined ? message : `${code}: ${message ?? ''}`
  const details = [
    ...(from === undefined ? [] : [`from ${shortPath(from, cwd)}`]),
    ...(reason === undefined ? [] : [visibleText(reason)]),
    ...(remedy === undefined ? [] : [`remedy: ${remedy}`]),
    ...(outcome === 'added' || outcome === 'updated' ? sizeDetails(event) : []),
    ...(losses.length === 0 ? [] : [visibleText(`partly read: ${losses.map(lossText).join('; ')}`)]),
    ...event.warnings.map((warning) => `warning: ${visibleText(warning)}`),
  ]
  return [paint(colours[outcome], outcome.padEnd(9)), shortPath(path, cwd), ...details].join('  ')
}

function sizeDetails({ pages, chunks, tables, ocr, seconds }: FileEvent): string[] {
  if (chunks === 0 && seconds === 0) return []
  const sizes = [
    ...(pages === null ? [] : [countText(pages, 'page')]),
    countText(chunks, 'chunk'),
    ...(tables === 0 ? [] : [countText(tables, 'table')]),
    ...(ocr === 0 ? [] : [`${ocr} recognised`]),
    // What was found inside a file has no time of its own.
    ...(seconds === 0 ? [] : [secondsText(seconds)]),
  ]
  return [sizes.join(', ')]
}

function showSummary(summary: IngestSummary | null, terminal: Terminal): void {
  if (summary === null) return
  for (const line of summaryLines(summary)) terminal.print(line)
}

/** The summary as a small table: outcomes that happened, failures by code, what was lost, then sizes and time. */
export function summaryLines(summary: IngestSummary): string[] {
  const outcomes = Object.entries(summary.outcomes).filter(([, count]) => count > 0)
  const rows: string[][] = []
  for (const [outcome, count] of outcomes) {
    rows.push([outcome, String(count)])
    if (outcome !== 'failed') continue
    for (const [code, failed] of Object.entries(summary.failures)) rows.push([`  ${code}`, String(failed)])
  }
  if (summary.partlyRead > 0) rows.push(['partly read', String(summary.partlyRead)])
  const title = summary.dryRun ? 'What an ingest would do (nothing was stored)' : 'Ingested'
  const total = [
    countText(summary.pages, 'page'),
    countText(summary.chunks, 'chunk'),
    ...(summary.tables === 0 ? [] : [countText(summary.tables, 'table')]),
    ...(summary.ocr === 0 ? [] : [`${summary.ocr} recognised`]),
    secondsText(summary.seconds),
  ].join(', ')
  const lost = lossCounts(summary.losses)
  return [
    '',
    title,
    ...alignColumns(rows, { right: [1] }).map((line) => `  ${line}`),
    ...(lost === '' ? [] : [`  not read: ${lost}`]),
    ...(summary.dryRun ? [] : [`  ${total}`]),
  ]
}

function shortPath(path: string, cwd: string): string {
  const inside = relative(cwd, path)
  return visibleText(inside === '' || inside.startsWith('..') ? path : inside)
}
