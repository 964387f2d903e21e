import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { InkstoneError } from '../core/errors.js'
import type { MeasuredQuestion } from './measured.js'

const measuredQuestion = z.strictObject({
  id: z.string(),
  question: z.string(),
  kind: z.string(),
  values: z.record(z.string(), z.number()),
  ranks: z.record(z.string(), z.int().min(1).nullable()),
  ms: z.record(z.string(), z.number()),
  nearest: z.number().nullable(),
  said: z.string().nullable(),
  verdict: z.enum(['right', 'wrong', 'refused', 'answered', 'searched']),
}) satisfies z.ZodType<MeasuredQuestion>

const savedRun = z.strictObject({
  format: z.literal(1),
  kind: z.enum(['golden', 'beir']),
  /** The name of the set, for people. */
  set: z.string(),
  /** Names questions and what is right for them: only runs over the same can be compared. */
  questionsHash: z.string(),
  startedAt: z.iso.datetime(),
  version: z.string(),
  embeddingModelId: z.string(),
  /** By the names that `--min` knows. */
  figures: z.record(z.string(), z.number()),
  questions: z.array(measuredQuestion),
})

/** A run of a set, as `--save` keeps it. */
export type SavedRun = z.infer<typeof savedRun>

/** A hash of what is asked and what is right, whatever the order of the questions. */
export function hashQuestions(questions: readonly { id: string; right: unknown }[]): string {
  const sorted = [...questions].sort((a, b) => (a.id < b.id ? -1 : 1))
  const hash = createHash('sha256')
  for (const { id, right } of sorted) hash.update(`${JSON.stringify([id, right])}\n`)
  return hash.digest('hex')
}

/** @throws InkstoneError `not_found`; `invalid_request` when it is no saved run */
export async function readRun(path: string): Promise<SavedRun> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InkstoneError('not_found', `cannot read the saved run ${path}`, {
      remedy: 'check the path, or make one with --save',
      cause,
    })
  })
  try {
    return savedRun.parse(JSON.parse(text))
  } catch (cause) {
    throw new InkstoneError('invalid_request', `${path} is not a run that "inkstone eval --save" has written`, {
      remedy: 'make a new one with --save',
      cause,
    })
  }
}

/** @throws InkstoneError `invalid_request` when the runs are not of the same questions */
export function checkComparable(before: SavedRun, after: Pick<SavedRun, 'kind' | 'set' | 'questionsHash'>): void {
  if (before.kind === after.kind && before.questionsHash === after.questionsHash) return
  const what = before.kind !== after.kind || before.set !== after.set ? `of ${before.set}` : 'of other questions'
  throw new InkstoneError(
    'invalid_request',
    `the saved run is ${what}, this one of ${after.set}: they cannot be compared`,
    {
      remedy: 'compare with a run of the same set, with the same --half and --limit-queries',
    },
  )
}
