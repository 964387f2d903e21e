import type { InValue } from '@libsql/client'
import { InkstoneError } from '../../core/errors.js'
import { momentOf } from '../../core/moment.js'
import type { FilterField, FilterValue, SearchFilter } from '../../core/types.js'

/** A condition on a row of `documents` that goes by the name `d`. Every value is bound: none is ever part of the text. */
export interface Predicate {
  sql: string
  args: InValue[]
}

/**
 * The condition that a filter is, within one knowledge base; null when it lets everything pass.
 * @throws InkstoneError `invalid_request` when the filter holds operators without a field, or a field that is unknown
 */
export function filterPredicate(filter: SearchFilter, knowledgeBaseId: string): Predicate | null {
  const inner = (part: SearchFilter) => filterPredicate(part, knowledgeBaseId) ?? always
  const { documentIds, and, or, not } = filter
  const parts = [
    ...(documentIds === undefined ? [] : [isIn('d.id', documentIds)]),
    ...(and ?? []).map(inner),
    ...(or === undefined ? [] : [joined(or.map(inner), 'OR')]),
    ...(not === undefined ? [] : [negated(inner(not))]),
    ...comparisons(filter).map((comparison) => comparisonPredicate(comparison, knowledgeBaseId)),
  ]
  return parts.length === 0 ? null : joined(parts, 'AND')
}

const operators = ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte', 'prefix', 'exists'] as const
const signs = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

type Comparison = { field: FilterField } & (
  | { operator: 'eq' | 'ne'; value: FilterValue }
  | { operator: 'in'; value: readonly FilterValue[] }
  | { operator: keyof typeof signs; value: string | number }
  | { operator: 'prefix'; value: string }
  | { operator: 'exists'; value: boolean }
)

function comparisons(filter: SearchFilter): Comparison[] {
  const { field, eq, ne, prefix, exists } = filter
  const isCompared = operators.some((operator) => filter[operator] !== undefined)
  if (field === undefined) {
    if (isCompared) throw new InkstoneError('invalid_request', 'the filter compares, but names no field')
    return []
  }
  if (!isCompared) throw new InkstoneError('invalid_request', `the filter does not say how to compare ${field}`)
  const ordered = (['lt', 'lte', 'gt', 'gte'] as const).flatMap((operator): Comparison[] => {
    const value = filter[operator]
    return value === undefined ? [] : [{ field, operator, value }]
  })
  return [
    ...(eq === undefined ? [] : [{ field, operator: 'eq' as const, value: eq }]),
    ...(ne === undefined ? [] : [{ field, operator: 'ne' as const, value: ne }]),
    ...(filter.in === undefined ? [] : [{ field, operator: 'in' as const, value: filter.in }]),
    ...ordered,
    ...(prefix === undefined ? [] : [{ field, operator: 'prefix' as const, value: prefix }]),
    ...(exists === undefined ? [] : [{ field, operator: 'exists' as const, value: exists }]),
  ]
}

/** `ne` and `exists: false` are the opposite of what they deny, so a fact that is missing satisfies them. */
function comparisonPredicate(comparison: Comparison, knowledgeBaseId: string): Predicate {
  const { field, operator, value } = comparison
  if (operator === 'ne') return negated(comparisonPredicate({ field, operator: 'eq', value }, knowledgeBaseId))
  if (operator === 'exists' && !value) {
    return negated(comparisonPredicate({ field, operator, value: true }, knowledgeBaseId))
  }
  if (field === 'documentId') return textPredicate('d.id', comparison)
  if (field === 'title') return textPredicate('d.title', comparison)
  if (field === 'mediaType') return textPredicate('d.media_type', comparison)
  if (field === 'createdAt') return clockPredicate('d.created_at', comparison)
  if (field === 'updatedAt') return clockPredicate('d.updated_at', comparison)
  if (field === 'path') {
    const { sql, args } = textPredicate('s.source_uri', comparison)
    return {
      sql: `d.id IN (SELECT s.document_id FROM sources s WHERE s.knowledge_base_id = ? AND ${sql})`,
      args: [knowledgeBaseId, ...args],
    }
  }
  const { sql, args } = metadataPredicate(comparison)
  return {
    sql: `d.seq IN (SELECT f.document FROM document_fields f WHERE f.knowledge_base_id = ? AND f.key = ? AND ${sql})`,
    args: [knowledgeBaseId, keyOf(field), ...args],
  }
}

function keyOf(field: FilterField): string {
  if (field === 'tags') return field
  if (field.startsWith('metadata.')) return field.slice('metadata.'.length)
  throw new InkstoneError('invalid_request', `a filter cannot look at "${field}"`)
}

/** On a column that always holds a text. */
function textPredicate(column: string, { operator, value }: Comparison): Predicate {
  switch (operator) {
    case 'eq':
    case 'ne':
      return isIn(column, [value])
    case 'in':
      return isIn(column, value)
    case 'prefix':
      return beginsWith(column, value)
    case 'exists':
      return always
    default:
      return typeof value === 'string' ? { sql: `${column} ${signs[operator]} ?`, args: [value] } : never
  }
}

/** On a column that holds a time as `Date.toISOString` writes it, whose order is that of time. */
function clockPredicate(column: string, comparison: Comparison): Predicate {
  const { field, operator, value } = comparison
  if (operator === 'exists') return always
  if (operator === 'in') return isIn(column, value.map(toClock))
  if (operator === 'eq' || operator === 'ne') return isIn(column, [toClock(value)])
  if (operator === 'prefix') return textPredicate(column, comparison)
  return textPredicate(column, { field, operator, value: toClock(value) })
}

function toClock(value: FilterValue): string {
  const moment = typeof value === 'string' ? momentOf(value) : null
  if (moment !== null) return new Date(moment).toISOString()
  throw new InkstoneError('invalid_request', `"${value}" is not a date`, { remedy: 'write dates as 2026-03-01' })
}

/** On a row of `document_fields` that goes by the name `f`. */
function metadataPredicate({ operator, value }: Comparison): Predicate {
  switch (operator) {
    case 'eq':
    case 'ne':
      return isValue([value])
    case 'in':
      return isValue(value)
    case 'prefix':
      return beginsWith('f.text', value)
    case 'exists':
      return always
    default: {
      const moment = typeof value === 'string' ? momentOf(value) : null
      if (typeof value === 'number') return { sql: `f.number ${signs[operator]} ?`, args: [value] }
      if (moment !== null) return { sql: `f.moment ${signs[operator]} ?`, args: [moment] }
      return { sql: `f.text ${signs[operator]} ?`, args: [value] }
    }
  }
}

const always: Predicate = { sql: 'TRUE', args: [] }
const never: Predicate = { sql: 'FALSE', args: [] }

/** A text is not the number or the truth value that it looks like. */
function isValue(values: readonly FilterValue[]): Predicate {
  const truths = values.filter((value) => typeof value === 'boolean').map(Number)
  const parts = [
    isIn('f.text', values),
    oneOf(
      'f.number',
      values.filter((value) => typeof value === 'number'),
    ),
    oneOf('f.truth', truths),
  ]
  return joined(
    parts.filter((part) => part !== never),
    'OR',
  )
}

/** A column of texts: values of other types are none of them. */
function isIn(column: string, values: readonly FilterValue[]): Predicate {
  return oneOf(
    column,
    values.filter((value) => typeof value === 'string'),
  )
}

function oneOf(column: string, values: readonly (string | number)[]): Predicate {
  if (values.length === 0) return never
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, args: [...values] }
}

/** As a range, since LIKE has wildcards and folds letters, and neither it nor `substr` reads past a NUL. */
function beginsWith(column: string, prefix: string): Predicate {
  const end = endOfPrefix(prefix)
  return end === null
    ? { sql: `${column} >= ?`, args: [prefix] }
    : { sql: `${column} >= ? AND ${column} < ?`, args: [prefix, end] }
}

/** The first text, by code points, after all that begin with `prefix`; null when there is none. */
function endOfPrefix(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last < 0x10ffff) return String.fromCodePoint(...points, afterCodePoint(last))
  }
  return null
}

/** Surrogates are no characters of their own: a lone one goes to the database as U+FFFD. */
function afterCodePoint(point: number): number {
  if (point >= 0xd800 && point <= 0xdfff) return 0xfffe
  return point === 0xd7ff ? 0xe000 : point + 1
}

function joined(parts: readonly Predicate[], by: 'AND' | 'OR'): Predicate {
  const [first] = parts
  if (first === undefined) return by === 'AND' ? always : never
  if (parts.length === 1) return first
  return { sql: `(${parts.map(({ sql }) => sql).join(` ${by} `)})`, args: parts.flatMap(({ args }) => args) }
}

function negated({ sql, args }: Predicate): Predicate {
  return { sql: `NOT (${sql})`, args }
}
