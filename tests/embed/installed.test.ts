import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isModelInstalled, modelPath, pinModel, verifyModel, withPins } from '../../src/embed/installed.js'
import type { EmbeddingModel } from '../../src/embed/models.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { madeUpModel, modelFiles, sha256 } from './model-sources.js'

const model = madeUpModel()
const unpinned = madeUpModel({ isPinned: false })

async function put(modelsDir: string, change: Record<string, Buffer | null> = {}): Promise<void> {
  for (const [path, bytes] of Object.entries<Buffer | null>({ ...modelFiles, ...change })) {
    if (bytes === null) continue
    const file = join(modelPath(model, modelsDir), path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, bytes)
  }
}

async function statuses(checked: EmbeddingModel, modelsDir: string) {
  return Object.fromEntries((await verifyModel(checked, modelsDir)).map(({ path, status }) => [path, status]))
}

describe('verifyModel', () => {
  test('tells files that are right, missing and corrupt apart', async () => {
    const modelsDir = await temporaryFolder()
    await put(modelsDir, {
      'config.json': null,
      'tokenizer.json': Buffer.from('xx'),
      'tokenizer_config.json': Buffer.from('longer than it was'),
    })
    expect(await statuses(model, modelsDir)).toEqual({
      'config.json': 'missing',
      'tokenizer.json': 'corrupt',
      'tokenizer_config.json': 'corrupt',
      'onnx/model_quantized.onnx': 'ok',
    })
  })

  test('calls a file unpinned until it is pinned', async () => {
    const modelsDir = await temporaryFolder()
    await put(modelsDir)
    expect(new Set(Object.values(await statuses(unpinned, modelsDir)))).toEqual(new Set(['unpinned']))
    await pinModel(unpinned, modelsDir)
    expect(new Set(Object.values(await statuses(unpinned, modelsDir)))).toEqual(new Set(['ok']))
  })
})

describe('isModelInstalled', () => {
  test('sees a missing file and a wrong size, and leaves contents to verifyModel', async () => {
    const modelsDir = await temporaryFolder()
    expect(await isModelInstalled(model, modelsDir)).toBe(false)
    await put(modelsDir, { 'tokenizer.json': Buffer.from('xx') })
    expect(await isModelInstalled(model, modelsDir)).toBe(true)
    await put(modelsDir, { 'tokenizer.json': Buffer.from('xxx') })
    expect(await isModelInstalled(model, modelsDir)).toBe(false)
  })
})

describe('withPins', () => {
  test('adds pinned hashes, keeps those of other models, and never overrules the catalogue', async () => {
    const modelsDir = await temporaryFolder()
    await put(modelsDir)
    await pinModel(unpinned, modelsDir)
    await pinModel({ ...unpinned, id: 'other' }, modelsDir)
    const pinned = await withPins(unpinned, modelsDir)
    expect(pinned.files[0]).toEqual({
      path: 'config.json',
      sha256: sha256(modelFiles['config.json'] ?? Buffer.alloc(0)),
      sizeBytes: modelFiles['config.json']?.length,
    })
    const own = model.files.map((file) => ({ ...file, sha256: '0'.repeat(64) }))
    expect((await withPins({ ...model, files: own }, modelsDir)).files).toEqual(own)
  })

  test('refuses a pins.json that is no such thing', async () => {
    const modelsDir = await temporaryFolder()
    await writeFile(join(modelsDir, 'pins.json'), '{"made-up": {"config.json": {"sha256": "short"}}}')
    await expect(withPins(unpinned, modelsDir)).rejects.toMatchObject({ code: 'model_corrupt' })
  })
})
