import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Feedback } from '../../../src/core/answer-record.js'
import { answeredRecord, newAnswerRecord, traceOf } from '../../support/answer-records.js'
import { bytesOf } from '../../support/collect.js'
import { runCommandLine } from '../../support/command-line.js'
import type { KeptAnswer } from '../../support/kept-answers.js'
import { memoryService } from '../../support/memory-service.js'
import { emptyDocument } from '../../support/records.js'
import { answerEvents, hitOf, wholeChunk } from '../../support/scripted-answer.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** A service with one document and three answers about it: liked, disliked, not rated. */
async function setUp() {
  const service = memoryService()
  await service.createKnowledgeBase({ slug: 'default' })
  const { document } = await service.submit('default', {
    sourceUri: 'shelf/手册.txt',
    bytes: bytesOf('每运行两千小时。'),
  })
  const feedbacks: (Feedback['rating'] | null)[] = ['up', 'down', null]
  const given = feedbacks.map((rating, at): KeptAnswer => {
    const hit = hitOf(wholeChunk({ ...emptyDocument, ...document }, '每运行两千小时更换。'), 1)
    const question = `问题${at}？`
    const answer = answerEvents({ question }, [hit]).flatMap((event) =>
      event.type === 'done' && event.answer.status === 'answered' ? [event.answer] : [],
    )[0]
    const { trace, ...record } = newAnswerRecord(`ans_${at}`, {
      question,
      answer: answer ?? answeredRecord,
      trace: traceOf('kb_1'),
    })
    const feedback = rating && { rating, reason: null, correctedAnswer: null, at: `2026-11-2${at}T09:00:00.000Z` }
    return { record: { ...record, position: null, feedback }, trace }
  })
  const kept = memoryService({ answers: given })
  const { listAnswers, getAnswer, getAnswerTrace } = kept
  const cwd = await temporaryFolder()
  const whole = { ...service, listAnswers, getAnswer, getAnswerTrace }
  const run = (...args: string[]) => runCommandLine(['eval', 'candidates', ...args], { service: whole, cwd })
  return { cwd, run }
}

describe('candidatesCommand', () => {
  test('prints the rated questions as lines, and what they lack', async () => {
    const { run } = await setUp()
    const { stdout, stderr, exitCode } = await run()
    expect(exitCode).toBe(0)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(lines).toMatchObject([
      { id: 'ans_0', expected: [{ document: '手册.txt', quote: '每运行两千小时更换。' }] },
      { id: 'ans_1', expected: [] },
    ])
    expect(stderr).toBe(
      '2 questions from 2 rated answers\n1 of them name no place to be found: add one to "expected"\n',
    )
  })

  test('writes them to a file, triples too', async () => {
    const { run, cwd } = await setUp()
    const { stdout, stderr } = await run('--triples', '--out', 'triples.jsonl')
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '1 triple from 2 rated answers\n' })
    expect(await readdir(cwd)).toEqual(['triples.jsonl'])
    expect(JSON.parse(await readFile(join(cwd, 'triples.jsonl'), 'utf8'))).toMatchObject({
      question: '问题0？',
      answer: '每运行两千小时更换。',
      sources: [{ document: '手册.txt', passage: '每运行两千小时更换。' }],
    })
  })

  test('prints one document with --json', async () => {
    const { run } = await setUp()
    expect(JSON.parse((await run('--json')).stdout)).toMatchObject({
      rated: 2,
      items: [{ id: 'ans_0' }, { id: 'ans_1' }],
      unplaced: 1,
    })
  })

  test('says at once when the file cannot be written', async () => {
    const { run } = await setUp()
    const { exitCode, stderr } = await run('--out', 'missing/candidates.jsonl')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('--out')
  })
})
