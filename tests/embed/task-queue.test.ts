import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import { taskQueue } from '../../src/embed/task-queue.js'
import { taskKinds } from '../../src/embed/worker-protocol.js'

describe('taskQueue', () => {
  test('resolves every list in its order, whatever the order in which tasks end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...taskKinds), fc.array(fc.integer())), { maxLength: 5 }),
        fc.infiniteStream(fc.nat()),
        async (lists, picks) => {
          const queue = taskQueue<number, number>()
          const results = lists.map(([kind, payloads]) => queue.add(kind, payloads, {}))
          const taken = []
          for (let task = queue.take(taskKinds); task !== undefined; task = queue.take(taskKinds)) taken.push(task)
          while (taken.length > 0) {
            const [task] = taken.splice((picks.next().value ?? 0) % taken.length, 1)
            task?.settle({ type: 'done', id: 0, result: task.payload * 2 })
          }
          expect(await Promise.all(results)).toEqual(lists.map(([, payloads]) => payloads.map((each) => each * 2)))
        },
      ),
    )
  })

  test('hands out only the kinds that are asked for', async () => {
    const queue = taskQueue<string, string>()
    const document = queue.add('document', ['d'], {})
    expect(queue.take(['query', 'count'])).toBeUndefined()
    queue.take(['document'])?.settle({ type: 'done', id: 0, result: 'D' })
    expect(await document).toEqual(['D'])
  })

  test('marks the tasks of a failed list as over', async () => {
    const queue = taskQueue<string, string>()
    const list = queue.add('document', ['a', 'b', 'c'], {})
    const first = queue.take(['document'])
    const second = queue.take(['document'])
    first?.settle({ type: 'failed', id: 0, code: 'embedding_failed', message: 'no' })
    await expect(list).rejects.toMatchObject({ code: 'embedding_failed', message: 'no' })
    expect(second?.isOver()).toBe(true)
    expect(queue.take(['document'])).toBeUndefined()
  })

  test('fails running and waiting lists alike when told to', async () => {
    const queue = taskQueue<string, string>()
    const running = queue.add('query', ['a'], {})
    queue.take(['query'])
    const waiting = queue.add('document', ['b'], {})
    queue.failAll(new InkstoneError('cancelled', 'closed'))
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  })
})
