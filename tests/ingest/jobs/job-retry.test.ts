import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, errorStatus } from '../../../src/core/errors.js'
import { retryDelayMs } from '../../../src/ingest/jobs/job-retry.js'

const passing: ErrorCode[] = [
  'embedding_failed',
  'model_missing',
  'model_corrupt',
  'storage_full',
  'internal',
  'ocr_failed',
]
const codes = Object.keys(errorStatus).filter((code): code is ErrorCode => Object.hasOwn(errorStatus, code))
/** The longest wait that the jitter allows. */
const longest = { random: () => 1 }

describe('retryDelayMs', () => {
  test.each(codes.filter((code) => !passing.includes(code)))('never tries %s again', (code) => {
    expect(retryDelayMs(code, 1, longest)).toBeNull()
  })

  test.each([
    { code: 'embedding_failed', attempts: 1, ceilingMs: 5_000 },
    { code: 'embedding_failed', attempts: 2, ceilingMs: 10_000 },
    { code: 'embedding_failed', attempts: 10, ceilingMs: 2_560_000 },
    { code: 'embedding_failed', attempts: 11, ceilingMs: 3_600_000 },
    { code: 'embedding_failed', attempts: 19, ceilingMs: 3_600_000 },
    { code: 'storage_full', attempts: 3, ceilingMs: 20_000 },
    { code: 'model_missing', attempts: 1, ceilingMs: 5_000 },
    { code: 'model_corrupt', attempts: 1, ceilingMs: 5_000 },
    { code: 'internal', attempts: 1, ceilingMs: 2_000 },
    { code: 'internal', attempts: 3, ceilingMs: 8_000 },
    { code: 'ocr_failed', attempts: 2, ceilingMs: 4_000 },
  ] as const)('waits up to $ceilingMs ms after attempt $attempts that ended with $code', (expected) => {
    expect(retryDelayMs(expected.code, expected.attempts, longest)).toBe(expected.ceilingMs)
  })

  test.each([
    { code: 'embedding_failed', attempts: 20 },
    { code: 'storage_full', attempts: 20 },
    { code: 'internal', attempts: 4 },
    { code: 'ocr_failed', attempts: 4 },
  ] as const)('gives up $code after $attempts attempts', ({ code, attempts }) => {
    expect(retryDelayMs(code, attempts - 1, longest)).not.toBeNull()
    expect(retryDelayMs(code, attempts, longest)).toBeNull()
  })

  test('outlasts a night in which the embedding server is away', () => {
    const waits = Array.from({ length: 20 }, (_, index) => retryDelayMs('embedding_failed', index + 1, longest) ?? 0)
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000
    expect(hours / 2).toBeGreaterThan(4)
  })

  test('spreads the waits over all of the time up to the ceiling', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...passing),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (code, attempts, share) => {
          const ceilingMs = retryDelayMs(code, attempts, longest) ?? Number.NaN
          expect(retryDelayMs(code, attempts, { random: () => share })).toBe(Math.round(share * ceilingMs))
        },
      ),
    )
  })
})
