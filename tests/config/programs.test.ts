import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findProgram } from '../../src/config/programs.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('findProgram', () => {
  test('finds the first one that may be run', async () => {
    const root = await temporaryFolder()
    const folders = ['none', 'text', 'one', 'two'].map((name) => join(root, name))
    for (const folder of folders.slice(1)) {
      await mkdir(folder)
      await writeFile(join(folder, 'office'), '#!/bin/sh')
    }
    for (const folder of folders.slice(2)) await chmod(join(folder, 'office'), 0o755)
    expect(findProgram('office', ['', ...folders].join(delimiter))).toBe(join(root, 'one', 'office'))
    expect(findProgram('other', folders.join(delimiter))).toBeUndefined()
    expect(findProgram('office', undefined)).toBeUndefined()
  })
})
