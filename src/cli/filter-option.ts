import { InvalidArgumentError, Option } from 'commander'
import { filterParameter } from '../api/filter.js'
import type { SearchFilter } from '../core/types.js'

/** `--filter`: a filter as JSON, checked before anything is opened. */
export function filterOption(): Option {
  return new Option('--filter <json>', 'only documents that it lets pass (docs/filters.md)').argParser(readFilter)
}

function readFilter(json: string): SearchFilter {
  const parsed = filterParameter.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
  throw new InvalidArgumentError(`It is no filter${where}: ${issue?.message ?? 'unknown reason'}.`)
}
