import type { StepNote, StepPlace } from '../../core/answer.js'
import type { Hit } from '../../core/types.js'

/** A sub-question with what was found for it. */
export interface Lookup {
  subQuestion: string
  /** Best first. */
  hits: Hit[]
  candidates: Hit[]
  rerankFailed: boolean
  /** Null: nobody has read the hits, or what the model noted could not be used. */
  notes: Note[] | null
}

/** What a passage says towards a sub-question, in the words of the model. */
export interface Note {
  hit: Hit
  text: string
}

/** The number of each passage, the same in every step; it takes the next one for a passage that it has not seen. */
export type Numbering = (hit: Hit) => number

export function numbering(): Numbering {
  const numbers = new Map<string, number>()
  return ({ chunk }) => {
    const number = numbers.get(chunk.id) ?? numbers.size + 1
    numbers.set(chunk.id, number)
    return number
  }
}

export function placeOf({ chunk: { documentId, documentTitle, page } }: Hit): StepPlace {
  return { documentId, documentTitle, page }
}

/** Where something was found, no place twice. */
export function placesOf(hits: readonly Hit[]): StepPlace[] {
  const places = new Map(hits.map((hit) => [`${hit.chunk.documentId} ${hit.chunk.page}`, placeOf(hit)]))
  return [...places.values()]
}

export function toldNotes(notes: readonly Note[]): StepNote[] {
  return notes.map(({ hit, text }) => ({ ...placeOf(hit), text }))
}
