import { describe, expect, test } from 'vitest'
import { defaultModelId, embeddingModels, findModel, isPinned, modelSizeBytes } from '../../src/embed/models.js'
import { findLocalModel, findRerankModel, rerankModels } from '../../src/embed/rerank-models.js'

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

describe('rerankModels', () => {
  test.each(rerankModels)('$id is consistent, and has an id and a folder of its own', (model) => {
    expect(model.files.map(({ path }) => path)).toContain('onnx/model_quantized.onnx')
    expect(model.dtype).toBe('q8')
    expect(model.sources).toMatchObject([{ kind: 'hub', repository: model.folder }])
    const others = [...embeddingModels, ...rerankModels].filter((other) => other !== model)
    expect(others.filter(({ id, folder }) => id === model.id || folder === model.folder)).toEqual([])
  })
})

describe('findRerankModel', () => {
  test('does not take an embedding model for one', () => {
    expect(findRerankModel('bge-reranker-base').languages).toContain('zh')
    expect(() => findRerankModel('bge-m3')).toThrow(
      expect.objectContaining({ code: 'model_not_found', remedy: expect.stringContaining('bge-reranker-base') }),
    )
  })
})

describe('findLocalModel', () => {
  test('knows models of both kinds, and names them when asked for another', () => {
    expect(findLocalModel('bge-m3').id).toBe('bge-m3')
    expect(findLocalModel('bge-reranker-v2-m3').id).toBe('bge-reranker-v2-m3')
    expect(() => findLocalModel('gpt-5')).toThrow(
      expect.objectContaining({ remedy: expect.stringMatching(/bge-m3.*bge-reranker-base/) }),
    )
  })
})
