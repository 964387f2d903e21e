import { describe, expect, test } from 'vitest'
import { createLogger, type LogOptions } from '../../src/server/log.js'

function record(level: LogOptions['level']) {
  const lines: Record<string, unknown>[] = []
  const log = createLogger({ level, destination: { write: (line) => lines.push(JSON.parse(line)) } })
  return { log, lines }
}

describe('createLogger', () => {
  test('writes JSON lines with time and level by name', () => {
    const { log, lines } = record('info')
    log.info({ requestId: 'req_1' }, 'request')
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), requestId: 'req_1', msg: 'request' },
    ])
  })

  test('writes an error with its message and stack', () => {
    const { log, lines } = record('info')
    log.error({ err: new Error('broken') }, 'request failed')
    expect(lines).toMatchObject([{ err: { message: 'broken', stack: expect.stringContaining('log.test') } }])
  })

  test('leaves out what is less severe than its level', () => {
    const { log, lines } = record('warn')
    log.debug({}, 'a')
    log.info({}, 'b')
    log.warn({}, 'c')
    expect(lines).toMatchObject([{ msg: 'c' }])
    const silent = record('silent')
    silent.log.error({}, 'd')
    expect(silent.lines).toEqual([])
  })
})
