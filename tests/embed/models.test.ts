import { describe, expect, test } from 'vitest'
import { defaultModelId, embeddingModels, findModel, isPinned, modelSizeBytes } from '../../src/embed/models.js'

describe('embeddingModels', () => {
  test('has a pinned default that comes from the npm registry first', () => {
    const model = findModel(defaultModelId)
    expect(isPinned(model)).toBe(true)
    expect(model.sources[0]?.kind).toBe('npm')
    expect(model).toMatchObject({
      pooling: 'cls',
      dimensions: 512,
      maxTokens: 512,
      prefixes: { query: '', document: '' },
    })
  })

  test('gives e5 its prefixes and mean pooling', () => {
    expect(findModel('multilingual-e5-small')).toMatchObject({
      pooling: 'mean',
      prefixes: { query: 'query: ', document: 'passage: ' },
    })
  })

  test.each(embeddingModels)('$id is consistent', (model) => {
    const onnxFile = { q8: 'onnx/model_quantized.onnx', q4: 'onnx/model_q4.onnx' }[model.dtype]
    const paths = model.files.map((file) => file.path)
    expect(paths).toEqual(expect.arrayContaining(['config.json', 'tokenizer.json', 'tokenizer_config.json', onnxFile]))
    expect(new Set(paths).size).toBe(paths.length)
    expect(model.folder).toMatch(/^[\w.-]+\/[\w.-]+$/)
    for (const file of model.files) {
      expect(file.sha256 === null, 'a hash comes with a size').toBe(file.sizeBytes === null)
      if (file.sha256 !== null) expect(file.sha256).toMatch(/^[0-9a-f]{64}$/)
    }
    expect(model.sources.some((source) => source.kind === 'hub')).toBe(true)
  })

  test('has no two models of one id or folder', () => {
    expect(new Set(embeddingModels.map((model) => model.id)).size).toBe(embeddingModels.length)
    expect(new Set(embeddingModels.map((model) => model.folder)).size).toBe(embeddingModels.length)
  })
})

describe('findModel', () => {
  test('names the models that there are when asked for another', () => {
    expect(() => findModel('gpt-5')).toThrow(
      expect.objectContaining({ code: 'model_not_found', remedy: expect.stringContaining('bge-m3') }),
    )
  })
})

describe('modelSizeBytes', () => {
  test('sums the files, and is null when one is unknown', () => {
    expect(modelSizeBytes(findModel(defaultModelId))).toBe(24_451_050)
    expect(modelSizeBytes(findModel('bge-m3'))).toBeNull()
  })
})
