import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseNpmrc, readNpmSettings, registryOptions } from '../../src/embed/npm-settings.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('parseNpmrc', () => {
  test('reads keys, tokens, lists, comments, quotes and flags', () => {
    const settings = parseNpmrc(
      [
        '; a comment',
        '# another',
        '[section]',
        'registry = https://npm.example/ ; trailing',
        '@acme:registry=https://acme.example/npm/',
        '//acme.example/npm/:_authToken=abc==',
        'ca[]="one"',
        "ca[]='two'",
        'offline',
        '',
      ].join('\r\n'),
      {},
    )
    expect(settings).toEqual({
      registry: 'https://npm.example/',
      '@acme:registry': 'https://acme.example/npm/',
      '//acme.example/npm/:_authToken': 'abc==',
      ca: ['one', 'two'],
      offline: 'true',
    })
  })

  test('fills in variables of the environment as npm does', () => {
    const variable = (name: string) => `\${${name}}`
    const content = [
      `a=${variable('SET')}`,
      `b=${variable('UNSET')}`,
      `c=x${variable('UNSET?')}y`,
      `//${variable('HOST')}/:_authToken=${variable('SET')}`,
    ].join('\n')
    expect(parseNpmrc(content, { SET: 'value', HOST: 'npm.example' })).toEqual({
      a: 'value',
      b: variable('UNSET'),
      c: 'xy',
      '//npm.example/:_authToken': 'value',
    })
  })
})

describe('readNpmSettings', () => {
  test('lets the environment go before the project, the user and the machine', async () => {
    const folder = await temporaryFolder()
    const [home, project, prefix] = ['home', 'project', 'prefix'].map((name) => join(folder, name))
    for (const [path, name] of [
      [join(`${prefix}`, 'etc'), 'npmrc'],
      [`${home}`, '.npmrc'],
      [`${project}`, '.npmrc'],
    ] as const) {
      await mkdir(path, { recursive: true })
      await writeFile(join(path, name), '')
    }
    await writeFile(
      join(`${prefix}`, 'etc', 'npmrc'),
      'registry=machine\ncache=machine\nproxy=machine\nnoproxy=machine',
    )
    await writeFile(join(`${home}`, '.npmrc'), 'registry=user\ncache=user\nproxy=user')
    await writeFile(join(`${project}`, '.npmrc'), 'registry=project\ncache=project')
    const env = {
      HOME: home,
      npm_config_registry: 'environment',
      NPM_CONFIG_PREFIX: prefix,
      npm_config_strict_ssl: 'false',
    }
    expect(await readNpmSettings({ projectDir: `${project}`, env })).toMatchObject({
      registry: 'environment',
      cache: 'project',
      proxy: 'user',
      noproxy: 'machine',
      'strict-ssl': 'false',
    })
  })

  test('reads the user file that npm_config_userconfig names', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'other'), 'registry=other')
    const env = { npm_config_userconfig: join(folder, 'other'), npm_config_prefix: folder }
    expect(await readNpmSettings({ projectDir: folder, env })).toMatchObject({ registry: 'other' })
  })
})

describe('registryOptions', () => {
  test('translates the settings into the options of npm-registry-fetch', async () => {
    const folder = await temporaryFolder()
    const certificate = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----`
    await writeFile(join(folder, 'ca.pem'), `${certificate('a')}\n${certificate('b')}\n`)
    const options = await registryOptions({
      registry: 'https://npm.example/',
      '@acme:registry': 'https://acme.example/',
      '//acme.example/:_authToken': 'secret',
      cafile: join(folder, 'ca.pem'),
      cache: join(folder, 'cache'),
      'https-proxy': 'http://proxy.example:8080',
      noproxy: 'intern.example',
      'strict-ssl': 'false',
      'fetch-retries': '5',
      'fetch-timeout': '1000',
    })
    expect(options).toEqual({
      registry: 'https://npm.example/',
      '@acme:registry': 'https://acme.example/',
      '//acme.example/:_authToken': 'secret',
      ca: [certificate('a'), certificate('b')],
      cache: join(folder, 'cache', '_cacache'),
      httpsProxy: 'http://proxy.example:8080',
      noProxy: 'intern.example',
      strictSSL: false,
      fetchRetries: 5,
      timeout: 1000,
    })
  })

  test('leaves out what is not set, so that the library decides', async () => {
    expect(await registryOptions({ cafile: 'null', proxy: '' })).toEqual({ fetchRetries: 2 })
  })
})
