import type { DocumentText } from '../../core/types.js'
import type { CountedUnit } from './pack.js'
import { cellsOf } from './table-rows.js'
import type { TimeSlices } from './time-slices.js'
import { cutUnit, splitUnits, type Unit, writtenUnit } from './units.js'

export interface CountOptions {
  /** Tokens of each text, special tokens not counted. */
  count(texts: readonly string[]): Promise<number[]>
  /** A unit with more tokens is cut. */
  mostTokens: number
  slices: TimeSlices
}

const unitsPerStep = 256
const charactersPerStep = 100_000
/** No text that people write has tokens as long as this. */
const longestToken = 16

/** The units of a document in steps, each counted as it is embedded and cut where it is longer than a chunk. */
export async function* countedUnits(document: DocumentText, options: CountOptions): AsyncGenerator<CountedUnit[]> {
  const { slices, mostTokens } = options
  let step: Unit[] = []
  let characters = 0
  for (const whole of splitUnits(document)) {
    const length = whole.span.end - whole.span.start
    const isEndless = length > mostTokens * longestToken
    for (const unit of isEndless ? cutUnit(document, whole, mostTokens * longestToken) : [whole]) {
      if (slices.isOver()) await slices.next()
      step.push(unit)
      characters += unit.span.end - unit.span.start
      if (step.length < unitsPerStep && characters < charactersPerStep) continue
      yield await fitted(document, step, options)
      step = []
      characters = 0
    }
  }
  if (step.length > 0) yield await fitted(document, step, options)
}

/** Counts units and cuts those above the limit until none is left, or only single characters are. */
async function fitted(document: DocumentText, units: readonly Unit[], options: CountOptions): Promise<CountedUnit[]> {
  const { count, mostTokens } = options
  const counts = await count(units.map((unit) => writtenUnit(document, unit)))
  const fitting: CountedUnit[] = []
  for (const [index, unit] of units.entries()) {
    const tokens = Math.max(1, counts[index] ?? 0)
    const pieces = tokens <= mostTokens ? [] : smaller(document, unit, mostTokens / tokens)
    if (pieces.length === 0) fitting.push({ ...unit, tokens })
    else fitting.push(...(await fitted(document, pieces, options)))
  }
  return fitting
}

/** The pieces of a unit of which `share` would be enough; none when it cannot be smaller. */
export function smaller<T extends Unit>(document: Pick<DocumentText, 'text'>, unit: T, share: number): T[] {
  const { span, row } = unit
  const isOneCell = row !== undefined && cellsOf(document.text.slice(span.start, span.end)).length === 1
  // The name of its column may be what takes the room.
  if (isOneCell && row.names !== null) return [{ ...unit, row: { ...row, names: null } }]
  const characters = span.end - span.start
  // A tenth less than the average allows: tokens are not spread evenly.
  return characters <= 2 ? [] : cutUnit(document, unit, characters * share * 0.9)
}
