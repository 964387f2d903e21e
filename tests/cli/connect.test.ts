import { describe, expect, test } from 'vitest'
import { type ConnectDrivers, connect } from '../../src/cli/connect.js'
import { loadConfig } from '../../src/config/load.js'
import { InkstoneError } from '../../src/core/errors.js'
import { memoryService } from '../support/memory-service.js'

const config = loadConfig({ environment: {}, cwd: '/srv', packageRoot: '/srv/inkstone' })
const locked = () => new InkstoneError('home_locked', 'another process came first')

type Lock = Awaited<ReturnType<ConnectDrivers['readLock']>>

/** Drivers that see one lock after the other, the last one for ever. */
function scripted(locks: Lock[], { openHome = async () => memoryService() }: Partial<ConnectDrivers> = {}) {
  const seen: string[] = []
  const drivers: ConnectDrivers = {
    async readLock(home) {
      seen.push(`lock of ${home}`)
      return (locks.length > 1 ? locks.shift() : locks[0]) ?? null
    },
    openHome: (given) => {
      seen.push('open home')
      return openHome(given)
    },
    openServer: (url) => {
      seen.push(`open ${url}`)
      return memoryService()
    },
  }
  return { drivers, seen }
}

const options = (given: { waitMs?: number; signal?: AbortSignal } = {}) => {
  const said: string[] = []
  const { signal = new AbortController().signal, waitMs = 5_000 } = given
  return { said, options: { signal, announce: (sentence: string) => void said.push(sentence), waitMs, pollMs: 1 } }
}

describe('connect', () => {
  test('opens the home when nobody holds it', async () => {
    const { drivers, seen } = scripted([null])
    expect((await connect(config, drivers, options().options)).url).toBeNull()
    expect(seen).toEqual(['lock of /srv/inkstone/data', 'open home'])
  })

  test('goes through the server that holds the home', async () => {
    const { drivers, seen } = scripted([{ pid: 7, url: 'http://127.0.0.1:8420' }])
    expect((await connect(config, drivers, options().options)).url).toBe('http://127.0.0.1:8420')
    expect(seen).toEqual(['lock of /srv/inkstone/data', 'open http://127.0.0.1:8420'])
  })

  test('waits for another command with one notice, then opens the home', async () => {
    const { drivers, seen } = scripted([{ pid: 7, url: null }, { pid: 7, url: null }, null])
    const { said, options: given } = options()
    expect((await connect(config, drivers, given)).url).toBeNull()
    expect(said).toEqual(['another command (process 7) is using /srv/inkstone/data: waiting for it'])
    expect(seen.at(-1)).toBe('open home')
  })

  test('uses a server that says its URL a moment after it took the lock', async () => {
    const { drivers } = scripted([
      { pid: 7, url: null },
      { pid: 7, url: 'http://127.0.0.1:9' },
    ])
    expect((await connect(config, drivers, options().options)).url).toBe('http://127.0.0.1:9')
  })

  test('looks again when another process took the lock between the look and the opening', async () => {
    const { drivers, seen } = scripted([null, { pid: 7, url: 'http://127.0.0.1:9' }], {
      openHome: () => Promise.reject(locked()),
    })
    expect((await connect(config, drivers, options().options)).url).toBe('http://127.0.0.1:9')
    expect(seen).toContain('open home')
  })

  test('gives up with home_locked and the process that holds it', async () => {
    const { drivers } = scripted([{ pid: 7, url: null }])
    await expect(connect(config, drivers, options({ waitMs: 5 }).options)).rejects.toMatchObject({
      code: 'home_locked',
      message: 'another command (process 7) is using this home',
      remedy: expect.stringContaining('wait until it has ended'),
    })
  })

  test('passes on at once what else keeps the home from opening', async () => {
    const missing = new InkstoneError('model_missing', 'there is no model')
    const { drivers } = scripted([null], { openHome: () => Promise.reject(missing) })
    await expect(connect(config, drivers, options().options)).rejects.toBe(missing)
  })

  test('stops waiting when the signal fires', async () => {
    const { drivers } = scripted([{ pid: 7, url: null }])
    await expect(connect(config, drivers, options({ signal: AbortSignal.abort() }).options)).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})
