import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withFolderLock } from '../../src/embed/folder-lock.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function leaveLock(path: string, owner: string): Promise<void> {
  await mkdir(path)
  await writeFile(join(path, 'owner'), owner)
}

async function pidOfTheDead(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid ?? 0
}

describe('withFolderLock', () => {
  test('lets one at a time work', async () => {
    const path = join(await temporaryFolder(), 'lock')
    let working = 0
    let most = 0
    const work = async () => {
      working += 1
      most = Math.max(most, working)
      await new Promise((resolve) => setTimeout(resolve, 5))
      working -= 1
    }
    await Promise.all([1, 2, 3].map(() => withFolderLock(path, {}, work)))
    expect(most).toBe(1)
    await expect(access(path)).rejects.toThrow()
  })

  test('is free again after work that throws', async () => {
    const path = join(await temporaryFolder(), 'lock')
    const failing = withFolderLock(path, {}, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await withFolderLock(path, {}, async () => 'next')).toBe('next')
  })

  test('takes over from a process that is gone', async () => {
    const path = join(await temporaryFolder(), 'lock')
    await leaveLock(path, `${hostname()} ${await pidOfTheDead()} x`)
    expect(await withFolderLock(path, {}, async () => 'mine')).toBe('mine')
  })

  test('takes over from another machine only when it has been silent', async () => {
    const path = join(await temporaryFolder(), 'lock')
    await leaveLock(path, 'elsewhere 1 x')
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    const waiting = withFolderLock(path, { signal: controller.signal }, async () => 'mine')
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    const aMinuteAgo = new Date(Date.now() - 60_000)
    await utimes(path, aMinuteAgo, aMinuteAgo)
    expect(await withFolderLock(path, {}, async () => 'mine')).toBe('mine')
  })
})
