import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.js'
import { environmentName, settingNames } from '../../src/config/settings.js'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'inkstone-config-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const load = (environment: Record<string, string> = {}, flags: Record<string, unknown> = {}) =>
  loadConfig({ environment, flags, cwd, packageRoot: '/opt/inkstone' })

describe('loadConfig', () => {
  test('has a default for everything that is needed', () => {
    const config = load()
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8420, embedModel: 'bge-small-zh-v1.5' })
    expect(config.home).toBe('/opt/inkstone/data')
    expect(config.modelsDir).toBe('/opt/inkstone/data/models')
  })

  test('keeps its home in the user folder when it is an installed package', () => {
    const config = loadConfig({ environment: {}, cwd, packageRoot: '/usr/lib/node_modules/inkstone' })
    expect(config.home).toMatch(/\.inkstone$/)
  })

  test('lets the environment win over the file and flags over both', () => {
    writeFileSync(join(cwd, 'inkstone.config.json'), JSON.stringify({ port: 1001, topK: 3, logLevel: 'warn' }))
    const config = load({ INKSTONE_PORT: '1002', INKSTONE_TOP_K: '4' }, { port: '1003', topK: undefined })
    expect(config).toMatchObject({ port: 1003, topK: 4, logLevel: 'warn' })
  })

  test('resolves paths against the current folder', () => {
    expect(load({ INKSTONE_HOME: 'here' })).toMatchObject({
      home: join(cwd, 'here'),
      modelsDir: join(cwd, 'here/models'),
    })
  })

  test('reports all problems at once, each with its origin', () => {
    writeFileSync(join(cwd, 'inkstone.config.json'), JSON.stringify({ prot: 1, topK: 0 }))
    const message = messageOf(() =>
      load({ INKSTONE_PORT: 'many', INKSTONE_LLM_BASE_ULR: 'x', INKSTONE_LLM_BASE_URL: 'ftp://x' }),
    )
    expect(message).toContain('unknown setting "prot" (did you mean port?)')
    expect(message).toContain('unknown variable INKSTONE_LLM_BASE_ULR (did you mean INKSTONE_LLM_BASE_URL?)')
    expect(message).toContain('INKSTONE_PORT: expected a whole number')
    expect(message).toContain('INKSTONE_LLM_BASE_URL: expected an http:// or https:// URL')
    expect(message).toMatch(/topK in .*inkstone\.config\.json/)
  })

  test('refuses a file that is not a JSON object and a named file that is not there', () => {
    writeFileSync(join(cwd, 'inkstone.config.json'), '[1')
    expect(messageOf(() => load())).toContain('not a JSON object')
    expect(messageOf(() => load({ INKSTONE_CONFIG: 'missing.json' }))).toContain('cannot read')
  })

  test('refuses to listen beyond loopback without a key', () => {
    expect(messageOf(() => load({ INKSTONE_HOST: '0.0.0.0' }))).toContain('apiKey')
    expect(load({ INKSTONE_HOST: '0.0.0.0', INKSTONE_API_KEY: 'a-key-of-sixteen-chars' }).host).toBe('0.0.0.0')
  })

  test('reads decimals, and refuses answers that leave no room for passages', () => {
    expect(load({ INKSTONE_LLM_TEMPERATURE: '0.7' }).llmTemperature).toBe(0.7)
    expect(() => load({ INKSTONE_LLM_TEMPERATURE: 'hot' })).toThrow('INKSTONE_LLM_TEMPERATURE: expected a number')
    expect(() => load({ INKSTONE_LLM_MAX_TOKENS: '8192' })).toThrow('must be below llmContextTokens')
  })

  test('refuses Replicate without its address and a model', () => {
    const replicate = { INKSTONE_LLM_PROTOCOL: 'replicate', INKSTONE_LLM_BASE_URL: 'https://api.example/v1' }
    expect(() => load(replicate)).toThrow('llmProtocol replicate needs')
    expect(load({ ...replicate, INKSTONE_LLM_MODEL: 'acme/chat' }).llmProtocol).toBe('replicate')
  })

  test('takes the hub mirror from HF_ENDPOINT, and from its own variable first', () => {
    expect(load({ HF_ENDPOINT: 'https://mirror.example' }).hubUrl).toBe('https://mirror.example')
    const both = { HF_ENDPOINT: 'https://mirror.example', INKSTONE_HUB_URL: 'https://own.example' }
    expect(load(both).hubUrl).toBe('https://own.example')
  })

  test('reads lists separated by commas', () => {
    expect(load({ INKSTONE_ALLOWED_HOSTS: 'kb.example, docs.example' }).allowedHosts).toEqual([
      'kb.example',
      'docs.example',
    ])
  })
})

describe('environmentName', () => {
  test('is the setting in capitals with underscores', () => {
    expect(settingNames.map(environmentName)).toContain('INKSTONE_MAX_UPLOAD_BYTES')
    expect(new Set(settingNames.map(environmentName)).size).toBe(settingNames.length)
  })
})

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('nothing was thrown')
}
