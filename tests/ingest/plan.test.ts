import { describe, expect, test } from 'vitest'
import type { SourceEntry } from '../../src/core/ports.js'
import { plan } from '../../src/ingest/plan.js'

const found = (sourceUri: string, contentHash = 'h1') => ({ sourceUri, contentHash, sizeBytes: 1 })
const source = (sourceUri: string, change: Partial<SourceEntry> = {}): SourceEntry => ({
  sourceUri,
  documentId: 'doc_1',
  contentHash: 'h1',
  sizeBytes: 1,
  status: 'ready',
  error: null,
  ...change,
})

describe('plan', () => {
  test('sorts files into new, changed and unchanged', () => {
    const files = [found('/docs/new.md'), found('/docs/changed.md', 'h2'), found('/docs/same.md')]
    const sources = [source('/docs/changed.md'), source('/docs/same.md', { status: 'failed' })]
    const planned = plan(files, sources, { root: '/docs' })
    expect(planned.new).toEqual([files[0]])
    expect(planned.changed).toEqual([files[1]])
    expect(planned.unchanged).toEqual([files[2]])
    expect(planned.removed).toEqual([])
  })

  test('removes what is gone below the root, and nothing elsewhere', () => {
    const sources = [
      source('/docs/gone.md'),
      source('/docs-old/kept.md'),
      source('/other/kept.md'),
      source('https://example.org/a'),
    ]
    expect(plan([], sources, { root: '/docs/' }).removed.map(({ sourceUri }) => sourceUri)).toEqual(['/docs/gone.md'])
    expect(plan([], [source('C:\\docs\\a.md')], { root: 'C:/docs' }).removed).toHaveLength(1)
  })

  test('takes nothing for gone that could not be looked at', () => {
    const sources = [source('/docs/locked/a.md'), source('/docs/b.md')]
    const { removed } = plan([], sources, { root: '/docs', unreadable: ['/docs/locked'] })
    expect(removed.map(({ sourceUri }) => sourceUri)).toEqual(['/docs/b.md'])
  })

  test('removes a single file that was the root', () => {
    expect(plan([], [source('/docs/a.md')], { root: '/docs/a.md' }).removed).toHaveLength(1)
  })
})
