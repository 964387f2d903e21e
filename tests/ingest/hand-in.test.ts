import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { InkstoneService } from '../../src/core/service.js'
import { handIn } from '../../src/ingest/hand-in.js'
import type { FileEvent, ProgressEvent } from '../../src/ingest/sync-events.js'
import { memoryService } from '../support/memory-service.js'
import { temporaryFolder } from '../support/temporary-folder.js'

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
  { retryFailed = false, signal = new AbortController().signal, name = 'a.md' } = {},
): Promise<(ProgressEvent | FileEvent)[]> {
  const path = join(folder, name)
  await writeFile(path, text)
  return gather(handIn(service, path, { knowledgeBase: 'pumps', retryFailed, signal }))
}

async function gather<T>(events: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = []
  for await (const event of events) gathered.push(event)
  return gathered
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
    expect((await handInText(service, 'bad', { retryFailed: true })).at(-1)).toMatchObject({ outcome: 'added' })
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
    const options = {
      knowledgeBase: 'pumps',
      retryFailed: false,
      signal: new AbortController().signal,
    }
    for (const each of [service, wrapping]) {
      const events = await gather(handIn(each, '/nowhere/gone.md', options))
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
})
