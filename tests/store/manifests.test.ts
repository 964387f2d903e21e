import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasOutlived, type Manifest } from '../../src/store/manifests.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const minuteMs = 60_000

/** Manifests with the given ages, newest first. */
async function manifestsOf(...agesInMinutes: number[]): Promise<Manifest[]> {
  const folder = await temporaryFolder()
  const made = agesInMinutes.map(async (minutes, at) => {
    const path = join(folder, `${at}.manifest`)
    await writeFile(path, '')
    const time = new Date(Date.now() - minutes * minuteMs)
    await utimes(path, time, time)
    return { version: agesInMinutes.length - at, path }
  })
  return Promise.all(made)
}

describe('hasOutlived', () => {
  const rule = { most: 2, ageMs: 60 * minuteMs }

  test('holds when the first version too many is old enough to be removed', async () => {
    expect(await hasOutlived(await manifestsOf(1, 2, 61), rule)).toBe(true)
  })

  test('does not hold for any number of young versions, nor for few old ones', async () => {
    expect(await hasOutlived(await manifestsOf(1, 2, 3, 4, 59), rule)).toBe(false)
    expect(await hasOutlived(await manifestsOf(70, 80), rule)).toBe(false)
  })
})
