import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../../support/command-line.js'
import { localServer } from '../../support/local-server.js'
import { memoryService } from '../../support/memory-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** With a language model configured, no other place of this machine is asked. */
async function doctor(args: string[], { used = false }: { used?: boolean } = {}) {
  const models = await localServer((_request, response) => response.end('{"data": [{"id": "qwen3"}]}'))
  const cwd = await temporaryFolder()
  if (used) await mkdir(join(cwd, 'data', 'kb'), { recursive: true })
  const service = memoryService()
  await service.createKnowledgeBase({ slug: 'pumps' })
  const environment = { INKSTONE_LLM_BASE_URL: `${models.url}/v1`, INKSTONE_LLM_API_KEY: 'sk-very-secret' }
  try {
    const result = await runCommandLine(['doctor', ...args], { service, cwd, environment })
    return { ...result, calls: service.calls, modelsUrl: models.url }
  } finally {
    await models.close()
  }
}

describe('doctorCommand', () => {
  test('prints a line for each check, remedies below, no secret, and ends with 0', async () => {
    const { exitCode, stdout, modelsUrl } = await doctor([])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^ok {4}node: Node \d+/)
    expect(stdout).toContain(`ok    language model: qwen3 at ${modelsUrl}/v1`)
    expect(stdout).toMatch(/warn {2}embedding model: .*not installed yet.*\n {6}remedy: run "inkstone models pull/)
    expect(stdout).not.toContain('sk-very-secret')
  })

  test('does not open a home that was never used', async () => {
    const { stdout, calls } = await doctor([])
    expect(stdout).toContain('knowledge base: there is none yet')
    expect(calls).toEqual(['createKnowledgeBase pumps'])
  })

  test('lists the knowledge bases of a home that is used', async () => {
    const { stdout, calls } = await doctor([], { used: true })
    expect(stdout).toContain('ok    knowledge base: pumps: 0 documents')
    expect(stdout).toContain('ok    server: not running')
    expect(calls.at(-1)).toBe('close')
  })

  test('prints one JSON document', async () => {
    const { ok, checks } = JSON.parse((await doctor(['--json'])).stdout)
    expect(ok).toBe(true)
    expect(checks.map(({ name }: { name: string }) => name)).toEqual([
      'node',
      'home',
      'disk',
      'settings',
      'embedding model',
      'language model',
      'knowledge base',
    ])
  })

  test('ends with 1 when something is broken', async () => {
    const cwd = await temporaryFolder()
    const environment = { INKSTONE_EMBED_MODEL: 'bge-huge', INKSTONE_LLM_BASE_URL: 'http://127.0.0.1:9/v1' }
    const broken = await runCommandLine(['doctor'], { service: memoryService(), cwd, environment })
    expect(broken.exitCode).toBe(1)
    expect(broken.stdout).toContain('fail  embedding model: there is no embedding model "bge-huge"')
    expect(broken.stdout).toContain('fail  language model: the language model server at http://127.0.0.1:9/v1')
  })
})
