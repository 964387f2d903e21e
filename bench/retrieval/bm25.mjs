// BM25 as LanceDB ranks with it: k1 1.2, b .75, Robertson's idf kept above zero.

const k1 = 1.2
const b = 0.75

/** @param documents the terms of each document, repeated as often as they occur */
export function bm25(documents) {
  const ids = new Map()
  const postings = []
  const lengths = new Float64Array(documents.length)
  for (const [at, document] of documents.entries()) {
    lengths[at] = document.length
    const counts = new Map()
    for (const term of document) counts.set(term, (counts.get(term) ?? 0) + 1)
    for (const [term, count] of counts) {
      let id = ids.get(term)
      if (id === undefined) {
        id = postings.length
        ids.set(term, id)
        postings.push([])
      }
      postings[id].push(at, count)
    }
  }
  const mean = lengths.reduce((sum, length) => sum + length, 0) / (documents.length || 1)
  const scores = new Float64Array(documents.length)

  const idfOf = (term) => {
    const id = ids.get(term)
    const holding = id === undefined ? 0 : postings[id].length / 2
    return Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5))
  }

  return {
    idfOf,
    mean,
    /** @param terms Map(term → weight). @returns the `limit` best as `[{ at, score }]`, best first */
    search(terms, limit, look = () => undefined) {
      const touched = []
      for (const [term, weight] of terms) {
        const id = ids.get(term)
        if (id === undefined) continue
        const list = postings[id]
        const idf = weight * idfOf(term)
        for (let i = 0; i < list.length; i += 2) {
          const at = list[i]
          const count = list[i + 1]
          if (scores[at] === 0) touched.push(at)
          scores[at] += (idf * count * (k1 + 1)) / (count + k1 * (1 - b + (b * lengths[at]) / mean))
        }
      }
      const best = top(touched, scores, limit)
      look(scores)
      for (const at of touched) scores[at] = 0
      return best
    },
  }
}

/** The best of `places` by `scores`, best first; equals in the order of their places. */
export function top(places, scores, limit) {
  const isWorse = (x, y) => x.score < y.score || (x.score === y.score && x.at > y.at)
  let worst = Number.NEGATIVE_INFINITY
  let found = []
  for (const at of places) {
    const score = scores[at]
    if (score < worst) continue
    found.push({ at, score })
    if (found.length >= limit * 4) {
      found.sort((x, y) => (isWorse(x, y) ? 1 : -1))
      found = found.slice(0, limit)
      worst = found.at(-1).score
    }
  }
  found.sort((x, y) => (isWorse(x, y) ? 1 : -1))
  return found.slice(0, limit)
}
