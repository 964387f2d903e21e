import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../src/core/job.js'
import type { Document, PageText } from '../src/core/types.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { VerifiedBadge } from './citations.js'
import { useMessages } from './language.js'
import { OriginalLink } from './original-link.js'
import { markQuotes, type Passage } from './passage.js'
import { ProblemNote } from './problem-note.js'

/** A page of a document beside the conversation, with the quotes marked. */
export function Reader({ api, passage, onClose }: { api: Api; passage: Passage; onClose: () => void }) {
  const say = useMessages()
  const [page, setPage] = useState(passage.page)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    setPage(passage.page)
    heading.current?.focus()
  }, [passage])
  const reading = useReading(api, passage.documentId, page)
  const pageCount = reading.document?.pageCount ?? null
  return (
    <aside class="panel reader" aria-label={say.reader}>
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {passage.title}
        </h2>
        <button type="button" class="button button-quiet" onClick={onClose} aria-keyshortcuts="Escape">
          {say.close}
        </button>
      </header>
      <div class="reader-place">
        {pageCount === null ? null : <span>{say.pageOf(page, pageCount)}</span>}
        {passage.verified === null ? null : <VerifiedBadge verified={passage.verified} />}
        {reading.document === null ? null : <OriginalLink api={api} document={reading.document} page={page} />}
      </div>
      {passage.verified === false ? <p class="note">{say.unverifiedHint}</p> : null}
      {reading.problem === null ? null : <ProblemNote problem={reading.problem} />}
      {reading.text === null ? null : (
        <PageView text={reading.text} quotes={passage.quotes} cited={page === passage.page} />
      )}
      {reading.text === null && reading.problem === null ? <p class="quiet">{say.loading}</p> : null}
      {pageCount === null || pageCount < 2 ? null : (
        <nav class="page-turner" aria-label={say.pageOf(page, pageCount)}>
          <button type="button" class="button" disabled={page <= 1} onClick={() => setPage(page - 1)}>
            ← {say.previousPage}
          </button>
          <button type="button" class="button" disabled={page >= pageCount} onClick={() => setPage(page + 1)}>
            {say.nextPage} →
          </button>
        </nav>
      )}
    </aside>
  )
}

interface Reading {
  document: Document | null
  text: PageText | null
  problem: Problem | null
}

const nothingRead: Reading = { document: null, text: null, problem: null }

function useReading(api: Api, documentId: string, page: number): Reading {
  const [reading, setReading] = useState<Reading>(nothingRead)
  useEffect(() => {
    let isCurrent = true
    const show = (change: Partial<Reading>) => {
      if (isCurrent) setReading((before) => ({ ...before, ...change }))
    }
    setReading((before) =>
      before.document?.id === documentId ? { ...before, text: null, problem: null } : nothingRead,
    )
    api.getPage(documentId, page).then(
      (text) => show({ text }),
      (error: unknown) => show({ problem: problemOf(error) }),
    )
    api.getDocument(documentId).then(
      (document) => show({ document }),
      (error: unknown) => show({ problem: problemOf(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [api, documentId, page])
  return reading
}

interface PageViewProps {
  text: PageText
  quotes: Passage['quotes']
  /** Whether this is the page that the quotes were cited from. */
  cited: boolean
}

function PageView({ text, quotes, cited }: PageViewProps) {
  const say = useMessages()
  const frame = useRef<HTMLElement>(null)
  useEffect(() => {
    const mark = frame.current?.querySelector('mark')
    if (mark) mark.scrollIntoView({ block: 'center' })
    else frame.current?.scrollTo({ top: 0 })
  }, [text, quotes])
  const parts = markQuotes(text, quotes)
  const isMissing = cited && !parts.some((part) => part.quoted)
  return (
    <>
      {isMissing ? <p class="note">{say.quoteMissing}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long page must scroll by keyboard */}
      <section ref={frame} class="page-text" tabIndex={0} aria-label={say.pageText}>
        {text.text.trim() === '' ? <p class="quiet">{say.emptyPage}</p> : null}
        {parts.map((part) => (part.quoted ? <mark>{part.text}</mark> : <span>{part.text}</span>))}
      </section>
    </>
  )
}
