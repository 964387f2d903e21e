import { mkdir, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { languageModelChecks, listModels, usualServers } from '../../../src/cli/checks/language-models.js'
import { loadConfig } from '../../../src/config/load.js'
import { localServer } from '../../support/local-server.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const configWith = (environment: Record<string, string> = {}) =>
  loadConfig({ environment, cwd: '/srv', packageRoot: '/srv/inkstone' })

async function server(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const { url, close } = await localServer(handle)
  onTestFinished(close)
  return `${url}/v1`
}

const offering = (...ids: string[]) =>
  server((_request, response) => response.end(JSON.stringify({ data: ids.map((id) => ({ id })) })))

/** A port on which nothing listens. */
async function deafUrl(): Promise<string> {
  const { url, close } = await localServer((_request, response) => response.end())
  await close()
  return `${url}/v1`
}

describe('languageModelChecks', () => {
  test('says how to use a server that was found on this machine', async () => {
    const servers = [
      { name: 'Ollama', baseUrl: await offering('qwen3:8b', 'llama3') },
      { name: 'vLLM', baseUrl: await deafUrl() },
    ]
    const checks = await languageModelChecks(configWith(), { servers })
    expect(checks).toHaveLength(1)
    expect(checks[0]).toMatchObject({ status: 'ok', message: expect.stringContaining('qwen3:8b, llama3') })
    expect(checks[0]?.remedy).toBe(
      `to use it, set INKSTONE_LLM_BASE_URL=${servers[0]?.baseUrl} and INKSTONE_LLM_MODEL=qwen3:8b`,
    )
  })

  test('is content without a language model', async () => {
    const checks = await languageModelChecks(configWith(), { servers: [{ name: 'vLLM', baseUrl: await deafUrl() }] })
    expect(checks).toEqual([expect.objectContaining({ status: 'ok', message: expect.stringContaining('quotes') })])
  })

  test('asks a server of Replicate whether it takes the key', async () => {
    const baseUrl = await server((request, response) => {
      const isKnown = request.url === '/v1/account' && request.headers.authorization === 'Bearer r8_good'
      response.writeHead(isKnown ? 200 : 401).end('{}')
    })
    const check = (key: string) =>
      languageModelChecks(
        configWith({
          INKSTONE_LLM_PROTOCOL: 'replicate',
          INKSTONE_LLM_BASE_URL: baseUrl,
          INKSTONE_LLM_MODEL: 'acme/chat',
          INKSTONE_LLM_API_KEY: key,
        }),
      )
    expect(await check('r8_good')).toMatchObject([{ status: 'ok', message: expect.stringContaining('acme/chat') }])
    expect(await check('r8_bad')).toMatchObject([{ status: 'fail', message: expect.stringContaining('status 401') }])
  })

  test('asks only the configured server when there is one, with its key', async () => {
    const asked: (string | undefined)[] = []
    const baseUrl = await server((request, response) => {
      asked.push(request.headers.authorization)
      response.end('{"data": [{"id": "qwen3"}]}')
    })
    const config = configWith({ INKSTONE_LLM_BASE_URL: baseUrl, INKSTONE_LLM_API_KEY: 'sk-1' })
    const checks = await languageModelChecks(config, { servers: [{ name: 'Ollama', baseUrl }] })
    expect(checks).toEqual([{ name: 'language model', status: 'ok', message: `qwen3 at ${baseUrl}` }])
    expect(asked).toEqual(['Bearer sk-1'])
  })

  test('warns when the configured model is not offered and fails when the server is away', async () => {
    const baseUrl = await offering('qwen3')
    const other = configWith({ INKSTONE_LLM_BASE_URL: baseUrl, INKSTONE_LLM_MODEL: 'llama9' })
    expect((await languageModelChecks(other))[0]).toMatchObject({ status: 'warn' })
    const away = configWith({ INKSTONE_LLM_BASE_URL: await deafUrl() })
    expect((await languageModelChecks(away))[0]).toMatchObject({ status: 'fail', remedy: expect.any(String) })
  })
})

describe('languageModelChecks of a model file', () => {
  test('says what is missing, the file or the library that runs it', async () => {
    const home = await temporaryFolder()
    const path = join(home, 'chat.gguf')
    const config = configWith({ INKSTONE_LLM_MODEL_PATH: path, INKSTONE_HOME: home })
    expect((await languageModelChecks(config))[0]).toMatchObject({
      status: 'fail',
      message: `there is no file ${path}`,
    })
    await writeFile(path, '')
    expect((await languageModelChecks(config))[0]).toMatchObject({
      status: 'fail',
      remedy: `run: npm install --prefix "${home}" node-llama-cpp@3.22.1`,
    })
    await mkdir(join(home, 'node_modules', 'node-llama-cpp'), { recursive: true })
    await writeFile(join(home, 'node_modules', 'node-llama-cpp', 'index.js'), '')
    expect((await languageModelChecks(config))[0]).toMatchObject({ status: 'ok' })
  })
})

describe('listModels', () => {
  test('says why a server cannot be used', async () => {
    const reasonOf = async (baseUrl: string) => {
      const reply = await listModels(baseUrl, { timeoutMs: 200 })
      return reply.reached ? null : reply.reason
    }
    const forbidden = await server((_request, response) => response.writeHead(401).end())
    const website = await server((_request, response) => response.end('<h1>hello</h1>'))
    const silent = await server(() => undefined)
    const elsewhere = await offering('qwen3')
    const leading = await server((_request, response) => {
      response.writeHead(302, { location: `${elsewhere}/models` }).end()
    })
    expect(await reasonOf(leading)).toBe('it answered with status 302')
    expect(await reasonOf(forbidden)).toBe('it answered with status 401')
    expect(await reasonOf(website)).toBe('it does not answer as an OpenAI server does')
    expect(await reasonOf(silent)).toBe('it did not answer in time')
    expect(await reasonOf(await deafUrl())).toContain('ECONNREFUSED')
  })
})

describe('usualServers', () => {
  test('are all on this machine', () => {
    const urls = usualServers.map(({ baseUrl }) => new URL(baseUrl))
    expect(new Set(urls.map(({ hostname }) => hostname))).toEqual(new Set(['127.0.0.1']))
    expect(urls.map(({ port }) => port)).toEqual(expect.arrayContaining(['11434', '1234', '8080', '8000', '30000']))
  })
})
