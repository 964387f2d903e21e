import { describe, expect, test } from 'vitest'
import type { SourceEntry } from '../../../src/core/catalogue.js'
import { type FoundFile, plan } from '../../../src/ingest/sync/plan.js'

const found = (sourceUri: string, contentHash = 'h1'): FoundFile => ({
  sourceUri,
  contentHash,
  sizeBytes: 1,
  isNamed: false,
})
const source = (sourceUri: string, change: Partial<SourceEntry> = {}): SourceEntry => ({
  sourceUri,
  documentId: 'doc_1',
  contentHash: 'h1',
  sizeBytes: 1,
  status: 'ready',
  error: null,
  containerId: null,
  ...change,
})
const problem = { code: 'no_text', message: 'there is no text' }

describe('plan', () => {
  test('sorts files by what is to be done', () => {
    const files = ['new', 'changed', 'same', 'pending', 'failed'].map((name) => found(`/docs/${name}.md`))
    const sources = [
      source('/docs/changed.md', { contentHash: 'h2' }),
      source('/docs/same.md'),
      source('/docs/pending.md', { status: 'processing' }),
      source('/docs/failed.md', { status: 'failed', error: problem }),
    ]
    const planned = plan(files, sources)
    expect(planned.steps.map(({ kind, file }) => [kind, file.sourceUri])).toEqual([
      ['new', '/docs/new.md'],
      ['changed', '/docs/changed.md'],
      ['unfinished', '/docs/pending.md'],
    ])
    expect(planned.unchanged).toEqual([sources[1]])
    expect(planned.failedBefore).toEqual([{ source: sources[3], problem }])
    const again = plan(files, sources, { isWorthRetrying: ({ code }) => code === 'no_text' })
    expect(again.steps.at(-1)).toMatchObject({ kind: 'again', stored: sources[3] })
    expect(again.failedBefore).toEqual([])
  })

  test('matches files with nothing that was found inside a container', () => {
    const inside = source('/docs/a.zip!/a.md', { containerId: 'doc_9' })
    expect(plan([found('/docs/a.zip!/a.md')], [inside]).steps).toMatchObject([{ kind: 'new', stored: null }])
  })

  test('pairs what is missing with new files of the same content, the same name first', () => {
    const missing = [source('/docs/one.md'), source('/docs/two.md'), source('/docs/three.md')]
    const files = [found('/docs/new/other.md'), found('/docs/new/two.md'), found('/docs/else.md', 'h2')]
    const planned = plan(files, missing, { missing })
    expect(planned.steps.map(({ file, movedFrom }) => [file.sourceUri, movedFrom?.sourceUri])).toEqual([
      ['/docs/new/other.md', '/docs/one.md'],
      ['/docs/new/two.md', '/docs/two.md'],
      ['/docs/else.md', undefined],
    ])
    expect(planned.gone.map(({ sourceUri }) => sourceUri)).toEqual(['/docs/three.md'])
  })

  test('moves nothing onto a known path, nor from one whose file is only unwanted', () => {
    const sources = [source('/docs/a.md'), source('/docs/b.md', { contentHash: 'h2' })]
    const onto = plan([found('/docs/b.md')], sources, { missing: sources.slice(0, 1) })
    expect(onto.steps).toMatchObject([{ kind: 'changed', movedFrom: null }])
    const unwanted = plan([found('/docs/c.md')], sources, { unwanted: sources.slice(0, 1) })
    expect(unwanted.steps).toMatchObject([{ kind: 'new', movedFrom: null }])
    expect(unwanted.gone.map(({ sourceUri }) => sourceUri)).toEqual(['/docs/a.md'])
  })
})
