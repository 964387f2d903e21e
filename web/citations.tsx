import type { Citation } from '../src/core/answer.js'
import type { OpenPassage } from './answer-text.js'
import { useMessages } from './language.js'
import { citationPassage } from './passage.js'
import { SourceLine } from './sources.js'

/** The quotes that an answer stands on, each with whether it was checked. */
export function Citations({ citations, onOpen }: { citations: readonly Citation[]; onOpen: OpenPassage }) {
  const say = useMessages()
  return (
    <section class="citations" aria-label={say.citations}>
      <h4 class="part-title">{say.citations}</h4>
      <ul class="citation-list">
        {citations.map((citation) => (
          <li class="citation">
            <button
              type="button"
              class="citation-open"
              aria-label={say.openSource(citation.marker, citation.documentTitle)}
              onClick={(event) => onOpen(citationPassage(citation), event.currentTarget)}
            >
              <span class="citation-number">{citation.marker}</span>
              <span class="citation-body">
                <SourceLine title={citation.documentTitle} page={citation.page} headingPath={citation.headingPath} />
                <q class="quote">{citation.quote}</q>
              </span>
            </button>
            <VerifiedBadge verified={citation.verified} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Whether a quote was found in the source. */
export function VerifiedBadge({ verified }: { verified: boolean }) {
  const say = useMessages()
  return verified ? (
    <span class="badge badge-good" title={say.verifiedHint}>
      ✓ {say.verified}
    </span>
  ) : (
    <span class="badge badge-doubtful" title={say.unverifiedHint}>
      ! {say.unverified}
    </span>
  )
}
