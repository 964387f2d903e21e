import type { Problem } from './job.js'

/** Every code that Inkstone throws, so that programs can rely on it, and what it means over HTTP. */
export const errorStatus = {
  invalid_request: 400,
  invalid_configuration: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  knowledge_base_not_found: 404,
  document_not_found: 404,
  job_not_found: 404,
  page_not_found: 404,
  answer_not_found: 404,
  conversation_not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  home_locked: 409,
  embedding_mismatch: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unsupported_format: 422,
  file_empty: 422,
  no_text: 422,
  password_required: 422,
  file_corrupt: 422,
  archive_bomb: 422,
  parse_timeout: 422,
  parse_memory: 422,
  parse_failed: 422,
  ocr_failed: 422,
  file_unreadable: 422,
  text_too_long: 422,
  cancelled: 409,
  model_not_found: 404,
  model_missing: 503,
  model_unpinned: 400,
  not_ready: 503,
  server_unreachable: 503,
  address_in_use: 409,
  model_corrupt: 503,
  model_download_failed: 503,
  embedding_failed: 503,
  rerank_failed: 503,
  language_model_unreachable: 503,
  language_model_failed: 503,
  language_model_paused: 503,
  language_model_busy: 503,
  storage_full: 507,
  home_unwritable: 500,
  store_corrupt: 500,
  internal: 500,
} as const

export type ErrorCode = keyof typeof errorStatus

/** An error with a code for programs, a sentence for people and a remedy. */
export class InkstoneError extends Error {
  readonly code: ErrorCode
  readonly remedy: string | undefined

  constructor(code: ErrorCode, message: string, { remedy, cause }: { remedy?: string; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'InkstoneError'
    this.code = code
    this.remedy = remedy
  }

  toProblem(): Problem {
    return { code: this.code, message: this.message, ...(this.remedy === undefined ? {} : { remedy: this.remedy }) }
  }
}

/** Turns whatever was thrown into an InkstoneError; what is not one becomes `fallback`. */
export function toInkstoneError(thrown: unknown, fallback: ErrorCode = 'internal'): InkstoneError {
  if (thrown instanceof InkstoneError) return thrown
  if (isFullDisk(thrown)) {
    return new InkstoneError('storage_full', 'the disk is full', {
      remedy: 'free some space and try again',
      cause: thrown,
    })
  }
  return new InkstoneError(fallback, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown })
}

function isFullDisk(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC'
}
