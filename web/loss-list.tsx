import type { Loss } from '../src/core/types.js'
import { useMessages } from './language.js'

const mostPagesNamed = 20

/** What of a document could not be read, folded until somebody asks. */
export function LossList({ losses }: { losses: readonly Loss[] }) {
  const say = useMessages()
  if (losses.length === 0) return null
  const total = losses.reduce((sum, { count }) => sum + count, 0)
  return (
    <details class="losses">
      <summary>{say.notRead(total)}</summary>
      <ul>
        {losses.map(({ kind, count, pages, reason }) => (
          <li key={`${kind} ${reason}`}>
            {say.lossKinds[kind](count)}
            {pages.length === 0 ? '' : say.onPages(named(pages))}: {reason}
          </li>
        ))}
      </ul>
    </details>
  )
}

function named(pages: readonly number[]): string {
  return `${pages.slice(0, mostPagesNamed).join(', ')}${pages.length > mostPagesNamed ? '…' : ''}`
}
