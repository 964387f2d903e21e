import { createHash } from 'node:crypto'
import { appendFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../src/core/errors.js'
import type { InkstoneService } from '../../../src/core/service.js'
import { type HandedIn, type HandInFile, type HandInOptions, handIn } from '../../../src/ingest/sync/hand-in.js'
import type { FileEvent, ProgressEvent } from '../../../src/ingest/sync/sync-events.js'
import { memoryService } from '../../support/memory-service.js'
import { type SyncService, syncService } from '../../support/sync-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const badFile = { code: 'no_text', message: 'there is no text', remedy: 'scan it again' }

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

async function memoryWithBase() {
  const problems = new Map([['bad', badFile]])
  const service = memoryService({ problemOf: (text) => problems.get(text) ?? null })
  await service.createKnowledgeBase({ slug: 'pumps' })
  return { service, problems }
}

async function handInText(
  service: InkstoneService,
  text: string,
  {
    retryFailed = false,
    signal = new AbortController().signal,
    name = 'a.md',
    ...more
  }: { retryFailed?: boolean; signal?: AbortSignal; name?: string } & Partial<HandInFile & HandInOptions> = {},
): Promise<(ProgressEvent | FileEvent)[]> {
  const sourceUri = join(folder, name)
  await writeFile(sourceUri, text)
  const contentHash = createHash('sha256').update(text).digest('hex')
  const file = { sourceUri, contentHash, sizeBytes: text.length, isNamed: false, ...more }
  return gather(handIn(service, file, { knowledgeBase: 'pumps', isRetried: () => retryFailed, signal, ...more }))
}

/** What it yields, and the event of what it returns. */
async function gather(events: AsyncGenerator<ProgressEvent, HandedIn>): Promise<(ProgressEvent | FileEvent)[]> {
  const gathered: (ProgressEvent | FileEvent)[] = []
  for (;;) {
    const { value, done } = await events.next()
    if (done !== true) gathered.push(value)
    else return [...gathered, value.event]
  }
}

describe('handIn', () => {
  test('follows the job and ends with what became of the file', async () => {
    const { service } = await memoryWithBase()
    const events = await handInText(service, 'good')
    expect(events.filter((event) => event.type === 'progress').map((event) => [event.stage, event.progress])).toEqual([
      ['queued', 0],
      ['queued', 0],
      ['embedding', 0.5],
      ['done', 1],
    ])
    expect(events.at(-1)).toMatchObject({
      type: 'file',
      path: join(folder, 'a.md'),
      outcome: 'added',
      pages: 1,
      chunks: 2,
    })
  })

  test('calls new content updated, the same content unchanged, a second file with it a duplicate', async () => {
    const { service } = await memoryWithBase()
    await handInText(service, 'first')
    expect((await handInText(service, 'second')).at(-1)).toMatchObject({ outcome: 'updated' })
    expect((await handInText(service, 'second')).at(-1)).toMatchObject({ outcome: 'unchanged', chunks: 2 })
    expect((await handInText(service, 'second', { name: 'b.md' })).at(-1)).toMatchObject({ outcome: 'duplicate' })
  })

  test('makes a file that cannot be read a result with code, sentence and remedy', async () => {
    const { service } = await memoryWithBase()
    expect((await handInText(service, 'bad')).at(-1)).toMatchObject({ outcome: 'failed', ...badFile })
  })

  test('reports the stored reason again and reads again only when asked to', async () => {
    const { service, problems } = await memoryWithBase()
    await handInText(service, 'bad')
    expect((await handInText(service, 'bad')).at(-1)).toMatchObject({ outcome: 'failed', code: 'no_text' })
    expect(service.calls).not.toContain(`retry ${join(folder, 'a.md')}`)
    problems.clear()
    expect((await handInText(service, 'bad', { retryFailed: true, triedAgain: 'added' })).at(-1)).toMatchObject({
      outcome: 'added',
    })
    expect(service.calls).toContain(`retry ${join(folder, 'a.md')}`)
  })

  test('makes a file that the service refuses a result', async () => {
    const { service } = await memoryWithBase()
    const refused = new InkstoneError('payload_too_large', 'it is larger than 5 bytes', { remedy: 'split it' })
    const strict: InkstoneService = { ...service, submit: () => Promise.reject(refused) }
    expect((await handInText(strict, 'too large')).at(-1)).toMatchObject({
      outcome: 'failed',
      code: 'payload_too_large',
      remedy: 'split it',
    })
  })

  test('makes a file that is gone a result, also when a client wraps the error', async () => {
    const { service } = await memoryWithBase()
    const wrapping: InkstoneService = {
      ...service,
      submit: (knowledgeBase, request) =>
        service.submit(knowledgeBase, request).catch(() => {
          throw new InkstoneError('internal', 'fetch failed')
        }),
    }
    const options = { knowledgeBase: 'pumps', isRetried: () => false, signal: new AbortController().signal }
    const file = { sourceUri: '/nowhere/gone.md', contentHash: '', sizeBytes: 0, isNamed: false }
    for (const each of [service, wrapping]) {
      const events = await gather(handIn(each, file, options))
      expect(events.at(-1)).toMatchObject({ outcome: 'failed', code: 'file_unreadable' })
    }
  })

  test.each(['storage_full', 'unauthorized', 'knowledge_base_not_found'] as const)(
    'throws %s, which no other file would survive either',
    async (code) => {
      const { service } = await memoryWithBase()
      const broken: InkstoneService = { ...service, submit: () => Promise.reject(new InkstoneError(code, 'no')) }
      await expect(handInText(broken, 'good')).rejects.toMatchObject({ code })
    },
  )

  test('throws cancelled when the signal fires', async () => {
    const { service } = await memoryWithBase()
    const stop = new AbortController()
    const stopping: InkstoneService = {
      ...service,
      async *watchJob(id, options) {
        for await (const job of service.watchJob(id, options)) {
          stop.abort()
          yield job
        }
      },
    }
    await expect(handInText(stopping, 'good', { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('hands in with the priority of how it was named, and with passwords', async () => {
    const service = syncService()
    await handInText(service, 'one', { passwords: ['secret'] })
    await handInText(service, 'two', { name: 'b.md', isNamed: true })
    expect(service.submitted).toMatchObject([
      { priority: 'background', passwords: ['secret'] },
      { priority: 'interactive' },
    ])
    expect(service.submitted[1]).not.toHaveProperty('passwords')
  })

  test('tells what the document holds and what could not be read', async () => {
    const losses = [{ kind: 'page' as const, count: 1, pages: [3], reason: 'it is damaged' }]
    const service = syncService({
      measures: () => ({ pageCount: 4, chunkCount: 9, tableCount: 2, ocrCount: 1, losses }),
    })
    const events = await handInText(service, 'one')
    expect(events.at(-1)).toMatchObject({ outcome: 'added', pages: 4, chunks: 9, tables: 2, ocr: 1, losses })
  })

  test('removes the old path of a file that has moved once its content is stored under the new one', async () => {
    const service = syncService()
    await handInText(service, 'one', { name: 'old.md' })
    await rename(join(folder, 'old.md'), join(folder, 'new.md'))
    const movedFrom = join(folder, 'old.md')
    const events = await handInText(service, 'one', { name: 'new.md', movedFrom })
    expect(events.at(-1)).toMatchObject({ outcome: 'moved', from: movedFrom })
    expect(service.read).toEqual(['one'])
    expect((await service.listSources('pumps')).map(({ sourceUri }) => sourceUri)).toEqual([join(folder, 'new.md')])
  })

  test('takes for no move what has another content by now', async () => {
    const service = syncService()
    await handInText(service, 'one', { name: 'old.md' })
    const events = await handInText(service, 'two', { name: 'new.md', movedFrom: join(folder, 'old.md') })
    expect(events.at(-1)).toMatchObject({ outcome: 'added' })
    expect(service.calls).not.toContain(`removeSource ${join(folder, 'old.md')}`)
  })

  test('says when the content is newer than what was compared', async () => {
    const events = await handInText(syncService(), 'newer', { contentHash: 'older' })
    expect(events.at(-1)).toMatchObject({ outcome: 'added', warnings: [expect.stringContaining('was changed after')] })
  })

  test('reads a file that is written to meanwhile again, and stores nothing that is mixed', async () => {
    const service = writtenToWhileRead(syncService(), { times: 1 })
    const events = await handInText(service, 'one', { changedWaitMs: 1 })
    expect(events.at(-1)).toMatchObject({ outcome: 'added' })
    expect(service.read).toEqual(['one+'])
  })

  test('gives up on a file that is written to whenever it is read', async () => {
    const service = writtenToWhileRead(syncService(), { times: Number.POSITIVE_INFINITY })
    const events = await handInText(service, 'one', { changedWaitMs: 1 })
    expect(events.at(-1)).toMatchObject({ outcome: 'failed', code: 'file_unreadable' })
    expect(service.read).toEqual([])
  })
})

/** Something writes to each file while it is sent, so many times. */
function writtenToWhileRead(service: SyncService, { times }: { times: number }): SyncService {
  let left = times
  return {
    ...service,
    submit: (knowledgeBase, request, options) => {
      async function* bytes() {
        for await (const piece of request.bytes) {
          left -= 1
          if (left >= 0) await appendFile(request.sourceUri, '+')
          yield piece
        }
      }
      return service.submit(knowledgeBase, { ...request, bytes: bytes() }, options)
    },
  }
}
