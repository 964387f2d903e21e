import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { settingOption, withLogLevel } from '../../src/cli/flags.js'
import { loadConfig } from '../../src/config/load.js'

const parsed = (...args: string[]) =>
  new Command().addOption(settingOption('logLevel', 'level')).parse(args, { from: 'user' })
const configured = (environment: Record<string, string> = {}) =>
  loadConfig({ flags: {}, environment, packageRoot: '/nowhere' })

describe('withLogLevel', () => {
  test('lowers the default', () => {
    expect(withLogLevel('warn', configured(), parsed()).logLevel).toBe('warn')
  })

  test.each(['info', 'debug', 'silent'])('leaves --log-level %s alone', (level) => {
    const config = loadConfig({ flags: { logLevel: level }, environment: {}, packageRoot: '/nowhere' })
    expect(withLogLevel('warn', config, parsed('--log-level', level))).toBe(config)
  })

  test('leaves another level of the environment alone', () => {
    const config = configured({ INKSTONE_LOG_LEVEL: 'debug' })
    expect(withLogLevel('warn', config, parsed())).toBe(config)
  })
})
