import { describe, expect, onTestFinished, test } from 'vitest'
import { rerankModelChecks } from '../../../src/cli/checks/rerank-model.js'
import { loadConfig } from '../../../src/config/load.js'
import { rerankServer, type ScriptedReply } from '../../support/rerank-server.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function checks(flags: Record<string, string>) {
  const cwd = await temporaryFolder()
  return rerankModelChecks(loadConfig({ flags, environment: {}, cwd, packageRoot: cwd }))
}

async function serverChecks(scripted: ScriptedReply[]) {
  const server = await rerankServer(scripted)
  onTestFinished(() => server.close())
  return checks({ rerankBaseUrl: server.url, rerankModel: 'm', rerankApiKey: 'very-secret' })
}

describe('rerankModelChecks', () => {
  test('says nothing when no reranking model is configured', async () => {
    expect(await checks({})).toEqual([])
  })

  test('says how to get a local model that is not installed', async () => {
    expect(await checks({ rerankModel: 'bge-reranker-base' })).toMatchObject([
      { status: 'warn', remedy: 'run "inkstone models pull --pin bge-reranker-base"' },
    ])
  })

  test('asks the server', async () => {
    expect(await serverChecks([])).toMatchObject([{ status: 'ok', message: expect.stringContaining('m at http://') }])
    await expect(serverChecks([{ status: 401 }])).rejects.toMatchObject({ remedy: 'check INKSTONE_RERANK_API_KEY' })
  })

  test('fails for a model that is not in the catalogue', async () => {
    await expect(checks({ rerankModel: 'gpt-5' })).rejects.toMatchObject({ code: 'model_not_found' })
  })
})
