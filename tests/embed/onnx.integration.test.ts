import { execFile } from 'node:child_process'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/core/ports.js'
import { modelPath } from '../../src/embed/installed.js'
import { type EmbeddingModel, findModel } from '../../src/embed/models.js'
import { fingerprintOf, onnxEmbedder } from '../../src/embed/onnx.js'
import { estimateTokens } from '../../src/embed/token-estimate.js'
import { embedderContract } from '../support/embedder-contract.js'
import { testModelsDir } from '../support/model.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const model = findModel('bge-small-zh-v1.5')
const run = promisify(execFile)

const knownText = '离心泵启动前必须灌满水。'
/** Components 12 to 47 of its CLS vector. int8 kernels differ a little between processors: compare by direction. */
const knownPart = [
  -0.0273, 0.0252, 0.0217, -0.0254, -0.0492, -0.0319, -0.0164, 0.0302, 0.0666, -0.0663, -0.0786, -0.0302, 0.0896,
  -0.065, -0.0439, -0.0241, 0.0065, -0.0235, -0.004, 0.0478, 0.0047, -0.0144, -0.0734, 0.0157, 0.0126, 0.0022, -0.0703,
  0.0461, 0.0076, 0.0296, -0.0191, 0.0425, 0.0432, -0.0654, -0.0256, 0.0091,
]

function cosineToKnown(vector: Float32Array = new Float32Array()): number {
  const part = vector.slice(12, 12 + knownPart.length)
  const known = Float32Array.from(knownPart)
  return dot(part, known) / Math.sqrt(dot(part, part) * dot(known, known))
}

async function open(change: Partial<EmbeddingModel> = {}, threads = 1): Promise<Embedder> {
  return onnxEmbedder({ model: { ...model, ...change }, modelsDir: await testModelsDir(), threads })
}

async function cosine(embedder: Embedder, a: string, b: string): Promise<number> {
  const [left, right] = await embedder.embed([a, b], { task: 'document' })
  return dot(left, right)
}

function dot(left: Float32Array = new Float32Array(), right: Float32Array = new Float32Array()): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0)
}

embedderContract('onnxEmbedder', () => open())
embedderContract('onnxEmbedder with two threads', () => open({}, 2))

describe('onnxEmbedder', () => {
  let embedder: Embedder
  beforeAll(async () => {
    embedder = await open()
  })
  afterAll(async () => {
    await embedder.close()
  })

  test('puts related Chinese sentences closer than unrelated ones', async () => {
    const related = await cosine(embedder, '水泵如何启动？', '离心泵的启动步骤')
    const unrelated = await cosine(embedder, '水泵如何启动？', '员工年假的申请流程')
    expect(related).toBeGreaterThan(unrelated + 0.15)
  })

  test('yields the known vector of a known text', async () => {
    const [vector] = await embedder.embed([knownText], { task: 'document' })
    expect(cosineToKnown(vector)).toBeGreaterThan(0.98)
  })

  test('pools as the catalogue says: the mean would be another vector', async () => {
    const mean = await open({ pooling: 'mean' })
    const [byMean] = await mean.embed([knownText], { task: 'document' })
    await mean.close()
    expect(cosineToKnown(byMean)).toBeLessThan(0.96)
  })

  test('puts the prefix of the task before the text and counts it', async () => {
    const prefixed = await open({ prefixes: { query: 'query: ', document: 'passage: ' } })
    const [asQuery] = await prefixed.embed(['泵'], { task: 'query' })
    const [asDocument] = await prefixed.embed(['泵'], { task: 'document' })
    const [spelledOut] = await embedder.embed(['query: 泵'], { task: 'query' })
    const [tokens = 0] = await prefixed.countTokens(['泵'])
    await prefixed.close()
    expect(asQuery).toEqual(spelledOut)
    expect(asQuery).not.toEqual(asDocument)
    expect(tokens).toBe(Math.max(...(await embedder.countTokens(['query: 泵', 'passage: 泵']))))
  })

  test('lets a query overtake a long list of documents, with the event loop free', async () => {
    let isBulkDone = false
    let turns = 0
    const controller = new AbortController()
    const bulk = embedder
      .embed(new Array(400).fill('离心泵启动前必须灌满水。'.repeat(20)), {
        task: 'document',
        signal: controller.signal,
      })
      .finally(() => {
        isBulkDone = true
      })
    const turning = (async () => {
      for (; !isBulkDone; turns += 1) await nextTurn()
    })()
    await embedder.embed(['如何启动？'], { task: 'query' })
    await embedder.countTokens(['如何启动？'])
    expect(isBulkDone).toBe(false)
    controller.abort()
    await expect(bulk).rejects.toMatchObject({ code: 'cancelled' })
    await turning
    // A model that ran on this thread would leave one turn or two for each of the few texts it has done.
    expect(turns).toBeGreaterThan(100)
  })

  test('never counts fewer tokens by the estimate than the tokenizer does', async () => {
    const texts = [
      '离心泵启动前必须灌满水，检查出口阀门是否关闭。',
      'The centrifugal pump must be primed before it is started; internationalisation notwithstanding.',
      '型号 ISG-80-160(I)A，流量 50 m³/h，扬程 32 m，功率 7.5 kW',
      'sha256 15b717c382bcb518ba457b93ea6850ede7f4f1cd8937454aa06972366cd19bcc',
      'https://example.com/a/b?c=d&e=%20f#ghijklmnopqrstuvwxyz',
      'Ünïcödé ñandú façade Straße',
      'Насос должен быть заполнен водой. ポンプを始動する 펌프를 시작',
      '🙂👩‍🔧 ①②③ … —— “引号”',
      'if (a<b){\n    return a;\n}\n',
    ]
    const counted = await embedder.countTokens(texts)
    for (const [index, text] of texts.entries()) {
      expect(estimateTokens(text), text).toBeGreaterThanOrEqual(counted[index] ?? 0)
    }
  })

  test('says what to do when the model is not there', async () => {
    const folder = await temporaryFolder()
    const opening = onnxEmbedder({ model, modelsDir: folder, threads: 1 })
    await expect(opening).rejects.toMatchObject({
      code: 'model_missing',
      remedy: 'run "inkstone models pull bge-small-zh-v1.5"',
    })
  })

  test('says so when the model cannot be loaded', async () => {
    const modelsDir = await temporaryFolder()
    await cp(modelPath(model, await testModelsDir()), modelPath(model, modelsDir), { recursive: true })
    await rm(join(modelPath(model, modelsDir), 'tokenizer_config.json'))
    const files = model.files.filter((file) => file.path !== 'tokenizer_config.json')
    const opening = onnxEmbedder({ model: { ...model, files }, modelsDir, threads: 2 })
    await expect(opening).rejects.toMatchObject({
      code: 'embedding_failed',
      remedy: expect.stringContaining('inkstone models verify'),
    })
  })

  test('lets the process end by itself, also beside LanceDB', async () => {
    const folder = await temporaryFolder()
    const script = `
      const { connect } = await import('@lancedb/lancedb')
      const { onnxEmbedder } = await import('./dist/embed/onnx.js')
      const { findModel } = await import('./dist/embed/models.js')
      const [, modelsDir, lanceDir] = process.argv
      const embedder = await onnxEmbedder({ model: findModel('${model.id}'), modelsDir, threads: 2 })
      const [vector] = await embedder.embed(['泵'], { task: 'document' })
      const connection = await connect(lanceDir)
      const table = await connection.createTable('t', [{ id: 'a', vector: [...vector] }])
      const rows = await table.query().nearestTo(vector).limit(1).toArray()
      await embedder.close()
      table.close()
      connection.close()
      console.log(rows[0].id)`
    const { stdout } = await run(
      process.execPath,
      ['--input-type=module', '-e', script, await testModelsDir(), folder],
      {
        timeout: 60_000,
      },
    )
    expect(stdout.trim()).toBe('a')
  })
})

describe('fingerprintOf', () => {
  test('changes with everything that changes vectors', () => {
    const changes: Partial<EmbeddingModel>[] = [
      {},
      { pooling: 'mean' },
      { dimensions: 256 },
      { dtype: 'q4' },
      { prefixes: { query: 'q: ', document: '' } },
      { prefixes: { query: '', document: 'q: ' } },
      { files: model.files.map((file) => ({ ...file, sha256: 'f'.repeat(64) })) },
    ]
    const fingerprints = changes.map((change) => fingerprintOf({ ...model, ...change }))
    expect(new Set(fingerprints).size).toBe(changes.length)
    expect(fingerprintOf({ ...model, files: [...model.files].reverse() })).toBe(fingerprints[0])
  })
})
