import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Catalogue } from '../../../src/core/catalogue.js'
import type { DocumentSelection } from '../../../src/core/chunk-store.js'
import type { FilterField, Metadata, SearchFilter } from '../../../src/core/types.js'
import { sqliteCatalogue } from '../../../src/store/catalogue.js'
import { type DescribedDocument, passes, randomFilter } from '../../support/filter-reference.mjs'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { seeded } from '../../support/unit-vectors.js'

interface Given {
  title?: string
  mediaType?: string
  paths: string[]
  metadata?: Metadata
}

/** A catalogue that holds these documents in one knowledge base, and in another one the same again. */
async function catalogueOf(given: readonly Given[]) {
  const catalogue = await sqliteCatalogue({ path: join(await temporaryFolder(), 'catalogue.sqlite') })
  onTestFinished(() => catalogue.close())
  const kb = (await catalogue.createKnowledgeBase({ slug: 'one', name: 'One' })).id
  const other = (await catalogue.createKnowledgeBase({ slug: 'other', name: 'Other' })).id
  const documents: DescribedDocument[] = []
  for (const [at, { title = `t${at}`, mediaType = 'text/plain', paths, metadata = {} }] of given.entries()) {
    const common = { contentHash: `h${at}`, title, mediaType, sizeBytes: 5, metadata }
    for (const knowledgeBaseId of [other, kb]) {
      for (const sourceUri of paths) await catalogue.submit({ ...common, knowledgeBaseId, sourceUri })
    }
    const [document] = (await catalogue.listDocuments(kb, { limit: 1 })).items
    if (document) documents.push({ ...document, paths })
  }
  return { catalogue, kb, documents }
}

function selected(selection: DocumentSelection | null, documents: readonly DescribedDocument[]): string[] {
  const ids = documents.map(({ id }) => id)
  if (selection === null) return ids
  return ids.filter((id) => selection.documentIds.includes(id) === (selection.mode === 'only'))
}

/** Positions of the documents that a filter lets pass. */
async function positions(
  filter: SearchFilter,
  on: { catalogue: Catalogue; kb: string; documents: DescribedDocument[] },
) {
  const ids = selected(await on.catalogue.selectDocuments(on.kb, filter), on.documents)
  return on.documents.flatMap(({ id }, at) => (ids.includes(id) ? [at] : []))
}

describe('selectDocuments', () => {
  test('compares every kind of fact as documented', async () => {
    const on = await catalogueOf([
      { paths: ['specs/a.md', 'copies/a.md'], metadata: { year: 2020, tags: ['泵', '阀门'], draft: true } },
      { paths: ['specs/b_1.pdf'], mediaType: 'application/pdf', metadata: { year: '2020', approved: '2026-03-01' } },
      { paths: ['Specs/c.md'], title: '%', metadata: { year: 2024, tags: [], approved: '2026-03-01T18:00+08:00' } },
      { paths: ['misc/d'], metadata: { tags: '泵', approved: 'soon' } },
    ])
    const cases: [SearchFilter, number[]][] = [
      [{}, [0, 1, 2, 3]],
      [{ field: 'metadata.year', eq: 2020 }, [0]],
      [{ field: 'metadata.year', eq: '2020' }, [1]],
      [{ field: 'metadata.year', in: ['2020', 2024, true] }, [1, 2]],
      [{ field: 'metadata.year', in: [] }, []],
      [{ field: 'metadata.year', ne: 2020 }, [1, 2, 3]],
      [{ field: 'metadata.year', gte: 2020, lt: 2024 }, [0]],
      [{ field: 'metadata.draft', eq: true }, [0]],
      [{ field: 'metadata.draft', eq: 1 }, []],
      [{ field: 'tags', eq: '泵' }, [0, 3]],
      [{ field: 'tags', ne: '阀门' }, [1, 2, 3]],
      [{ field: 'tags', exists: true }, [0, 3]],
      [{ field: 'metadata.tags', exists: false }, [1, 2]],
      [{ not: { field: 'tags', eq: '泵' } }, [1, 2]],
      [{ field: 'metadata.approved', gt: '2026-03-01' }, [2]],
      [{ field: 'metadata.approved', lte: '2026-03-01T10:00:00Z' }, [1, 2]],
      [{ field: 'metadata.approved', gte: 'a' }, [3]],
      [{ field: 'path', prefix: 'specs/' }, [0, 1]],
      [{ field: 'path', prefix: 'copies/' }, [0]],
      [{ field: 'path', prefix: 'specs/b%' }, []],
      [{ field: 'path', prefix: '' }, [0, 1, 2, 3]],
      [{ field: 'path', ne: 'copies/a.md' }, [1, 2, 3]],
      [{ field: 'title', eq: '%' }, [2]],
      [{ field: 'mediaType', eq: 'application/pdf' }, [1]],
      [{ field: 'createdAt', gt: '2020-01-01' }, [0, 1, 2, 3]],
      [{ field: 'createdAt', lt: '2020-01-01' }, []],
      [
        {
          or: [
            { field: 'metadata.year', gt: 2022 },
            { field: 'metadata.draft', exists: true },
          ],
        },
        [0, 2],
      ],
      [
        {
          and: [
            { field: 'tags', eq: '泵' },
            { field: 'metadata.year', exists: true },
          ],
        },
        [0],
      ],
      [{ documentIds: [], field: 'tags', exists: true }, []],
    ]
    for (const [filter, expected] of cases) {
      expect(await positions(filter, on), JSON.stringify(filter)).toEqual(expected)
      expect(on.documents.flatMap((document, at) => (passes(document, filter) ? [at] : []))).toEqual(expected)
    }
    const [first] = on.documents
    expect(await positions({ documentIds: [first?.id ?? '', 'doc_none'] }, on)).toEqual([0])
    expect(await positions({ field: 'documentId', ne: first?.id ?? '' }, on)).toEqual([1, 2, 3])
  })

  test('refuses operators without a field, and fields that are unknown', async () => {
    const { catalogue, kb } = await catalogueOf([])
    for (const filter of [{ eq: 'x' }, { field: 'tags' as const }, { field: 'text' as FilterField, eq: 'x' }]) {
      await expect(catalogue.selectDocuments(kb, filter)).rejects.toMatchObject({ code: 'invalid_request' })
    }
    await expect(catalogue.selectDocuments('kb_none', {})).rejects.toMatchObject({ code: 'knowledge_base_not_found' })
  })

  test('gives the shorter list', async () => {
    const on = await catalogueOf([1, 2, 3, 4, 5].map((year) => ({ paths: [`${year}`], metadata: { year } })))
    const few = await on.catalogue.selectDocuments(on.kb, { field: 'metadata.year', lt: 3 })
    const many = await on.catalogue.selectDocuments(on.kb, { field: 'metadata.year', gt: 1 })
    expect(few).toMatchObject({ mode: 'only', documentIds: [on.documents[0]?.id, on.documents[1]?.id] })
    expect(many).toMatchObject({ mode: 'except', documentIds: [on.documents[0]?.id] })
  })

  test('agrees with a plain walk over the documents for random filters', async () => {
    const random = seeded(7)
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
    const words = ['泵', '阀门', 'a', 'A', 'ab', '%', '_', "it's", '\\', '𠀀', '\uffee']
    const given = Array.from({ length: 120 }, (_, at): Given => {
      const metadata: Metadata = {}
      if (random() < 0.7) metadata.year = 2018 + Math.floor(random() * 8)
      if (random() < 0.7) metadata.tags = Array.from({ length: Math.floor(random() * 4) }, () => pick(words))
      if (random() < 0.5) metadata.approved = pick(['2026-03-01', '2025-11-30T10:00:00.000Z', 'soon', 'later'])
      if (random() < 0.4) metadata[pick(words)] = pick([true, false, 1, '1', 'true', pick(words)])
      const mediaType = pick(['text/plain', 'application/pdf', 'text/markdown'])
      const paths = Array.from({ length: 1 + Math.floor(random() * 2) }, (_, copy) => `${pick(words)}/${at}-${copy}`)
      return { title: pick(words), mediaType, paths, metadata }
    })
    const on = await catalogueOf(given)
    const sizes: number[] = []
    for (let round = 0; round < 400; round += 1) {
      const filter = randomFilter(random, { documents: on.documents, depth: 4 })
      const expected = on.documents.flatMap((document, at) => (passes(document, filter) ? [at] : []))
      expect(await positions(filter, on), JSON.stringify(filter)).toEqual(expected)
      sizes.push(expected.length)
    }
    expect(sizes.filter((size) => size > 0 && size < 120).length).toBeGreaterThan(150)
  })

  test('takes any text for nothing but a text, wherever it stands', async () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '\\',
      '%',
      '_',
      ')',
      ' OR 1=1 --',
      '?',
      '\u0000',
      '泵',
      '𠀀',
      '\uffff',
      'a',
      'é',
    )
    const text = fc.oneof(fc.string({ unit: piece, maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 12 }))
    const on = await catalogueOf([{ paths: ['a'] }, { paths: ['b'], metadata: { k: 'v', '%': '%' } }])
    const [first, second] = on.documents
    await fc.assert(
      fc.asyncProperty(text, text, text, async (key, own, asked) => {
        const metadata = { [key]: own }
        const before = (await on.catalogue.getDocument(first?.id ?? '')).metadata
        const cleared = Object.fromEntries(Object.keys(before).map((name) => [name, null]))
        await on.catalogue.updateDocument(first?.id ?? '', { metadata: { ...cleared, ...metadata } })
        const documents = [first, second].flatMap((document) => (document ? [document] : []))
        const now = documents.map((document, at) => (at === 0 ? { ...document, metadata } : document))
        const field: FilterField = `metadata.${key}`
        const filters: SearchFilter[] = [
          { field, eq: asked },
          { field, eq: own },
          { field, prefix: asked },
          { field, gt: asked },
          { field, in: [asked, own] },
          { field: `metadata.${asked}`, exists: true },
          { field: 'path', prefix: asked },
          { field: 'title', eq: asked },
          { documentIds: [asked] },
        ]
        for (const filter of filters) {
          const expected = now.flatMap((document, at) => (passes(document, filter) ? [at] : []))
          expect(await positions(filter, on), JSON.stringify({ metadata, filter })).toEqual(expected)
        }
      }),
      { numRuns: 150 },
    )
  })
})
