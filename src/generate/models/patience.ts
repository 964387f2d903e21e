import { linkedSignal } from './linked-signal.js'
import { type ModelFailure, stopReason } from './model-failure.js'

/** How long a server may take for each step, in milliseconds. */
export interface Patience {
  /** Until the connection stands. */
  connectMs: number
  /** From then until the first word. */
  firstTokenMs: number
  /** From each word to the next. */
  idleMs: number
}

/**
 * Watches one exchange with a server: its signal fires when a step takes too long, and with `outer`.
 * @param late makes the failure of a step that took too long
 */
export function patienceWith({ connectMs, firstTokenMs, idleMs }: Patience, { outer, late }: PatienceOptions) {
  const link = linkedSignal(outer)
  const expect = (what: string, ms: number) => setTimeout(() => link.abort(late(`${what} ${ms} ms`)), ms)
  let timer = expect('did not take the connection within', connectMs)
  const next = (what: string, ms: number) => {
    clearTimeout(timer)
    if (!link.signal.aborted) timer = expect(what, ms)
  }
  return {
    signal: link.signal,
    connected: () => next('wrote no word within', firstTokenMs),
    /** A word came. The server's time stands still until `awaitNext`: a slow reader is not its fault. */
    heard: () => clearTimeout(timer),
    awaitNext: () => next('fell silent for', idleMs),
    /** What broke the exchange: the step that took too long, the outer signal, or else `thrown` as it is. */
    explain: (thrown: unknown) => (link.signal.aborted ? stopReason(link.signal, thrown) : thrown),
    /** Ends the exchange, whatever state it is in. */
    stop() {
      clearTimeout(timer)
      link.release()
      link.abort()
    },
  }
}

interface PatienceOptions {
  outer: AbortSignal | undefined
  late: (what: string) => ModelFailure
}
