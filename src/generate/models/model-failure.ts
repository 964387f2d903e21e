import { type ErrorCode, InkstoneError } from '../../core/errors.js'

/**
 * What another try would bring. `passing`: perhaps an answer (refused or lost connection, 429, 5xx). `lasting`: the same
 * again. `request`: the same again for this request, though the server is well (400, 413, 422).
 */
export type FailureKind = 'passing' | 'lasting' | 'request'

/** A failure of a language model, with what those around it need to decide whether to ask again. */
export class ModelFailure extends InkstoneError {
  readonly kind: FailureKind
  /** How long the server asks to be left alone; null when it does not say. */
  readonly retryAfterMs: number | null

  constructor(
    code: Extract<ErrorCode, `language_model_${string}`>,
    message: string,
    { kind, retryAfterMs = null, ...rest }: FailureOptions,
  ) {
    super(code, message, rest)
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }
}

interface FailureOptions {
  kind: FailureKind
  retryAfterMs?: number | null
  remedy?: string
  cause?: unknown
}

/** What a fired signal stands for: the failure that it carries, such as a timeout, else `cancelled`. */
export function stopReason(signal: AbortSignal, cause?: unknown): InkstoneError {
  if (signal.reason instanceof InkstoneError) return signal.reason
  return new InkstoneError('cancelled', 'the answer was stopped', { cause })
}
