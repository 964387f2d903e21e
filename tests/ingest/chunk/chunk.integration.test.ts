import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Embedder } from '../../../src/core/ports.js'
import { findModel } from '../../../src/embed/models.js'
import { onnxEmbedder } from '../../../src/embed/onnx.js'
import { chunkDocument } from '../../../src/ingest/chunk/chunk.js'
import { documentText } from '../../../src/ingest/chunk/document-text.js'
import { testModelsDir } from '../../support/model.js'
import { block } from '../fixtures/blocks.js'

/** Texts of which the tokenizer makes much: single letters, digits, symbols, rare characters, long encoded words. */
const samples = [
  '离心泵启动前必须灌满水，并检查轴承的温度和润滑脂的油位。',
  'Before it is started, the pump has to be primed; check bearing temperature and grease level. ',
  'IH65-50-160/2×M12x1.75@Q235B+σ≥355MPa…½″ ',
  'aGVsbG8gd29ybGQgdGhpcyBpcyBlbmNvZGVkIGRhdGE9PQ',
  '龘靐齉爩鱻麤龗灪𠮷𡃁😀🚰',
  '3.14159265358979323846 -0.00012 1e-9 | ',
]
const rows = Array.from({ length: 60 }, (_, index) =>
  [`P-${index}`, `${index * 5} m³/h`, samples[index % 4], index % 7 === 0 ? '' : `备注${index}`].join(' | '),
)
const blocks = [
  block('设备手册', { kind: 'heading', level: 1 }),
  ...samples.map((text) => block(text.repeat(60), { headingPath: ['设备手册'] })),
  block('表 2 泵的性能参数（节选）', { kind: 'caption', headingPath: ['设备手册'] }),
  block(['型号 | 流量 | 用途说明 | 备注', ...rows].join('\n'), { kind: 'table', headingPath: ['设备手册'] }),
  block(samples.join('').repeat(20), { kind: 'ocr', headingPath: ['设备手册'] }),
]

describe('chunkDocument with the tokenizer of the default model', () => {
  let embedder: Embedder
  beforeAll(async () => {
    const model = findModel('bge-small-zh-v1.5')
    embedder = await onnxEmbedder({ model, modelsDir: await testModelsDir(), threads: 1 })
  })
  afterAll(async () => {
    await embedder.close()
  })

  test.each([400, 120, 512])('passes the limit with no chunk when it aims at %i tokens', async (maxTokens) => {
    const document = await documentText(blocks)
    const countTokens = (texts: readonly string[]) => embedder.countTokens(texts)
    const chunks = await chunkDocument(document, { title: '泵站设备手册', countTokens, maxTokens })
    const counts = await embedder.countTokens(chunks.map(({ embedText }) => embedText))
    expect(chunks.map(({ tokenCount }) => tokenCount)).toEqual(counts)
    expect(Math.max(...counts)).toBeLessThanOrEqual(Math.min(512, maxTokens + 120))
    const covered = new Array<boolean>(document.text.length).fill(false)
    for (const { draft } of chunks) covered.fill(true, draft.span.start, draft.span.end)
    expect([...covered.keys()].filter((at) => !covered[at] && /\S/.test(document.text[at] ?? ''))).toEqual([])
  })

  test('writes nothing that the model cannot take', async () => {
    const countTokens = (texts: readonly string[]) => embedder.countTokens(texts)
    const chunks = await chunkDocument(await documentText(blocks.slice(-3)), { title: '手册', countTokens })
    const vectors = await embedder.embed(
      chunks.map(({ embedText }) => embedText),
      { task: 'document' },
    )
    expect(vectors).toHaveLength(chunks.length)
  })
})
