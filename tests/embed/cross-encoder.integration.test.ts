import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Reranker } from '../../src/core/ports.js'
import { crossEncoder } from '../../src/embed/cross-encoder.js'
import { modelPath } from '../../src/embed/installed.js'
import { rerankerContract } from '../support/reranker-contract.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { bias, installTinyCrossEncoder, tinyModel, weightOfWord } from '../support/tiny-cross-encoder.js'

const sharedDir = await mkdtemp(join(tmpdir(), 'inkstone-'))
await installTinyCrossEncoder(sharedDir)
afterAll(() => rm(sharedDir, { recursive: true, force: true }))

async function installed(): Promise<string> {
  const modelsDir = await temporaryFolder()
  await installTinyCrossEncoder(modelsDir)
  return modelsDir
}

function open(threads = 1): Reranker {
  return crossEncoder({ model: tinyModel, modelsDir: sharedDir, threads })
}

/** What the tiny model says of a question and a text that share a word so many times. */
const scoreOf = (shared: number) => 1 / (1 + Math.exp(-(bias + weightOfWord * shared)))

rerankerContract('crossEncoder', async () => open())
rerankerContract('crossEncoder with two threads', async () => open(2))

describe('crossEncoder', () => {
  const reranker = open()
  afterAll(() => reranker.close())

  async function expectScores(question: string, expected: Record<string, number>): Promise<void> {
    const scores = await reranker.rerank(question, Object.keys(expected))
    for (const [index, shared] of Object.values(expected).entries()) {
      expect(scores[index], Object.keys(expected)[index]).toBeCloseTo(scoreOf(shared), 5)
    }
  }

  test('reads question and text as a pair, and makes the logit a score', async () => {
    await expectScores('Pump seal', { 'pump seal': 2, 'the pump': 1, 'pump pump': 2, noodles: 0, '': 0 })
    await expectScores('换泵', { 泵与阀: 1, 阀: 0 })
  })

  test('cuts the end of a text that is too long, and nothing of the question', async () => {
    // [CLS] pump seal [SEP] … [SEP] leaves 19 of 24 tokens to the text.
    const filler = (tokens: number) => 'the '.repeat(tokens)
    await expectScores('pump seal', {
      [`${filler(18)}pump`]: 1,
      [`${filler(19)}pump`]: 0,
      [`seal ${filler(500)}pump`]: 1,
    })
  })

  test('reads some of each text, however long the question', async () => {
    await expectScores(`pump ${'canteen '.repeat(200)}`, { 'the pump': 1 })
  })

  test('gives a text the same score whatever stands beside it', async () => {
    const texts = ['pump', 'replace the pump seal', 'noodles', 'valve seal']
    const together = await reranker.rerank('replace the seal', texts)
    const alone = await Promise.all(texts.map((text) => reranker.rerank('replace the seal', [text])))
    expect(alone.flat()).toEqual(together)
  })

  test('says what to do when the model is not there, and finds it once it is', async () => {
    const modelsDir = await temporaryFolder()
    const late = crossEncoder({ model: tinyModel, modelsDir, threads: 1 })
    onTestFinished(() => late.close())
    await expect(late.rerank('pump', ['pump'])).rejects.toMatchObject({
      code: 'model_missing',
      remedy: 'run "inkstone models pull --pin tiny-cross-encoder"',
    })
    await installTinyCrossEncoder(modelsDir)
    expect(await late.rerank('pump', ['pump'])).toHaveLength(1)
  })

  test('says so when the model cannot be loaded', async () => {
    const modelsDir = await installed()
    await rm(join(modelPath(tinyModel, modelsDir), 'tokenizer_config.json'))
    const files = tinyModel.files.filter(({ path }) => path !== 'tokenizer_config.json')
    const broken = crossEncoder({ model: { ...tinyModel, files }, modelsDir, threads: 1 })
    await expect(broken.rerank('pump', ['pump'])).rejects.toMatchObject({
      code: 'rerank_failed',
      remedy: expect.stringContaining('inkstone models verify'),
    })
    await broken.close()
  })

  test('refuses a model that is no cross-encoder for ranking', async () => {
    const modelsDir = await temporaryFolder()
    await installTinyCrossEncoder(modelsDir, { labels: 2 })
    const classifier = crossEncoder({ model: tinyModel, modelsDir, threads: 1 })
    onTestFinished(() => classifier.close())
    await expect(classifier.rerank('pump', ['pump'])).rejects.toMatchObject({
      code: 'rerank_failed',
      message: expect.stringContaining('did not yield one number'),
    })
  })

  test('loads nothing before it is asked, and can be closed all the same', async () => {
    const idle = open()
    await idle.close()
    const loaded = open()
    await loaded.prepare?.()
    await loaded.close()
    await expect(loaded.rerank('pump', ['pump'])).rejects.toMatchObject({ code: 'rerank_failed' })
  })
})
