/** What is kept of one question of a run, whatever the set. */
export interface MeasuredQuestion {
  id: string
  question: string
  /** Of golden questions their own kind, else `query`. */
  kind: string
  /** By metric, each 0 to 1; what does not apply to the question is left out. */
  values: Record<string, number>
  /** Rank of the first that is right, by mode or level; null when it was not found. */
  ranks: Record<string, number | null>
  /** Milliseconds, by mode. */
  ms: Record<string, number>
  /** Cosine of the nearest passage; null when there is none. */
  nearest: number | null
  /** The answer; null when there is none. */
  said: string | null
  /** `answered`: whether it is right was not judged. `searched`: nothing was asked but to search. */
  verdict: 'right' | 'wrong' | 'refused' | 'answered' | 'searched'
}
