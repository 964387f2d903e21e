import { describe, expect, test } from 'vitest'
import { filterParameter, searchFilterSchema } from '../../src/api/filter.js'
import { limits } from '../../src/api/limits.js'

const problemsOf = (given: unknown) =>
  (searchFilterSchema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('/')}: ${message}`)

const nested = (levels: number): object => (levels <= 1 ? {} : { not: nested(levels - 1) })

describe('searchFilterSchema', () => {
  test('takes a filter as it is, and an empty one', () => {
    const filter = {
      documentIds: ['doc_1'],
      and: [{ field: 'metadata.year', gte: 2020, lt: 2030 }, { or: [{ field: 'path', prefix: 'specs/' }] }],
      not: { field: 'metadata.a key, with "anything" in it', exists: false },
    }
    expect(searchFilterSchema.parse(filter)).toEqual(filter)
    expect(searchFilterSchema.parse({})).toEqual({})
  })

  test.each([
    [{ feild: 'tags', eq: 'x' }, ': Unrecognized key: "feild"'],
    [{ and: [{}, { field: 'tags' }] }, 'and/1/field: needs one of eq'],
    [{ not: { eq: 'x' } }, 'not/eq: needs a field'],
    [{ or: [] }, 'or: '],
    [{ field: 'owner', eq: 'x' }, 'field: must be documentId, path'],
    [{ field: 'metadata.', eq: 'x' }, 'field: must be documentId, path'],
    [{ field: 'metadata.year', eq: null }, 'eq: '],
    [{ field: 'metadata.year', gt: true }, 'gt: '],
    [{ field: 'createdAt', gt: 'yesterday' }, 'gt: must be a date'],
    [{ field: 'createdAt', in: ['2026-01-01', 3] }, 'in: must be a date'],
    [{ field: 'createdAt', prefix: '2026' }, 'prefix: createdAt is a date'],
    [{ field: 'documentId', prefix: 'doc_' }, 'prefix: documentId is only compared'],
    [{ field: 'path', eq: 3 }, 'eq: path is a text'],
    ['tags = x', ': '],
  ])('says where %j is wrong', (given, expected) => {
    const [first = ''] = problemsOf(given)
    expect(first).toContain(expected)
  })

  test('holds its limits, also against what would be too deep to walk through', () => {
    expect(problemsOf(nested(limits.filterDepth))).toEqual([])
    expect(problemsOf(nested(limits.filterDepth * 3))).toEqual([': must not be more than 8 levels deep'])
    expect(problemsOf(nested(9_000))).toEqual([': must not be more than 8 levels deep'])
    const many = { and: Array.from({ length: 5 }, () => ({ field: 'tags', in: Array(900).fill('x') })) }
    expect(problemsOf(many)).toEqual([': must not hold more than 2000 parts and values'])
    expect(problemsOf({ field: 'tags', eq: 'x'.repeat(limits.metadataValueCharacters + 1) })).toHaveLength(1)
  })
})

describe('filterParameter', () => {
  test('reads a filter from JSON and refuses other text', () => {
    expect(filterParameter.parse('{"field": "tags", "eq": "泵"}')).toEqual({ field: 'tags', eq: '泵' })
    expect(filterParameter.safeParse('tags=泵').error?.issues[0]?.message).toBe('is not JSON')
    expect(filterParameter.safeParse('{"field": "x"}').success).toBe(false)
  })
})
