import type { JobStage } from '../src/core/job.js'

/** Where each stage begins on the way of a file, 0 to 1, by about what it takes: embedding is nearly all of it. */
const beginnings: readonly [JobStage, number][] = [
  ['queued', 0.1],
  ['parsing', 0.1],
  ['recognising', 0.15],
  ['chunking', 0.25],
  ['embedding', 0.3],
  ['indexing', 0.95],
]

/** Share of the way that a file has come while it is sent, 0 to 1. */
export function wayWhileSent(sentRatio: number): number {
  return sentRatio * 0.1
}

/** Share of the way that a file has come in a stage. @param progress share of the stage, 0 to 1 */
export function wayInStage(stage: JobStage, progress: number): number {
  const index = beginnings.findIndex(([name]) => name === stage)
  if (index === -1) return 1
  const beginning = beginnings[index]?.[1] ?? 1
  const end = beginnings[index + 1]?.[1] ?? 1
  return beginning + (end - beginning) * progress
}
