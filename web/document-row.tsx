import type { Document } from '../src/core/types.js'
import { useMessages } from './language.js'
import { LossList } from './loss-list.js'
import { ProblemNote } from './problem-note.js'

interface DocumentRowProps {
  document: Document
  onRead: (document: Document, opener: HTMLElement) => void
  onRetry: (document: Document) => void
  onRemove: (document: Document) => void
}

/** A document with its state and what can be done with it. */
export function DocumentRow({ document, onRead, onRetry, onRemove }: DocumentRowProps) {
  const say = useMessages()
  const facts = [
    ...(document.pageCount === null ? [] : [say.pages(document.pageCount)]),
    ...(document.chunkCount === 0 ? [] : [say.chunks(document.chunkCount)]),
    ...(document.tableCount === 0 ? [] : [say.tables(document.tableCount)]),
    ...(document.ocrCount === 0 ? [] : [say.recognised(document.ocrCount)]),
    say.size(document.sizeBytes),
  ]
  return (
    <li class="document">
      <div class="document-head">
        {document.revision > 0 ? (
          <button
            type="button"
            class="link-button document-title"
            aria-label={say.readNamed(document.title)}
            onClick={(event) => onRead(document, event.currentTarget)}
          >
            {document.title}
          </button>
        ) : (
          <span class="document-title">{document.title}</span>
        )}
        <StatusBadge document={document} />
      </div>
      {document.error === null ? null : <ProblemNote problem={document.error} />}
      {document.error !== null && document.status === 'ready' ? <p class="note">{say.olderVersion}</p> : null}
      <LossList losses={document.losses} />
      <div class="document-foot">
        <p class="quiet">{facts.join(' · ')}</p>
        <DocumentButtons document={document} onRetry={document.error === null ? null : onRetry} onRemove={onRemove} />
      </div>
    </li>
  )
}

function StatusBadge({ document: { status, losses } }: { document: Document }) {
  const say = useMessages()
  if (status === 'ready' && losses.length > 0) return <span class="badge badge-part">{say.partlyRead}</span>
  return <span class={`badge badge-${badgeOf[status]}`}>{say.status[status]}</span>
}

interface DocumentButtonsProps {
  document: Document
  /** null where there is nothing to try again. */
  onRetry: ((document: Document) => void) | null
  onRemove: (document: Document) => void
}

/** What can be done with a document besides reading it. */
export function DocumentButtons({ document, onRetry, onRemove }: DocumentButtonsProps) {
  const say = useMessages()
  return (
    <div class="document-buttons">
      {onRetry === null ? null : (
        <button
          type="button"
          class="link-button"
          aria-label={say.retryNamed(document.title)}
          onClick={() => onRetry(document)}
        >
          {say.retry}
        </button>
      )}
      <button
        type="button"
        class="link-button link-danger"
        aria-label={say.removeNamed(document.title)}
        onClick={() => onRemove(document)}
      >
        {say.remove}
      </button>
    </div>
  )
}

const badgeOf = { processing: 'busy', ready: 'good', failed: 'bad' } as const
