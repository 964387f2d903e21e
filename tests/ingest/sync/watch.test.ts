import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { InkstoneError } from '../../../src/core/errors.js'
import type { InkstoneService } from '../../../src/core/service.js'
import type { FolderChangesOptions, OpenFolderChanges } from '../../../src/ingest/sync/folder-changes.js'
import type { SyncEvent } from '../../../src/ingest/sync/sync-events.js'
import { type WatchOptions, watchFolder } from '../../../src/ingest/sync/watch.js'
import { type SyncService, syncService } from '../../support/sync-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let root: string
let service: SyncService
beforeEach(async () => {
  root = join(await temporaryFolder(), 'share')
  await mkdir(root)
  service = syncService()
  await writeFile(join(root, 'always.md'), 'always')
})

/** A driver that tells what the test says. */
function toldChanges() {
  const opened: FolderChangesOptions[] = []
  let closed = 0
  const openChanges: OpenFolderChanges = async (_roots, options) => {
    opened.push(options)
    return {
      async close() {
        closed += 1
      },
    }
  }
  const tell = (name: string, change = { isLink: false }) => opened.at(-1)?.onChange(join(root, name), change)
  return {
    openChanges,
    tell,
    opened: () => opened.length,
    closed: () => closed,
    missed: () => opened.at(-1)?.onMissed(''),
  }
}

/** A watch that runs until it is stopped, with what it has told so far. */
function running(options: Partial<WatchOptions> = {}, target: InkstoneService = service) {
  const stop = new AbortController()
  const changes = toldChanges()
  const events: SyncEvent[] = []
  const fast = { settleMs: 40, retryMs: { first: 5, most: 20 }, openChanges: changes.openChanges }
  const ended = (async () => {
    const all = { roots: [root], knowledgeBase: 'default', signal: stop.signal, ...fast, ...options }
    for await (const event of watchFolder(target, all)) events.push(event)
  })()
  onTestFinished(() => stop.abort())
  const lines = () =>
    events.flatMap((event) => {
      if (event.type === 'notice') return [event.message.replace(root, 'ROOT').slice(0, 24)]
      return event.type === 'file' ? [`${event.outcome} ${event.path.slice(root.length + 1)}`] : []
    })
  const until = (line: string) => expect.poll(lines, { timeout: 5_000 }).toContain(line)
  return { ...changes, stop, ended, events, lines, until }
}

const watching = 'watching for changes; Ct'
const put = (name: string, text: string) => writeFile(join(root, name), text)

describe('watchFolder', () => {
  test('brings the folder in line, then hands in what changes, and ends in good order', async () => {
    const watch = running()
    await watch.until(watching)
    await put('a.md', 'one')
    watch.tell('a.md')
    await watch.until('added a.md')
    await put('a.md', 'two')
    watch.tell('a.md')
    await watch.until('updated a.md')
    watch.tell('always.md')
    await rename(join(root, 'a.md'), join(root, 'b.md'))
    watch.tell('a.md')
    watch.tell('b.md')
    await watch.until('moved b.md')
    watch.stop.abort()
    await watch.ended
    expect(watch.lines()).toEqual(['added always.md', watching, 'added a.md', 'updated a.md', 'moved b.md'])
    expect(watch.closed()).toBe(watch.opened())
  })

  test('removes what is deleted only with prune', async () => {
    for (const [prune, expected] of [
      [false, 2],
      [true, 1],
    ] as const) {
      await put('a.md', 'one')
      const watch = running({ prune })
      await watch.until(watching)
      await rm(join(root, 'a.md'))
      watch.tell('a.md')
      await put('z.md', `${prune}`)
      watch.tell('z.md')
      await watch.until(prune ? 'updated z.md' : 'added z.md')
      if (prune) await watch.until('removed a.md')
      watch.stop.abort()
      await watch.ended
      expect(
        (await service.listSources('default')).filter(({ sourceUri }) => !sourceUri.endsWith('z.md')),
      ).toHaveLength(expected)
    }
  })

  test('waits until nothing is written to a file', async () => {
    const watch = running({ settleMs: 150 })
    await watch.until(watching)
    for (let length = 1; length <= 5; length++) {
      await put('a.md', 'x'.repeat(length))
      watch.tell('a.md')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await watch.until('added a.md')
    expect(service.read).toEqual(['always', 'xxxxx'])
  })

  test.each(['gone', 'empty'])('removes nothing when the root is %s, and goes on when it is back', async (how) => {
    const watch = running({ prune: true })
    await watch.until(watching)
    await rename(root, `${root}-away`)
    if (how === 'empty') await mkdir(root)
    watch.tell('always.md')
    watch.tell('')
    await watch.until('"ROOT" is empty or not t')
    await new Promise((resolve) => setTimeout(resolve, 100))
    if (how === 'empty') await rm(root, { recursive: true })
    await writeFile(join(`${root}-away`, 'new.md'), 'new')
    await rename(`${root}-away`, root)
    await watch.until('added new.md')
    expect(watch.lines().filter((line) => line.startsWith('removed'))).toEqual([])
    expect(watch.opened()).toBe(2)
  })

  test('compares everything when changes were missed, when an ignore file changes, and for links', async () => {
    const watch = running({ prune: true })
    await watch.until(watching)
    await put('a.md', 'one')
    watch.missed()
    await watch.until('added a.md')
    await put('.inkstoneignore', 'a.md')
    watch.tell('.inkstoneignore')
    await watch.until('removed a.md')
    const elsewhere = await temporaryFolder()
    await writeFile(join(elsewhere, 'far.md'), 'far')
    await symlink(elsewhere, join(root, 'link'))
    watch.tell('link', { isLink: true })
    await watch.until('added link/far.md')
    expect(watch.opened()).toBe(4)
  })

  test('tries again when the service cannot be reached, and hands in what changed meanwhile', async () => {
    const state = { isDown: false }
    const flaky: InkstoneService = {
      ...service,
      async listSources(knowledgeBase) {
        if (state.isDown) throw new InkstoneError('server_unreachable', 'no server answers', { remedy: 'start it' })
        return service.listSources(knowledgeBase)
      },
    }
    const watch = running({}, flaky)
    await watch.until(watching)
    state.isDown = true
    await put('a.md', 'one')
    watch.tell('a.md')
    await watch.until('no server answers; tryin')
    await put('b.md', 'two')
    state.isDown = false
    await watch.until('added a.md')
    await watch.until('added b.md')
    expect(watch.events).toContainEqual(expect.objectContaining({ type: 'notice', remedy: 'start it' }))
  })

  test('throws for a root that is not there, and for what does not pass by itself', async () => {
    await expect(running({ roots: [join(root, 'nowhere')] }).ended).rejects.toMatchObject({ code: 'not_found' })
    const closed: InkstoneService = {
      ...service,
      listSources: () => Promise.reject(new InkstoneError('unauthorized', 'no key')),
    }
    await expect(running({}, closed).ended).rejects.toMatchObject({ code: 'unauthorized' })
  })
})
