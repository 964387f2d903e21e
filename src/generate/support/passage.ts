import { terms } from '../../core/terms.js'
import type { Chunk } from '../../core/types.js'
import { foldText } from '../values/fold-text.js'
import type { Quantity } from '../values/quantities.js'
import { type Value, valuesIn } from '../values/values.js'
import { labelOf, quantitiesOf, type Reading, readText } from './reading.js'

/** A chunk as statements are held against it. */
export interface Passage {
  readings: readonly Reading[]
  context: Context
  /** Each number with the words that say what it is the value of. */
  labels: readonly { quantity: Quantity; label: ReadonlySet<string> }[]
}

/** Title, headings and table header: what the sentences of a passage are about. */
export interface Context {
  /** Folded. */
  text: string
  words: ReadonlySet<string>
  values: readonly Value[]
}

/** Sentences `from` up to, not including, `to` of a passage. */
export interface Quoted {
  passage: Passage
  from: number
  to: number
}

/** Headings that stand in the chunk itself are context, not sentences to quote. */
export function readPassage(chunk: Chunk): Passage {
  const readings = readText(chunk.text, { tableHeader: chunk.tableHeader }).filter(
    ({ span }) => !chunk.headingPath.includes(chunk.text.slice(span.start, span.end)),
  )
  return toPassage(readings, [chunk.documentTitle, ...chunk.headingPath, chunk.tableHeader ?? ''].join('\n'))
}

/** The quoted sentences of several passages as one passage. */
export function joinQuotes(quotes: readonly Quoted[]): Passage {
  return toPassage(quotes.flatMap(quotedReadings), quotes.map(({ passage }) => passage.context.text).join('\n'))
}

export function quotedReadings({ passage, from, to }: Quoted): readonly Reading[] {
  return passage.readings.slice(from, to)
}

function toPassage(readings: readonly Reading[], above: string): Passage {
  const text = foldText(above)
  return {
    readings,
    context: { text, words: new Set(terms(text)), values: valuesIn(text) },
    labels: readings.flatMap((reading) =>
      quantitiesOf(reading).map((quantity) => ({ quantity, label: new Set(labelOf(reading, quantity)) })),
    ),
  }
}
