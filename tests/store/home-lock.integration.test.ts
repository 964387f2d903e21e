import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lockHome, readHomeLock } from '../../src/store/home-lock.js'
import { startChild } from '../support/compiled-child.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function lock(dir: string, options?: { url: string }) {
  const held = await lockHome(dir, options)
  onTestFinished(() => held.release())
  return held
}

const claim = (rest: object) =>
  JSON.stringify({ pid: process.pid, host: 'elsewhere', processStart: null, url: null, ...rest })

describe('lockHome', () => {
  test('keeps others out, naming process and URL, until it is released', async () => {
    const dir = await temporaryFolder()
    const held = await lock(dir)
    await held.setUrl('http://127.0.0.1:8420')
    await expect(lockHome(dir)).rejects.toMatchObject({
      code: 'home_locked',
      message: expect.stringMatching(new RegExp(`process ${process.pid}, serving http://127.0.0.1:8420`)),
      remedy: expect.stringContaining('http://127.0.0.1:8420'),
    })
    expect(await readHomeLock(dir)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:8420' })
    await held.release()
    expect(await readHomeLock(dir)).toBeNull()
    await lock(dir)
  })

  test('takes over at once what a killed process has left', async () => {
    const dir = await temporaryFolder()
    const child = startChild('lock-holder.mjs', [dir])
    expect((await child.lines.next()).value).toBe('locked')
    expect(await readHomeLock(dir)).toEqual({ pid: child.process.pid, url: 'http://127.0.0.1:1' })
    await expect(lockHome(dir)).rejects.toMatchObject({ code: 'home_locked' })
    await child.kill()
    expect(await readHomeLock(dir)).toBeNull()
    await lock(dir)
    expect(await readdir(dir)).toHaveLength(1)
  })

  test('removes what a kill has left of a claim, and none that may still be written', async () => {
    const dir = await temporaryFolder()
    for (const name of ['lock-1-old.json.new', 'lock-2-young.json.new', 'lock.json.new']) {
      await writeFile(join(dir, name), '{')
      const at = Date.now() / 1000 - (name.includes('young') ? 1 : 60)
      await utimes(join(dir, name), at, at)
    }
    const held = await lock(dir)
    await held.release()
    expect((await readdir(dir)).sort()).toEqual(['lock-2-young.json.new', 'lock.json.new'])
  })

  test('lets exactly one of many starters in, also over a stale lock', async () => {
    const dir = await temporaryFolder()
    await writeFile(
      join(dir, 'lock-1-dead.json'),
      claim({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname() }),
    )
    const children = Array.from({ length: 4 }, () => startChild('lock-holder.mjs', [dir]))
    const here = Array.from({ length: 8 }, () =>
      lock(dir).then(
        () => 'locked',
        (error) => error.code,
      ),
    )
    const said = [...children.map(async (child) => (await child.lines.next()).value), ...here]
    const outcomes = await Promise.all(said)
    expect(outcomes.filter((outcome) => outcome === 'locked')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'home_locked')).toHaveLength(11)
  })

  test('does not take another process with the same id for the owner', async () => {
    const dir = await temporaryFolder()
    const { hostname } = await import('node:os')
    await writeFile(join(dir, 'lock-1-old.json'), claim({ host: hostname(), processStart: 'boot:1' }))
    expect(await readHomeLock(dir)).toBeNull()
    await lock(dir)
  })

  test('believes a process on another host as long as its heart beats', async () => {
    const dir = await temporaryFolder()
    const path = join(dir, 'lock-1-far.json')
    await writeFile(path, claim({ pid: 77 }))
    await expect(lockHome(dir)).rejects.toMatchObject({ message: expect.stringContaining('process 77 on elsewhere') })
    const minuteAgo = new Date(Date.now() - 60_000)
    await utimes(path, minuteAgo, minuteAgo)
    await lock(dir)
  })

  test('is not stopped by a lock file that a power failure emptied', async () => {
    const dir = await temporaryFolder()
    await writeFile(join(dir, 'lock-1-empty.json'), '')
    await lock(dir)
  })
})
