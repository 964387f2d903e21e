import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { SubmitRequest } from '../../src/core/service.js'
import { acceptMembers, type MemberLimits } from '../../src/ingest/members.js'
import { emptyDocument, emptyJob } from '../support/records.js'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Inside {
  before?: string[]
  count?: number
  sizeBytes?: number
  tooLarge?: string[]
}

async function accept(sourceUri: string, names: string[], inside: Inside = {}, limits?: MemberLimits) {
  const folder = await temporaryFolder()
  const path = join(folder, 'bytes')
  await writeFile(path, 'bytes')
  const submitted: { file: SubmitRequest; containerId: string | undefined }[] = []
  const removed: string[] = []
  const losses = await acceptMembers(
    { ...emptyJob, sourceUri, documentId: 'doc_outer', priority: 'interactive' },
    names.map((name) => ({ name, path })),
    {
      signal: new AbortController().signal,
      catalogue: {
        listMembers: async () =>
          (inside.before ?? []).map((uri) => ({
            sourceUri: uri,
            documentId: 'doc_x',
            contentHash: '',
            sizeBytes: 1,
            status: 'ready',
            error: null,
            containerId: 'doc_outer',
          })),
        measureMembers: async () => ({ count: inside.count ?? 0, sizeBytes: inside.sizeBytes ?? 0 }),
        getPasswords: async () => ['p'],
      },
      intake: {
        async submit(_knowledgeBase, file, { containerId } = {}) {
          for await (const _ of file.bytes);
          if (inside.tooLarge?.includes(file.sourceUri)) throw new InkstoneError('payload_too_large', 'too large')
          submitted.push({ file, containerId })
          return { outcome: 'created', document: { ...emptyDocument, sizeBytes: 5 }, job: emptyJob }
        },
        removeSource: async (_knowledgeBase, uri) => void removed.push(uri),
      },
    },
    limits,
  )
  return { submitted, removed, losses, uris: submitted.map(({ file }) => file.sourceUri) }
}

describe('acceptMembers', () => {
  test('hands in each file under a path inside its container, with the container’s passwords, behind what people wait for', async () => {
    const { submitted, uris } = await accept('docs/a.zip', ['b.txt', 'c/d.pdf'])
    expect(uris).toEqual(['docs/a.zip!/b.txt', 'docs/a.zip!/c/d.pdf'])
    expect(submitted[0]).toMatchObject({
      containerId: 'doc_outer',
      file: { passwords: ['p'], priority: 'background' },
    })
  })

  test('removes what the container held before and no longer does', async () => {
    const { removed } = await accept('a.zip', ['b'], { before: ['a.zip!/b', 'a.zip!/gone', 'old.zip!/b'] })
    expect(removed).toEqual(['a.zip!/gone', 'old.zip!/b'])
  })

  test('goes no deeper than its limit and says so', async () => {
    expect((await accept('a.zip!/b.zip!/c.zip', ['d'])).uris).toEqual(['a.zip!/b.zip!/c.zip!/d'])
    const { uris, losses } = await accept('a!/b!/c!/d.zip', ['e', 'f'])
    expect(uris).toEqual([])
    expect(losses).toMatchObject([{ kind: 'member', count: 2, reason: expect.stringContaining('3 deep') }])
  })

  test('takes no more files and bytes out of one file than its limits, but all that it took before', async () => {
    const before = ['a.zip!/1']
    const byCount = await accept('a.zip', ['1', '2', '3'], { before, count: 1 }, { maxMembers: 2 })
    expect(byCount.uris).toEqual(['a.zip!/1', 'a.zip!/2'])
    expect(byCount.losses).toMatchObject([{ kind: 'member', count: 1 }])
    const bySize = await accept('a.zip', ['1', '2', '3'], { sizeBytes: 0 }, { maxBytes: 6 })
    expect(bySize.uris).toEqual(['a.zip!/1', 'a.zip!/2'])
  })

  test('leaves out a file that is too large and goes on', async () => {
    const { uris, losses } = await accept('a.zip', ['1', '2'], { tooLarge: ['a.zip!/1'] })
    expect(uris).toEqual(['a.zip!/2'])
    expect(losses).toMatchObject([{ kind: 'member', count: 1, reason: 'too large' }])
  })
})
