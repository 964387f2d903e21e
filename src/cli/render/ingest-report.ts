import type { Loss } from '../../core/types.js'
import type { FileEvent } from '../../ingest/sync/sync-events.js'
import { addToSummary, emptySummary, type IngestSummary } from '../ingest-summary.js'
import { escaped, sourceHash } from './html.js'
import { secondsText } from './quantity.js'
import { reportFirstScript, reportScript, reportStyle, rowsShownAtFirst } from './report-assets.js'
import { type ReportLabels, type ReportLanguage, reportLabels } from './report-labels.js'

export interface ReportOptions {
  /** The files and folders, as they were given. */
  paths: readonly string[]
  knowledgeBase: string
  startedAt: Date
  seconds: number
  dryRun: boolean
  /** False when the run was stopped or broke off. */
  isComplete: boolean
  language: ReportLanguage
}

type Reading = keyof ReportLabels['readings']

/**
 * A page with a row for each file, its totals on top: one HTML file that needs nothing else, for the screen and for
 * paper. Nothing in it comes from elsewhere, and only its own script may run.
 */
export function ingestReport(events: Iterable<FileEvent>, options: ReportOptions): string {
  const labels = reportLabels[options.language]
  const readings: Record<Reading, number> = { read: 0, partly: 0, refused: 0, foreseen: 0, removed: 0 }
  const rows: string[] = []
  let summary = emptySummary(options)
  for (const event of events) {
    const reading = readingOf(event, options)
    readings[reading] += 1
    summary = addToSummary(summary, event)
    rows.push(row(event, reading, { labels, isLater: rows.length >= rowsShownAtFirst }))
  }
  return [
    head(labels, options),
    `<h1>${labels.title}</h1>`,
    ...(options.dryRun ? [`<p class="note">${labels.dryRun}</p>`] : []),
    ...(options.isComplete ? [] : [`<p class="note">${labels.incomplete}</p>`]),
    facts(labels, options),
    cards(readings, summary, { labels, files: rows.length }),
    breakdowns(summary, labels),
    tools(readings, { labels, rows: rows.length }),
    `<div class="wide"><table id="files">${columns(labels)}<tbody>`,
    ...rows,
    `</tbody></table></div><button id="more" class="more" type="button">${labels.more}</button>`,
    `<script>${reportScript}</script>`,
    '</body></html>',
    '',
  ].join('\n')
}

function readingOf({ outcome, losses }: FileEvent, { dryRun }: ReportOptions): Reading {
  if (outcome === 'failed') return 'refused'
  if (outcome === 'removed') return 'removed'
  if (dryRun && outcome !== 'unchanged') return 'foreseen'
  return losses.length > 0 ? 'partly' : 'read'
}

function head(labels: ReportLabels, { language }: ReportOptions): string {
  const policy = [
    "default-src 'none'",
    `style-src '${sourceHash(reportStyle)}'`,
    `script-src '${sourceHash(reportFirstScript)}' '${sourceHash(reportScript)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return [
    '<!doctype html>',
    `<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${labels.title}</title><style>${reportStyle}</style><script>${reportFirstScript}</script></head><body>`,
  ].join('\n')
}

function facts(labels: ReportLabels, { knowledgeBase, paths, startedAt, seconds }: ReportOptions): string {
  const pairs = [
    [labels.knowledgeBase, knowledgeBase],
    [labels.folders, paths.join(', ')],
    [labels.started, startedAt.toISOString()],
    [labels.took, secondsText(seconds)],
  ]
  return `<dl>${pairs.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`
}

function cards(
  readings: Record<Reading, number>,
  { pages, chunks, tables, ocr }: IngestSummary,
  { labels, files }: { labels: ReportLabels; files: number },
): string {
  const card = (name: string, count: number, kind = '') => `<li><b class="${kind}">${count}</b>${name}</li>`
  const { columns: names } = labels
  return [
    '<ul class="cards">',
    card(labels.files, files),
    ...readingKinds
      .filter((kind) => readings[kind] > 0)
      .map((kind) => card(labels.readings[kind], readings[kind], kind)),
    card(names.pages, pages),
    card(names.chunks, chunks),
    card(names.tables, tables),
    card(names.ocr, ocr),
    '</ul>',
  ].join('')
}

const readingKinds = ['read', 'partly', 'refused', 'foreseen', 'removed'] as const satisfies readonly Reading[]
const lossKinds = ['page', 'image', 'formula', 'object', 'text', 'member'] as const satisfies readonly Loss['kind'][]

function breakdowns({ failures, losses }: IngestSummary, labels: ReportLabels): string {
  const codes = Object.entries(failures).sort(([, a], [, b]) => b - a)
  const lost = lossKinds.flatMap((kind) => {
    const count = losses[kind]
    return count === undefined ? [] : [[labels.lossKinds[kind], count] as const]
  })
  const tables = [
    ...(codes.length === 0 ? [] : [countTable(labels.codes, [labels.code, labels.count], codes)]),
    ...(lost.length === 0 ? [] : [countTable(labels.losses, [labels.kind, ''], lost)]),
  ]
  return tables.length === 0 ? '' : `<div class="side">${tables.join('')}</div>`
}

function countTable(
  title: string,
  [name, count]: readonly [string, string],
  rows: readonly (readonly [string, number])[],
): string {
  const lines = rows.map(([key, value]) => `<tr><td>${escaped(key)}</td><td class="n">${value}</td></tr>`)
  const top = `<tr><th>${name}</th><th class="n">${count}</th></tr>`
  return `<section><h2>${title}</h2><table><thead>${top}</thead><tbody>${lines.join('')}</tbody></table></section>`
}

/** Shown by the script, without which they would do nothing. */
function tools(readings: Record<Reading, number>, { labels, rows }: { labels: ReportLabels; rows: number }): string {
  const kinds = readingKinds
    .filter((kind) => readings[kind] > 0)
    .map((kind) => `<option value="${kind}">${labels.readings[kind]}</option>`)
  return [
    '<div class="tools">',
    `<input id="text" type="search" placeholder="${labels.filter}" aria-label="${labels.filter}">`,
    `<select id="reading" aria-label="${labels.columns.reading}"><option value="">${labels.all}</option>${kinds.join('')}</select>`,
    `<span class="hint" role="status"><span id="shown">${rows}</span> ${labels.rowsShown}</span>`,
    '</div>',
  ].join('')
}

const numberColumns: readonly string[] = ['pages', 'chunks', 'tables', 'ocr', 'seconds']

function columns({ columns: names }: ReportLabels): string {
  const cells = Object.entries(names).map(
    ([key, name]) =>
      `<th class="${numberColumns.includes(key) ? 'n' : key}" scope="col"><button type="button">${name}</button></th>`,
  )
  return `<thead><tr>${cells.join('')}</tr></thead>`
}

function row(
  event: FileEvent,
  reading: Reading,
  { labels, isLater }: { labels: ReportLabels; isLater: boolean },
): string {
  const { path, container, outcome, pages, chunks, tables, ocr, seconds } = event
  const isMeasured = reading === 'read' || reading === 'partly'
  const number = (value: number | null) => `<td class="n">${isMeasured && value !== null ? value : ''}</td>`
  return [
    `<tr data-r="${reading}"${isLater ? ' class="later"' : ''}><td${container === undefined ? '' : ' class="in"'}>${escaped(path)}</td>`,
    `<td class="${reading}">${labels.readings[reading]}</td><td>${labels.outcomes[outcome]}</td>`,
    number(pages),
    number(chunks),
    number(tables),
    number(ocr),
    `<td>${notes(event, labels)}</td><td class="n">${seconds === 0 ? '' : seconds.toFixed(1)}</td></tr>`,
  ].join('')
}

function notes({ code, message, remedy, from, losses, warnings }: FileEvent, labels: ReportLabels): string {
  const lines = [
    ...(from === undefined ? [] : [`${labels.from} ${escaped(from)}`]),
    ...(code === undefined ? [] : [`<b>${escaped(code)}</b> ${escaped(message ?? '')}`]),
    ...(remedy === undefined ? [] : [`<span class="hint">${labels.remedy}: ${escaped(remedy)}</span>`]),
    ...losses.map((loss) => escaped(lossNote(loss, labels))),
    ...warnings.map((warning) => escaped(warning)),
  ]
  return lines.map((line) => `<div>${line}</div>`).join('')
}

function lossNote({ kind, count, pages, reason }: Loss, labels: ReportLabels): string {
  const places = pages.length === 0 ? '' : ` (${labels.page} ${pages.join(', ')})`
  return `${count} × ${labels.lossKinds[kind]}${places}: ${reason}`
}
