import { useState } from 'preact/hooks'
import type { Hit, Signals } from '../src/core/types.js'
import type { OpenPassage } from './answer-text.js'
import { useMessages } from './language.js'
import { hitPassage } from './passage.js'

const shownAtFirst = 3

/** The passages that a search found, best first. */
export function Sources({ hits, title, onOpen }: { hits: readonly Hit[]; title: string; onOpen: OpenPassage }) {
  const say = useMessages()
  const [showsAll, setShowsAll] = useState(false)
  if (hits.length === 0) return <p class="quiet">{say.noPassages}</p>
  const shown = showsAll ? hits : hits.slice(0, shownAtFirst)
  return (
    <section class="sources" aria-label={title}>
      <h4 class="part-title">{title}</h4>
      <ol class="source-list">
        {shown.map((hit) => (
          <Source key={hit.chunk.id} hit={hit} onOpen={onOpen} />
        ))}
      </ol>
      {hits.length > shownAtFirst ? (
        <button type="button" class="link-button" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? say.showFewer : say.showAll(hits.length)}
        </button>
      ) : null}
    </section>
  )
}

function Source({ hit, onOpen }: { hit: Hit; onOpen: OpenPassage }) {
  const say = useMessages()
  const { chunk } = hit
  return (
    <li class="source">
      <button
        type="button"
        class="source-open"
        aria-label={say.openPassage(chunk.documentTitle)}
        onClick={(event) => onOpen(hitPassage(hit), event.currentTarget)}
      >
        <SourceLine title={chunk.documentTitle} page={chunk.page} headingPath={chunk.headingPath} />
        <span class="snippet">{chunk.text}</span>
      </button>
      {hit.duplicates === undefined ? null : (
        <p class="quiet">
          {say.alsoIn([...new Set(hit.duplicates.map(({ documentTitle }) => documentTitle))].join(' · '))}
        </p>
      )}
      <details class="signals">
        <summary>
          {say.signals} {hit.score.toFixed(2)}
        </summary>
        <SignalList signals={hit.signals} />
      </details>
    </li>
  )
}

/** Where a passage stands: title, page and headings. */
export function SourceLine(place: { title: string; page: number | null; headingPath: readonly string[] }) {
  const say = useMessages()
  const headings = place.headingPath.filter((heading) => heading !== place.title).slice(-2)
  const details = [...(place.page === null ? [] : [say.page(place.page)]), ...headings]
  return (
    <span class="source-line">
      <span class="source-title">{place.title}</span>
      {details.length === 0 ? null : <span class="source-place">{details.join(' › ')}</span>}
    </span>
  )
}

function SignalList({ signals }: { signals: Signals }) {
  const say = useMessages()
  const rows: [string, number | null][] = [
    ...(signals.rerank === null ? [] : [[say.signalRerank, signals.rerank] satisfies [string, number]]),
    [say.signalFused, signals.fused],
    [say.signalDense, signals.dense],
    [say.signalLexical, signals.lexical],
  ]
  return (
    <dl>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === null ? say.signalAbsent : value.toFixed(3)}</dd>
        </div>
      ))}
    </dl>
  )
}
