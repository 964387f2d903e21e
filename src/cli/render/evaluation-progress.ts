import cliProgress from 'cli-progress'
import type { Terminal } from '../terminal.js'

export interface StepProgress {
  step: string
  done: number
  total: number
}

/** Shows how far a long run is, one step after another. */
export interface StepDisplay {
  show(progress: StepProgress): void
  stop(): void
}

/** A bar on a terminal; elsewhere a line at the start of each step, and then no more than one in ten seconds. */
export function stepDisplay(terminal: Terminal): StepDisplay {
  return terminal.isInteractive ? stepBar(terminal) : stepLines(terminal)
}

function stepBar(terminal: Terminal): StepDisplay {
  const bar = new cliProgress.SingleBar({
    stream: terminal.stderr,
    format: '{step} {bar} {value} of {total}  ETA {eta_formatted}',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  })
  let current = ''
  return {
    show({ step, done, total }) {
      if (step !== current) {
        if (current !== '') bar.stop()
        current = step
        bar.start(total, done, { step: step.padEnd(9) })
      }
      bar.update(done, { step: step.padEnd(9) })
    },
    stop() {
      if (current !== '') bar.stop()
    },
  }
}

export function stepLines(
  terminal: Pick<Terminal, 'note'>,
  { now = () => performance.now(), everyMs = 10_000 }: { now?: () => number; everyMs?: number } = {},
): StepDisplay {
  const started = new Set<string>()
  let lastMs = now()
  return {
    show({ step, done, total }) {
      if (started.has(step) && now() - lastMs < everyMs) return
      if (!started.has(step)) terminal.note(`${step}${total > 1 ? ` (${total})` : ''}`)
      else terminal.note(`${step} ${done} of ${total}`)
      started.add(step)
      lastMs = now()
    },
    stop() {},
  }
}
