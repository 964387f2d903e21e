import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskCheck, homeCheck, nodeCheck } from '../../../src/cli/checks/machine.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('nodeCheck', () => {
  test('takes 20.19 and newer and says what to do about older ones', () => {
    expect(['20.19.0', '22.0.0', '24.1.0'].map((version) => nodeCheck(version).status)).toEqual(['ok', 'ok', 'ok'])
    expect(nodeCheck('20.18.9')).toMatchObject({ status: 'fail', remedy: 'install Node 20.19 or newer' })
    expect(nodeCheck('18.20.0').status).toBe('fail')
  })
})

describe('homeCheck', () => {
  test('looks at the folder above when the home is not there yet', async () => {
    const folder = await temporaryFolder()
    expect(await homeCheck(folder)).toEqual({ name: 'home', status: 'ok', message: folder })
    expect((await homeCheck(join(folder, 'a', 'b'))).message).toContain('made at the first use')
  })
})

describe('diskCheck', () => {
  test('says how much is free, also for a home that is not there yet', async () => {
    const { message } = await diskCheck(join(await temporaryFolder(), 'a', 'b'))
    expect(message).toMatch(/^[\d.]+ [kMGT]?B free$/)
  })
})
