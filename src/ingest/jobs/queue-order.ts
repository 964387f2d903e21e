import type { Catalogue } from '../../core/catalogue.js'
import type { Job } from '../../core/job.js'

export interface QueueOrder {
  /** How many queued jobs will be begun before this one; null when it is not in the queue, or waits for its time. */
  jobsBefore(jobId: string): Promise<number | null>
}

/** Each page holds the program up for some milliseconds. */
const jobsPerPage = 200
/** Reading may take this share of the time: a queue of thousands is read less often. */
const readingShare = 1 / 30

/**
 * The order in which `claimJob` will take the queued jobs. It is read from the catalogue when somebody asks, and again
 * when that was more than `maxAgeMs` ago, or longer if reading took long.
 */
export function queueOrder(
  catalogue: Pick<Catalogue, 'listJobs'>,
  { maxAgeMs = 5_000, now = Date.now }: { maxAgeMs?: number; now?: () => number } = {},
): QueueOrder {
  let reading: Promise<ReadonlyMap<string, number>> | null = null
  let staleAt = 0
  async function read(): Promise<ReadonlyMap<string, number>> {
    const from = now()
    const order = await readOrder(catalogue, new Date(from))
    staleAt = from + Math.max(maxAgeMs, (now() - from) / readingShare)
    return order
  }
  return {
    async jobsBefore(jobId) {
      if (reading === null || now() > staleAt) {
        staleAt = Number.POSITIVE_INFINITY
        reading = read()
        reading.catch(() => {
          reading = null
        })
      }
      return (await reading).get(jobId) ?? null
    },
  }
}

async function readOrder(catalogue: Pick<Catalogue, 'listJobs'>, at: Date): Promise<ReadonlyMap<string, number>> {
  const newestFirst: Job[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Catalogue['listJobs']>> = await catalogue.listJobs({
      status: 'queued',
      limit: jobsPerPage,
      ...(cursor === null ? {} : { cursor }),
    })
    newestFirst.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  const due = newestFirst.reverse().filter(({ notBefore }) => notBefore === null || notBefore <= at.toISOString())
  return new Map(due.sort(claimOrder).map(({ id }, position) => [id, position]))
}

/** Of equals the older one goes first: sorting keeps their order. */
function claimOrder(one: Job, other: Job): number {
  const isBackground = ({ priority }: Job) => (priority === 'background' ? 1 : 0)
  return isBackground(one) - isBackground(other) || one.attempts - other.attempts
}
