import { describe, expect, test } from 'vitest'
import { settingsCheck } from '../../../src/cli/checks/settings.js'
import { loadConfig } from '../../../src/config/load.js'

const check = (environment: Record<string, string>) =>
  settingsCheck(loadConfig({ environment, cwd: '/srv', packageRoot: '/srv/inkstone' })).message

describe('settingsCheck', () => {
  test('names what differs from its default', () => {
    expect(check({})).toBe('every setting has its default')
    expect(check({ INKSTONE_PORT: '9000', INKSTONE_ALLOWED_HOSTS: 'kb.example' })).toBe(
      'port=9000, allowedHosts=["kb.example"]',
    )
  })

  test('never shows a secret', () => {
    const secret = 'a-key-of-sixteen-chars'
    const message = check({ INKSTONE_API_KEY: secret, INKSTONE_LLM_API_KEY: secret, INKSTONE_EMBED_API_KEY: secret })
    expect(message).not.toContain(secret)
    expect(message).toBe('embedApiKey=******, llmApiKey=******, apiKey=******')
  })
})
