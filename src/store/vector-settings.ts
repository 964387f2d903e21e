import type { VectorSettings } from '../core/tuning.js'

/**
 * What an index of so many rows is searched with before anything was measured. Both grow with the table: on synthetic
 * vectors recall@10 was 1.0 at 100,000 rows with 50 partitions, and .99 at 1,000,000 with 200.
 */
export function defaultSettings(rows: number): VectorSettings {
  return { partitions: Math.max(50, Math.ceil(Math.sqrt(rows) / 5)), candidates: rows < 500_000 ? 600 : 1_200 }
}

/**
 * Settings worth trying, from cheap to dear. A partition costs about as much as ten candidates: it is scanned in
 * short codes, a candidate is read and compared in full.
 */
export function settingsLadder(): VectorSettings[] {
  const ladder = [5, 10, 20, 50, 100, 200, 400].flatMap((partitions) =>
    [50, 100, 200, 400, 800, 1_600].map((candidates) => ({ partitions, candidates })),
  )
  const cost = ({ partitions, candidates }: VectorSettings) => partitions * 10 + candidates
  return ladder.sort((a, b) => cost(a) - cost(b))
}

/** LanceDB compares `refineFactor × limit` candidates in full. Twice the limit is the least that is worth it. */
export function refineFactor({ candidates }: VectorSettings, limit: number): number {
  return Math.max(2, Math.ceil(candidates / limit))
}

/** Share of the ids that are nearest by exact search which were found, 0 to 1; 1 when there are none. */
export function recallOf(pairs: readonly { found: readonly string[]; exact: readonly string[] }[]): number {
  const wanted = pairs.reduce((sum, { exact }) => sum + exact.length, 0)
  const hits = pairs.reduce((sum, { found, exact }) => sum + exact.filter((id) => found.includes(id)).length, 0)
  return wanted === 0 ? 1 : hits / wanted
}
