import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openWorkerPool, type WorkerPool } from '../../src/embed/worker-pool.js'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Scripted {
  name: string
  takesMs?: number
  /** When its turn comes. */
  dieAlways?: boolean
  /** When it arrives, whatever runs. */
  dieAtOnce?: boolean
  dieWhile?: string
  failWith?: 'text_too_long' | 'embedding_failed'
}

const workerUrl = new URL('./scripted-worker.mjs', import.meta.url)

async function open({
  threads = 1,
  ...workerData
}: {
  threads?: number
  logFile?: string
  failLoadingWhile?: string
} = {}): Promise<WorkerPool<Scripted, string>> {
  const pool = await openWorkerPool<Scripted, string>({ workerUrl, workerData, threads })
  onTestFinished(() => pool.close())
  return pool
}

function tasks(prefix: string, count: number, takesMs = 1): Scripted[] {
  return Array.from({ length: count }, (_, index) => ({ name: `${prefix}${index}`, takesMs }))
}

function names(list: readonly Scripted[]): string[] {
  return list.map(({ name }) => name)
}

describe('openWorkerPool', () => {
  test('keeps the order of results on several workers of different speed', async () => {
    const pool = await open({ threads: 3 })
    const list = Array.from({ length: 40 }, (_, index) => ({ name: `t${index}`, takesMs: (index * 7) % 5 }))
    expect(await pool.run('document', list)).toEqual(names(list))
  })

  test('serves queries before counts before documents that wait', async () => {
    const logFile = join(await temporaryFolder(), 'log')
    const pool = await open({ logFile })
    const documents = pool.run('document', tasks('d', 10, 5))
    const counts = pool.run('count', tasks('c', 2, 5))
    const queries = pool.run('query', tasks('q', 2, 5))
    await Promise.all([documents, counts, queries])
    const order = (await readFile(logFile, 'utf8')).trim().split('\n')
    // Two documents were with the worker already when the others came.
    expect(order.slice(0, 6)).toEqual(['d0', 'd1', 'q0', 'q1', 'c0', 'c1'])
  })

  test('tries what a dead worker had once more, on a new worker', async () => {
    const marker = join(await temporaryFolder(), 'marker')
    await writeFile(marker, '')
    const pool = await open()
    const result = pool.run('document', [{ name: 'a', dieWhile: marker }, ...tasks('b', 5)])
    await rm(marker)
    expect(await result).toEqual(['a', 'b0', 'b1', 'b2', 'b3', 'b4'])
  })

  test('gives up on a task that kills its worker twice, without harming its neighbours', async () => {
    const pool = await open({ threads: 2 })
    const innocent = pool.run('document', tasks('ok', 20))
    const deadly = pool.run('document', [{ name: 'deadly', dieAlways: true }])
    const later = pool.run('document', tasks('later', 20))
    await expect(deadly).rejects.toMatchObject({
      code: 'embedding_failed',
      message: expect.stringContaining('killed by its task'),
    })
    expect(await innocent).toEqual(names(tasks('ok', 20)))
    expect(await later).toEqual(names(tasks('later', 20)))
  })

  test('runs a task that saw its worker die alone, so that no other can take it down again', async () => {
    const pool = await open()
    const innocent = pool.run('document', [{ name: 'slow', takesMs: 40 }])
    const deadly = ['x', 'y', 'z'].map((name) => pool.run('document', [{ name, dieAtOnce: true }]))
    for (const each of await Promise.allSettled(deadly)) expect(each.status).toBe('rejected')
    expect(await innocent).toEqual(['slow'])
  })

  test('drops the rest of a list when one of it fails', async () => {
    const logFile = join(await temporaryFolder(), 'log')
    const pool = await open({ logFile })
    const failing = pool.run('document', [{ name: 'bad', failWith: 'text_too_long' }, ...tasks('rest', 50)])
    await expect(failing).rejects.toMatchObject({ code: 'text_too_long', message: 'bad failed' })
    expect(await pool.run('document', [{ name: 'next' }])).toEqual(['next'])
    expect((await readFile(logFile, 'utf8')).trim().split('\n').length).toBeLessThan(6)
  })

  test('stops between tasks when the signal fires', async () => {
    const logFile = join(await temporaryFolder(), 'log')
    const pool = await open({ logFile })
    const controller = new AbortController()
    const stopped = pool.run('document', tasks('d', 100, 2), { signal: controller.signal })
    await pool.run('query', [{ name: 'q' }])
    controller.abort()
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    await pool.run('document', [{ name: 'last' }])
    expect((await readFile(logFile, 'utf8')).trim().split('\n').length).toBeLessThan(10)
  })

  test('fails to open when the first worker cannot load', async () => {
    const marker = join(await temporaryFolder(), 'marker')
    await writeFile(marker, '')
    await expect(open({ failLoadingWhile: marker })).rejects.toMatchObject({
      code: 'embedding_failed',
      message: expect.stringContaining('cannot load'),
    })
  })

  test('fails what waits when no new worker can load, and recovers when one can again', async () => {
    const marker = join(await temporaryFolder(), 'marker')
    const pool = await open({ failLoadingWhile: marker })
    await writeFile(marker, '')
    await expect(pool.run('document', [{ name: 'deadly', dieAlways: true }])).rejects.toMatchObject({
      code: 'embedding_failed',
    })
    await rm(marker)
    expect(await pool.run('document', [{ name: 'ok' }])).toEqual(['ok'])
  })

  test('ends its threads on close, drops what waits and takes nothing more', async () => {
    const pool = await open({ threads: 2 })
    const waiting = pool.run('document', tasks('d', 50, 5))
    const closed = pool.close()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await closed
    await expect(pool.run('query', [{ name: 'q' }])).rejects.toMatchObject({ code: 'embedding_failed' })
  })
})
