import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../src/core/job.js'
import type { Document, KnowledgeBase } from '../src/core/types.js'
import { problemOf } from './api-error.js'
import { RemoveDialog } from './dialogs.js'
import { DocumentRow } from './document-row.js'
import { useMessages } from './language.js'
import { ProblemNote } from './problem-note.js'
import { isUnderWay, standsFor } from './transfer.js'
import { TransferRow } from './transfer-row.js'
import type { DocumentList } from './use-documents.js'
import type { DroppedFile, Transfers } from './use-transfers.js'

interface DocumentsPanelProps {
  knowledgeBase: KnowledgeBase
  documents: DocumentList
  transfers: Transfers
  onAdd: (files: DroppedFile[]) => void
  onRead: (document: Document, opener: HTMLElement) => void
  onClose: () => void
}

/** The documents of a knowledge base: adding, following, reading, deleting. */
export function DocumentsPanel(props: DocumentsPanelProps) {
  const { knowledgeBase, documents, transfers, onClose } = props
  const say = useMessages()
  const heading = useRef<HTMLHeadingElement>(null)
  const [removing, setRemoving] = useState<Document | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => heading.current?.focus(), [])
  const remove = (document: Document) => {
    setRemoving(null)
    setProblem(null)
    heading.current?.focus()
    documents
      .remove(document)
      .then(() => transfers.forget(document))
      .catch((error: unknown) => setProblem(problemOf(error)))
  }
  return (
    <aside class="panel documents" aria-label={say.documents}>
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {say.documentsTitle(knowledgeBase.name)}
        </h2>
        <button type="button" class="button button-quiet" onClick={onClose} aria-keyshortcuts="Escape">
          {say.close}
        </button>
      </header>
      <FilePicker onAdd={props.onAdd} />
      <TransferList transfers={transfers} onRemove={setRemoving} />
      {problem === null ? null : <ProblemNote problem={problem} />}
      {documents.problem === null ? null : <ProblemNote problem={documents.problem} />}
      <DocumentRows {...props} onRemove={setRemoving} />
      {removing === null ? null : (
        <RemoveDialog title={removing.title} onCancel={() => setRemoving(null)} onRemove={() => remove(removing)} />
      )}
    </aside>
  )
}

function FilePicker({ onAdd }: { onAdd: (files: DroppedFile[]) => void }) {
  const say = useMessages()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div class="file-picker">
      <button type="button" class="button button-primary" onClick={() => input.current?.click()}>
        {say.addFiles}
      </button>
      <span class="quiet">{say.dropHint}</span>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={say.addFiles}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          onAdd(files.map((file) => ({ name: file.name, file })))
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}

function TransferList({ transfers, onRemove }: { transfers: Transfers; onRemove: (document: Document) => void }) {
  const say = useMessages()
  if (transfers.items.length === 0) return null
  const allEnded = !transfers.items.some(isUnderWay)
  return (
    <section class="transfers" aria-label={say.uploads}>
      <div class="list-head">
        <h3>{say.uploads}</h3>
        {allEnded ? (
          <button type="button" class="link-button" onClick={transfers.clearFinished}>
            {say.clearFinished}
          </button>
        ) : null}
      </div>
      <ul>
        {transfers.items.map((transfer) => (
          <TransferRow key={transfer.key} transfer={transfer} onRetry={transfers.retry} onRemove={onRemove} />
        ))}
      </ul>
    </section>
  )
}

function DocumentRows(props: DocumentsPanelProps & { onRemove: (document: Document) => void }) {
  const { documents, transfers } = props
  const say = useMessages()
  if (documents.items === null) return documents.problem === null ? <p class="quiet">{say.loading}</p> : null
  const told = new Set(transfers.items.map((transfer) => standsFor(transfer)?.id))
  const shown = documents.items.filter((document) => !told.has(document.id))
  return (
    <section class="document-list" aria-label={say.documents}>
      <div class="list-head">
        <h3>{say.documents}</h3>
        <button type="button" class="link-button" onClick={documents.refresh}>
          {say.refresh}
        </button>
      </div>
      {documents.items.length === 0 ? <p class="quiet">{say.noDocuments}</p> : null}
      <ul>
        {shown.map((document) => (
          <DocumentRow
            key={document.id}
            document={document}
            onRead={props.onRead}
            onRetry={transfers.retry}
            onRemove={props.onRemove}
          />
        ))}
      </ul>
      {documents.hasMore ? (
        <button type="button" class="button" onClick={documents.loadMore}>
          {say.loadMore}
        </button>
      ) : null}
    </section>
  )
}
