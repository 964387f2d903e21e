/** What docs/filters.md says, as plainly as it can be written: nothing is indexed and nothing is turned into SQL. */
export function passes(document, filter) {
  if (filter.documentIds && !filter.documentIds.includes(document.id)) return false
  if (filter.and && !filter.and.every((part) => passes(document, part))) return false
  if (filter.or && !filter.or.some((part) => passes(document, part))) return false
  if (filter.not && passes(document, filter.not)) return false
  if (filter.field === undefined) return true
  const values = valuesOf(document, filter.field)
  const isMoment = filter.field === 'createdAt' || filter.field === 'updatedAt'
  const equal = (a, b) => (isMoment ? Date.parse(a) === Date.parse(b) : a === b)
  const has = (value) => values.some((own) => equal(own, value))
  const orders = { lt: (o) => o < 0, lte: (o) => o <= 0, gt: (o) => o > 0, gte: (o) => o >= 0 }
  if (filter.eq !== undefined && !has(filter.eq)) return false
  if (filter.ne !== undefined && has(filter.ne)) return false
  if (filter.in !== undefined && !filter.in.some(has)) return false
  if (filter.prefix !== undefined && !values.some((own) => typeof own === 'string' && own.startsWith(filter.prefix))) {
    return false
  }
  if (filter.exists !== undefined && filter.exists !== values.length > 0) return false
  return Object.entries(orders).every(
    ([operator, fits]) =>
      filter[operator] === undefined ||
      values.some((own) => {
        const order = orderOf(own, filter[operator])
        return order !== null && fits(order)
      }),
  )
}

function valuesOf(document, field) {
  if (field === 'documentId') return [document.id]
  if (field === 'path') return document.paths
  if (['title', 'mediaType', 'createdAt', 'updatedAt'].includes(field)) return [document[field]]
  const key = field === 'tags' ? field : field.slice('metadata.'.length)
  return Object.hasOwn(document.metadata, key) ? [document.metadata[key]].flat() : []
}

/** Below zero when `own` comes first; null when the two cannot be compared. */
function orderOf(own, given) {
  if (typeof own === 'number' && typeof given === 'number') return own - given
  if (typeof own !== 'string' || typeof given !== 'string') return null
  if (!isDate(given)) return Buffer.compare(Buffer.from(own), Buffer.from(given))
  return isDate(own) ? Date.parse(own) - Date.parse(given) : null
}

const isDate = (text) => /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|\+\d\d:\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text))

/** A random filter, up to `depth` levels deep, about the facts of these documents and some that none has. */
export function randomFilter(random, { documents, depth }) {
  const pick = (list) => list[Math.floor(random() * list.length)]
  const kind = depth > 1 ? random() : 1
  const part = () => randomFilter(random, { documents, depth: depth - 1 })
  if (kind < 0.2) return { and: [part(), part()] }
  if (kind < 0.45) return { or: [part(), part()] }
  if (kind < 0.6) return { not: part() }
  if (random() < 0.05) return { documentIds: [pick(documents).id, pick(documents).id, 'doc_none'] }
  return randomComparison(random, documents)
}

function randomComparison(random, documents) {
  const pick = (list) => list[Math.floor(random() * list.length)]
  const keys = [...new Set(documents.slice(0, 100).flatMap(({ metadata }) => Object.keys(metadata)))]
  const named = ['documentId', 'path', 'title', 'mediaType', 'createdAt', 'updatedAt', 'tags']
  const field = pick([...named, ...keys.map((key) => `metadata.${key}`), 'metadata.nobody has this'])
  // A value that some document has, so that most filters let something pass.
  const examples = () => valuesOf(pick(documents), field)
  const value = () => pick(examples()) ?? pick(['2026-03-01', 'x', 2020, true])
  const isClock = field === 'createdAt' || field === 'updatedAt'
  const choices = ['eq', 'ne', 'in', 'exists']
  if (field !== 'documentId') choices.push('lt', 'lte', 'gt', 'gte', 'range')
  if (field !== 'documentId' && !isClock) choices.push('prefix')
  const operator = pick(choices)
  if (operator === 'exists') return { field, exists: random() < 0.5 }
  if (operator === 'in') return { field, in: isClock ? [value()] : [value(), value(), value()] }
  const first = isClock || named.includes(field) ? String(pick(examples()) ?? '2026-03-01') : value()
  if (operator === 'eq' || operator === 'ne') return { field, [operator]: first }
  if (operator === 'prefix') return { field, prefix: String(first).slice(0, Math.floor(random() * 4)) }
  const bound = typeof first === 'boolean' ? 2020 : first
  return operator === 'range' ? { field, gte: bound, lt: bound } : { field, [operator]: bound }
}
