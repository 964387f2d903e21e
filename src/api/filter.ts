import { z } from 'zod'
import { momentOf } from '../core/moment.js'
import type { FilterField, SearchFilter } from '../core/types.js'
import { limits } from './limits.js'
import { optional } from './optional.js'

const namedFields: readonly string[] = ['documentId', 'path', 'title', 'mediaType', 'createdAt', 'updatedAt', 'tags']
const fieldPattern = `^(?:${namedFields.join('|')}|metadata\\.[\\s\\S]+)$`

const text = z.string().max(limits.metadataValueCharacters)
const value = z.union([text, z.number(), z.boolean()])
const ordered = z.union([text, z.number()])

const field = z
  .custom<FilterField>((given) => typeof given === 'string' && new RegExp(fieldPattern, 'u').test(given), {
    error: `must be ${namedFields.join(', ')} or metadata.<name>`,
  })
  .meta({
    type: 'string',
    pattern: fieldPattern,
    description:
      'A fact about a document. `path`: each path it was handed in under; `tags`: short for `metadata.tags`.',
  })

const description = `Which documents may be found. All that is given has to hold; an empty filter lets all pass.

A comparison names a \`field\` and one or more operators. A field with several values, such as \`tags\`, satisfies an
operator when any of them does. A field that a document lacks satisfies only \`ne\` and \`exists: false\`, and \`not\` turns
around whatever is in it. \`lt lte gt gte\` compare numbers with numbers, ISO 8601 dates with dates and other texts by code
points; all else compares as written, letter case included. \`createdAt\` and \`updatedAt\` take ISO 8601 dates.

At most ${limits.filterDepth} levels deep and ${limits.filterValues} parts and values in all.`

/** One level of a filter; the levels below are the same schema again. */
const levelSchema = z
  .strictObject({
    documentIds: optional(z.array(z.string().min(1).max(100)).max(limits.documentIds)),
    get and(): z.ZodExactOptional<z.ZodArray<z.ZodType<SearchFilter>>> {
      return optional(z.array(levelSchema).min(1))
    },
    get or(): z.ZodExactOptional<z.ZodArray<z.ZodType<SearchFilter>>> {
      return optional(z.array(levelSchema).min(1))
    },
    get not(): z.ZodExactOptional<z.ZodType<SearchFilter>> {
      return optional(levelSchema)
    },
    field: optional(field),
    eq: optional(value),
    ne: optional(value),
    in: optional(z.array(value).max(limits.documentIds)),
    lt: optional(ordered),
    lte: optional(ordered),
    gt: optional(ordered),
    gte: optional(ordered),
    prefix: optional(text),
    exists: optional(z.boolean()),
  })
  .superRefine((level, context) => {
    for (const { path, message } of levelProblems(level)) context.addIssue({ code: 'custom', path, message })
  })
  .meta({
    id: 'SearchFilter',
    description,
    examples: [
      { documentIds: ['doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2'] },
      { field: 'createdAt', gte: '2026-01-01', lt: '2027-01-01' },
      {
        and: [
          { field: 'metadata.year', gte: 2020 },
          {
            or: [
              { field: 'path', prefix: 'specs/' },
              { field: 'tags', in: ['泵', '阀门'] },
            ],
          },
          { not: { field: 'mediaType', eq: 'application/pdf' } },
        ],
      },
    ],
  }) satisfies z.ZodType<SearchFilter>

/** Size first: what is too deep must not be walked through by recursion. */
export const searchFilterSchema: z.ZodType<SearchFilter> = z.preprocess((given, context) => {
  const problem = sizeProblem(given)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem, input: given })
  return given
}, levelSchema)

/** A filter as a query parameter. */
export const filterParameter = z
  .string()
  .transform((json, context): unknown => {
    try {
      return JSON.parse(json)
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON', input: json })
      return z.NEVER
    }
  })
  .pipe(searchFilterSchema)
  .meta({
    description: 'A SearchFilter as JSON.',
    examples: ['{"field": "tags", "eq": "泵"}'],
  })

const operators = ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte', 'prefix', 'exists'] as const
type Operator = (typeof operators)[number]
type Problem = { path: (string | number)[]; message: string }

const clocks: readonly string[] = ['createdAt', 'updatedAt']
const orders: readonly Operator[] = ['lt', 'lte', 'gt', 'gte']

/** What the shape alone does not forbid. */
function levelProblems(level: SearchFilter): Problem[] {
  const { field: name } = level
  const given = operators.filter((operator) => level[operator] !== undefined)
  if (name === undefined) return given.map((operator) => ({ path: [operator], message: 'needs a field to compare' }))
  if (given.length === 0) return [{ path: ['field'], message: `needs one of ${operators.join(', ')}` }]
  return given.flatMap((operator) => operatorProblems(name, operator, level))
}

function operatorProblems(name: FilterField, operator: Operator, level: SearchFilter): Problem[] {
  const isMetadata = name === 'tags' || name.startsWith('metadata.')
  if (clocks.includes(name)) {
    if (operator === 'prefix') return [{ path: [operator], message: `${name} is a date, which has no beginning` }]
    const values: unknown[] = operator === 'exists' ? [] : [level[operator]].flat()
    const isDate = (item: unknown) => typeof item === 'string' && momentOf(item) !== null
    return values.every(isDate) ? [] : [{ path: [operator], message: 'must be a date such as 2026-03-01' }]
  }
  if (name === 'documentId' && (orders.includes(operator) || operator === 'prefix')) {
    return [{ path: [operator], message: 'documentId is only compared with eq, ne, in and exists' }]
  }
  if (!isMetadata && operator !== 'exists' && ![level[operator]].flat().every((item) => typeof item === 'string')) {
    return [{ path: [operator], message: `${name} is a text` }]
  }
  return []
}

/** Why a filter is too large to be looked at; null when it is not. Walks without recursion, for it sees any JSON. */
function sizeProblem(given: unknown): string | null {
  let level = [given]
  let parts = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    // A level is an object, and a list within it is another.
    if (depth > limits.filterDepth * 2) return `must not be more than ${limits.filterDepth} levels deep`
    parts += level.length
    if (parts > limits.filterValues) return `must not hold more than ${limits.filterValues} parts and values`
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return null
}
