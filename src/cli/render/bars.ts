import cliProgress from 'cli-progress'
import type { Terminal } from '../terminal.js'
import { bytesText, secondsText } from './quantity.js'

export interface DownloadProgress {
  file: string
  receivedBytes: number
  totalBytes: number | null
}

/** Shows a download: a bar on a terminal, one line a file elsewhere. */
export function downloadDisplay(terminal: Terminal): { update(progress: DownloadProgress): void; stop(): void } {
  return terminal.isInteractive ? downloadBar(terminal) : downloadLines(terminal)
}

function downloadLines(terminal: Terminal) {
  let current = ''
  return {
    update({ file, totalBytes }: DownloadProgress) {
      if (file === current) return
      current = file
      terminal.note(`fetching ${file}${totalBytes === null ? '' : ` (${bytesText(totalBytes)})`}`)
    },
    stop() {},
  }
}

function downloadBar(terminal: Terminal) {
  const bar = new cliProgress.SingleBar({
    stream: terminal.stderr,
    format: '{file} {bar} {percentage}%  {received} of {size}  ETA {eta_formatted}',
    hideCursor: true,
  })
  let current = ''
  return {
    update({ file, receivedBytes, totalBytes }: DownloadProgress) {
      const size = totalBytes ?? receivedBytes
      const shown = { file, received: bytesText(receivedBytes), size: totalBytes === null ? '?' : bytesText(size) }
      if (file !== current) {
        if (current !== '') bar.stop()
        current = file
        bar.start(size, receivedBytes, shown)
      }
      bar.setTotal(size)
      bar.update(receivedBytes, shown)
    },
    stop() {
      if (current !== '') bar.stop()
    },
  }
}

/** A line on a terminal that shows how long something has been going on, until it is taken away. */
export function runningClock(terminal: Pick<Terminal, 'stderr'>): { start(text: string): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null
  const toLineStart = '\r\u001b[K'
  return {
    start(text) {
      const startedAt = performance.now()
      const write = () => {
        const seconds = Math.floor((performance.now() - startedAt) / 1000)
        terminal.stderr.write(`${toLineStart}${text}${seconds === 0 ? '' : `  ${secondsText(seconds)}`}`)
      }
      write()
      timer = setInterval(write, 1000)
    },
    stop() {
      if (timer === null) return
      clearInterval(timer)
      timer = null
      terminal.stderr.write(toLineStart)
    },
  }
}

/** How far one file is. */
export interface FileProgress {
  stage: string
  /** Share of the stage that is done, 0 to 1. */
  progress: number
  pages: { done: number; total: number } | null
  /** Until it is searchable. */
  etaSeconds: number | null
  /** Files inside it, while they are waited for. */
  members: { done: number; total: number } | null
}

/** Bars of an ingest: one for all files, one for each file that is being worked on. */
export interface FileBars {
  start(total: number): void
  show(file: string, progress: FileProgress): void
  /** @param options.isCounted whether it is one of the files that the total counts */
  finish(file: string, options: { isCounted: boolean }): void
  /** Writes a line above the bars. */
  log(line: string): void
  stop(): void
}

export function fileBars(terminal: Pick<Terminal, 'stderr'>): FileBars {
  const bars = new cliProgress.MultiBar({
    stream: terminal.stderr,
    format: '  {bar} {percentage}%  {stage} {file}{detail}',
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  })
  const files = new Map<string, cliProgress.SingleBar>()
  let all: cliProgress.SingleBar | null = null
  return {
    start(total) {
      all = bars.create(total, 0, {}, { format: '{bar} {value} of {total} files  ETA {eta_formatted}', barsize: 40 })
    },
    show(file, progress) {
      const shown = { file: tail(file), stage: stageText(progress).padEnd(11), detail: detailText(progress) }
      const bar = files.get(file) ?? bars.create(100, 0, shown)
      files.set(file, bar)
      bar.update(Math.round(progress.progress * 100), shown)
    },
    finish(file, { isCounted }) {
      const bar = files.get(file)
      if (bar !== undefined) bars.remove(bar)
      files.delete(file)
      if (isCounted) all?.increment()
    },
    log: (line) => bars.log(`${line}\n`),
    stop: () => bars.stop(),
  }
}

function stageText({ stage, members }: FileProgress): string {
  return members === null ? stage : 'inside'
}

/** Such as `  page 3 of 12, 40.0 s left`. */
export function detailText({ pages, etaSeconds, members }: FileProgress): string {
  const parts = [
    ...(members === null ? [] : [`file ${members.done} of ${members.total}`]),
    ...(pages === null ? [] : [`page ${pages.done} of ${pages.total}`]),
    ...(etaSeconds === null ? [] : [`${secondsText(etaSeconds)} left`]),
  ]
  return parts.length === 0 ? '' : `  ${parts.join(', ')}`
}

/** The end of a long path says most. */
function tail(path: string, length = 48): string {
  const characters = Array.from(path)
  return characters.length <= length ? path : `…${characters.slice(-length + 1).join('')}`
}
