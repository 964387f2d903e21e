import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultModelId, embeddingModels } from '../../../src/embed/models.js'
import { rerankModels } from '../../../src/embed/rerank-models.js'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function models(args: string[], { environment = {} }: { environment?: Record<string, string> } = {}) {
  const cwd = await temporaryFolder()
  const result = await runCommandLine(['models', ...args], { service: memoryService(), cwd, environment })
  return { ...result, cwd }
}

describe('modelsCommand', () => {
  test('lists every model of the catalogue and marks the configured one', async () => {
    const { stdout } = await models(['list'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(embeddingModels.length + rerankModels.length + 1)
    expect(lines.filter((line) => line.startsWith('*'))).toEqual([expect.stringContaining(defaultModelId)])
    expect(stdout).not.toContain('installed')
  })

  test('lists as JSON with sizes, licences and whether it is installed', async () => {
    const { stdout } = await models(['list', '--json'])
    expect(JSON.parse(stdout).items[0]).toMatchObject({
      id: defaultModelId,
      licence: 'MIT',
      dimensions: 512,
      installed: false,
      configured: true,
    })
  })

  test('marks the configured reranking model, unless a server has it', async () => {
    const configured = async (environment: Record<string, string>) => {
      const { stdout } = await models(['list', '--json'], { environment })
      const items: { id: string; kind: string; configured: boolean }[] = JSON.parse(stdout).items
      return items.filter((item) => item.kind === 'rerank' && item.configured).map(({ id }) => id)
    }
    const environment = { INKSTONE_RERANK_MODEL: 'bge-reranker-base' }
    expect(await configured({})).toEqual([])
    expect(await configured(environment)).toEqual(['bge-reranker-base'])
    expect(await configured({ ...environment, INKSTONE_RERANK_BASE_URL: 'http://127.0.0.1:9' })).toEqual([])
  })

  test('verifies a reranking model as it does the others', async () => {
    const { exitCode, stdout } = await models(['verify', 'bge-reranker-base'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^missing +onnx\/model_quantized\.onnx$/m)
  })

  test('prints the folder of a model', async () => {
    const { stdout, cwd } = await models(['path'])
    expect(stdout).toBe(`${join(cwd, 'data', 'models', 'Xenova', 'bge-small-zh-v1.5')}\n`)
  })

  test('ends with 1 and names the files when a model is missing or corrupt', async () => {
    const { exitCode, stdout, stderr } = await models(['verify', 'all-MiniLM-L6-v2'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^missing +config\.json$/m)
    expect(stderr).toContain('inkstone models pull all-MiniLM-L6-v2')
  })

  test('tells a corrupt file from a missing one', async () => {
    const cwd = await temporaryFolder()
    const folder = join(cwd, 'given', 'Xenova', 'bge-small-zh-v1.5')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'config.json'), '{}')
    await cp(join(folder, 'config.json'), join(folder, 'tokenizer.json'))
    const args = ['models', 'verify', '--json', '--models-dir', join(cwd, 'given')]
    const { exitCode, stdout } = await runCommandLine(args, { service: memoryService(), cwd })
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      id: defaultModelId,
      ok: false,
      files: [
        { path: 'config.json', status: 'corrupt' },
        { path: 'tokenizer.json', status: 'corrupt' },
        { path: 'tokenizer_config.json', status: 'missing' },
        { path: 'onnx/model_quantized.onnx', status: 'missing' },
      ],
    })
  })

  test('refuses an unknown model and names the known ones', async () => {
    const { exitCode, stderr } = await models(['pull', 'bge-huge'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('there is no model "bge-huge"')
    expect(stderr).toContain(defaultModelId)
  })

  test('asks for a model when embeddings come from a server', async () => {
    const environment = { INKSTONE_EMBED_BASE_URL: 'http://127.0.0.1:9/v1', INKSTONE_EMBED_MODEL: 'bge-m3' }
    const { exitCode, stderr } = await models(['pull'], { environment })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('no local model is configured')
  })
})
