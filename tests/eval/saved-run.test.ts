import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { goldenRun } from '../../src/eval/evaluation.js'
import { summarise } from '../../src/eval/golden-report.js'
import { checkComparable, hashQuestions, readRun } from '../../src/eval/saved-run.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { goldenOutcome, goldenQuestion } from './questions.js'

const labels = {
  set: 'golden.jsonl',
  startedAt: '2026-11-27T12:00:00.000Z',
  version: '1.2.3',
  embeddingModelId: 'words',
}
const outcomes = [goldenOutcome()]
const run = goldenRun([goldenQuestion()], { outcomes, report: summarise(outcomes) }, labels)

async function written(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'run.json')
  await writeFile(path, text)
  return path
}

describe('readRun', () => {
  test('gives back what was saved', async () => {
    expect(await readRun(await written(JSON.stringify(run)))).toEqual(run)
  })

  test.each(['not json', '{}', JSON.stringify({ ...run, format: 2 })])('refuses what is no saved run', async (text) => {
    await expect(readRun(await written(text))).rejects.toMatchObject({
      code: 'invalid_request',
      remedy: 'make a new one with --save',
    })
  })

  test('says that a file is not there', async () => {
    await expect(readRun('/nowhere/run.json')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('checkComparable', () => {
  test('lets runs of the same questions pass, whatever the file was called', () => {
    expect(() => checkComparable(run, { ...run, set: 'renamed.jsonl' })).not.toThrow()
  })

  test('refuses a run of another set, and one of other questions of the same', () => {
    const other = { kind: 'beir', set: 'scifact', questionsHash: 'x' } as const
    expect(() => checkComparable(run, other)).toThrow('the saved run is of golden.jsonl, this one of scifact')
    expect(() => checkComparable(run, { ...run, questionsHash: 'x' })).toThrow('of other questions')
  })
})

describe('hashQuestions', () => {
  test('depends on what is right and not on the order', () => {
    const [a, b] = [
      { id: 'a', right: 1 },
      { id: 'b', right: 2 },
    ]
    expect(hashQuestions([a, b])).toBe(hashQuestions([b, a]))
    expect(hashQuestions([a, b])).not.toBe(hashQuestions([a, { id: 'b', right: 3 }]))
  })
})
