import type { Chunk, Hit } from '../core/types.js'

/** Hits that are compared word for word with each other; further down, only the same text is looked for. */
const comparedHits = 40
/** Characters of a shingle: about two words of Chinese. */
const shingleLength = 4
/** Least Jaccard similarity of shingles. At 0.95 a page of 400 characters may differ in two of them, such as by a scan. */
const leastSimilarity = 0.95

/**
 * Shows the same text once, at its best rank: a copy under another name, a repeated page, the same page scanned twice.
 * The hit that stays says under which other documents its text stands. Texts that differ in a number or in a negation
 * are not the same, however alike they are: those are what readers compare.
 * @param hits best first
 */
export function fold(hits: readonly Hit[]): Hit[] {
  const kept: { hit: Hit; face: Face; copies: Chunk[] }[] = []
  const byText = new Map<string, (typeof kept)[number]>()
  for (const [index, hit] of hits.entries()) {
    const face = faceOf(hit.chunk.text, { compared: index < comparedHits })
    const same = byText.get(face.text) ?? kept.find((other) => isAlike(other.face, face))
    if (same !== undefined) same.copies.push(hit.chunk)
    else {
      const entry = { hit, face, copies: [] }
      kept.push(entry)
      byText.set(face.text, entry)
    }
  }
  return kept.map(({ hit, copies }, index) => ({ ...withDuplicates(hit, copies), rank: index + 1 }))
}

/** At most `max` hits of each document; those after them move up. */
export function limitPerDocument(hits: readonly Hit[], max: number): Hit[] {
  const taken = new Map<string, number>()
  return hits
    .filter(({ chunk: { documentId } }) => {
      const count = (taken.get(documentId) ?? 0) + 1
      taken.set(documentId, count)
      return count <= max
    })
    .map((hit, index) => ({ ...hit, rank: index + 1 }))
}

/** What of a text counts when it is compared. */
interface Face {
  text: string
  /** What must be the same in both: numbers and part numbers, and words that deny, in order. */
  marks: string
  /** Null when the text is not compared closely. */
  shingles: ReadonlySet<string> | null
}

const marksPattern =
  /[\p{Script=Latin}\d]*\d[\p{Script=Latin}\d]*|[不非无無未勿禁莫否没沒]|\b(?:no|not|never|without|except|un\w+)\b/giu

function faceOf(text: string, { compared }: { compared: boolean }): Face {
  const folded = text.normalize('NFKC').toLowerCase()
  const letters = folded.replace(/\s+/g, '')
  if (!compared) return { text: letters, marks: '', shingles: null }
  const shingles = new Set<string>()
  for (let at = 0; at + shingleLength <= letters.length; at += 1) shingles.add(letters.slice(at, at + shingleLength))
  return { text: letters, marks: (folded.match(marksPattern) ?? []).join(' '), shingles }
}

function isAlike(a: Face, b: Face): boolean {
  if (a.shingles === null || b.shingles === null || a.marks !== b.marks) return false
  const [small, large] = a.shingles.size <= b.shingles.size ? [a.shingles, b.shingles] : [b.shingles, a.shingles]
  if (small.size < large.size * leastSimilarity || small.size === 0) return false
  let common = 0
  for (const shingle of small) if (large.has(shingle)) common += 1
  return common >= leastSimilarity * (small.size + large.size - common)
}

function withDuplicates(hit: Hit, copies: readonly Chunk[]): Hit {
  const places = new Map(
    copies
      .filter(({ documentId }) => documentId !== hit.chunk.documentId)
      .map(({ documentId, documentTitle, page }) => [`${documentId} ${page}`, { documentId, documentTitle, page }]),
  )
  return places.size === 0 ? hit : { ...hit, duplicates: [...places.values()] }
}
