import type { Hit, WideHit } from '../core/types.js'
import { bindStatement, type CitationDraft } from './cite.js'
import { lastParagraph } from './code-spans.js'
import { decidedLength, type Marker, type Settled, settleMarkers, withoutHalfMarker } from './markers.js'
import { statementsIn } from './statements.js'

/** What can be shown of an answer since the last time, and the citations of the statements that ended in it. */
export interface Shown {
  text: string
  drafts: CitationDraft[]
}

/**
 * Settles and binds the markers of an answer while it is written. Markers that name no passage never show, also when one
 * comes in pieces; a statement is bound as soon as nothing that follows can change it. All that is shown together is, in
 * whatever pieces the text comes, `settleMarkers` of the whole and `bindCitations` of that.
 * @param cited marker `n` is `cited[n - 1]`
 */
export function citationStream(cited: readonly (Hit & Partial<WideHit>)[]) {
  /** What is not settled for good. */
  let raw = ''
  let before: Settled = { text: '', markers: [], invented: 0 }
  let current = before
  let boundStatements = 0

  function show(end: number, { isGrowing }: { isGrowing: boolean }): Shown {
    const shown = current.text.length
    current = joined(before, settleMarkers(raw, { passageCount: cited.length, end }))
    const { text, markers } = current
    const over = statementsIn(text, { markers, from: boundStatements, isGrowing })
    boundStatements += over.length
    // What stands before the last paragraph is not read again.
    const paragraph = lastParagraph(raw.slice(0, end))
    if (paragraph > 0) {
      before = joined(before, settleMarkers(raw, { passageCount: cited.length, end: paragraph }))
      raw = raw.slice(paragraph)
    }
    return { text: text.slice(shown), drafts: over.flatMap((statement) => bindStatement(statement, cited)) }
  }

  return {
    /** Takes the next piece of the answer. */
    write(text: string): Shown {
      raw += text
      return show(decidedLength(raw), { isGrowing: true })
    },
    /** The answer is whole, or was cut off: then half a marker at its end is dropped. */
    end({ isCutOff }: { isCutOff: boolean }): Shown {
      if (isCutOff) raw = withoutHalfMarker(raw)
      return show(raw.length, { isGrowing: false })
    },
    /** All that was shown. */
    get text() {
      return current.text
    },
    /** Markers that named no passage. */
    get invented() {
      return current.invented
    },
  }
}

function joined(before: Settled, after: Settled): Settled {
  const shift = before.text.length
  const moved = ({ number, span }: Marker) => ({ number, span: { start: span.start + shift, end: span.end + shift } })
  return {
    text: before.text + after.text,
    markers: [...before.markers, ...after.markers.map(moved)],
    invented: before.invented + after.invented,
  }
}
