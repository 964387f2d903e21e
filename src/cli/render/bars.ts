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

/** Bars of an ingest: one for all files, one for each file that is being worked on. */
export interface FileBars {
  start(total: number): void
  /** @param progress share of the stage that is done, 0 to 1 */
  show(file: string, stage: string, progress: number): void
  finish(file: string): void
  /** Writes a line above the bars. */
  log(line: string): void
  stop(): void
}

export function fileBars(terminal: Terminal): FileBars {
  const bars = new cliProgress.MultiBar({
    stream: terminal.stderr,
    format: '  {bar} {percentage}%  {stage} {file}',
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
    show(file, stage, progress) {
      const shown = { file: tail(file), stage: stage.padEnd(9) }
      const bar = files.get(file) ?? bars.create(100, 0, shown)
      files.set(file, bar)
      bar.update(Math.round(progress * 100), shown)
    },
    finish(file) {
      const bar = files.get(file)
      if (bar !== undefined) bars.remove(bar)
      files.delete(file)
      all?.increment()
    },
    log: (line) => bars.log(`${line}\n`),
    stop: () => bars.stop(),
  }
}

/** The end of a long path says most. */
function tail(path: string, length = 48): string {
  const characters = Array.from(path)
  return characters.length <= length ? path : `…${characters.slice(-length + 1).join('')}`
}
