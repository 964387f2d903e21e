import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JudgedQuestion, LearnedAnswerability, LearnedTrust, TuneEvent } from '../../../src/core/tuning.js'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { emptyIndex, learnedAnswerability, learnedTrust, tuneEvents } from '../../support/records.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function run(events: TuneEvent[], ...args: string[]) {
  const service = memoryService()
  await service.createKnowledgeBase({ slug: 'law' })
  async function* tuneKnowledgeBase() {
    yield* events
  }
  return runCommandLine(['kb', 'tune', 'law', ...args], {
    service: { ...service, tuneKnowledgeBase },
    cwd: await temporaryFolder(),
  })
}

describe('tuneCommand', () => {
  test('shows each setting that is tried and the one that is kept', async () => {
    const { exitCode, stdout, stderr } = await run(tuneEvents)
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'law: recall@10 98.5 % with 5 partitions and 100 candidates, 2.5 ms\n',
    })
    expect(stderr).toContain('comparing 1 vectors exactly')
    expect(stderr).toContain('lie closer to it than questions do')
  })

  test('says that every search is exact where there is no index', async () => {
    expect(await run([{ stage: 'done', tuned: null }])).toMatchObject({
      exitCode: 0,
      stdout: 'law: 2 chunks, every search is exact: there is nothing to tune\n',
    })
  })

  test('fails when no setting finds enough', async () => {
    const events = tuneEvents.map(
      (event): TuneEvent =>
        event.stage === 'done' && event.tuned ? { ...event, tuned: { ...event.tuned, target: 0.999 } } : event,
    )
    const { exitCode, stderr } = await run(events)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('no setting found 99.9 %')
  })

  test('prints one JSON document', async () => {
    const { stdout } = await run(tuneEvents, '--json')
    const last = tuneEvents.at(-1)
    const tuned = last?.stage === 'done' ? last.tuned : null
    expect(JSON.parse(stdout)).toEqual({ knowledgeBase: 'law', chunks: emptyIndex.chunks, tuned })
  })

  test('sends the questions of a golden set and says what was learned', async () => {
    const { result, sent } = await runGolden(learnedTrust)
    expect(sent).toEqual([
      {
        id: 'q1',
        question: 'which pump?',
        history: [],
        expected: [{ document: 'a.pdf', page: 2, quote: 'x' }],
        alternatives: [],
      },
    ])
    expect(result).toMatchObject({
      exitCode: 0,
      stdout:
        'law: dense trust 0.25: nDCG@10 0.610 by default, 0.680 learned and cross-validated ' +
        '(+0.070, 95 % +0.030 to +0.110, p 0.001)\n' +
        'law: refusals as learned: 80 answerable and 25 unanswerable questions; ' +
        'built in 10.0 % false refusals and 40.0 % false answers, ' +
        'learned and cross-validated 5.0 % false refusals and 12.0 % false answers ' +
        '(right decisions +16.5 %, 95 % +6.0 % to +27.0 %, p 0.002)\n' +
        'law: recall@10 98.5 % with 5 partitions and 100 candidates, 2.5 ms\n',
    })
    expect(result.stderr).toContain('dense trust 1: nDCG@10 0.610')
    expect(result.stderr).toContain('every language')
    expect(result.stderr).toContain('gathering what tells')
  })

  test('ends well and says why when the default stays', async () => {
    const noGain: LearnedTrust = { ...learnedTrust, outcome: 'no_gain', denseTrust: null }
    expect((await runGolden(noGain)).result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('law: the default dense trust stays: nDCG@10 0.610 by default'),
    })
    const few: LearnedTrust = { ...noGain, outcome: 'few_questions', questions: 12 }
    expect((await runGolden(few)).result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('the default dense trust stays: 12 answerable questions, it takes 40; nDCG@10'),
    })
  })

  test('says why the refusals stay as they were', async () => {
    const line = async (answerability: LearnedAnswerability) =>
      (await runGolden(learnedTrust, { answerability })).result.stdout.split('\n')[1]
    expect(await line({ ...learnedAnswerability, outcome: 'no_gain', model: null })).toMatch(
      /^law: the built-in refusals stay: 80 answerable .*; built in 10\.0 % false refusals/,
    )
    const few = { outcome: 'few_questions', model: null, answerable: 80, unanswerable: 3 } as const
    expect(await line(few)).toBe(
      'law: the built-in refusals stay: 80 answerable and 3 unanswerable questions, it takes 40 and 15',
    )
    expect(await line({ ...few, model: learnedAnswerability.model })).toMatch(
      /^law: what was learned before about refusals stays: 80 /,
    )
  })

  test('prints what was learned as JSON, too', async () => {
    const { result } = await runGolden(learnedTrust, { args: ['--json'] })
    expect(JSON.parse(result.stdout)).toMatchObject({
      knowledgeBase: 'law',
      trust: learnedTrust,
      answerability: learnedAnswerability,
    })
  })

  test('ends with 1 for a golden set that is not there, before anything is asked', async () => {
    const { exitCode, stderr } = await run(tuneEvents, '--golden', 'absent.jsonl')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('cannot read the golden set')
  })
})

async function runGolden(
  trust: LearnedTrust,
  {
    answerability = learnedAnswerability,
    args = [],
  }: { answerability?: LearnedAnswerability; args?: readonly string[] } = {},
) {
  const cwd = await temporaryFolder()
  const place = { document: 'a.pdf', page: 2, quote: 'x' }
  const question = {
    id: 'q1',
    kind: 'single',
    language: 'en',
    question: 'which pump?',
    expected: [place],
    answer: null,
  }
  await writeFile(join(cwd, 'questions.jsonl'), JSON.stringify(question))
  const service = memoryService()
  await service.createKnowledgeBase({ slug: 'law' })
  const sent: JudgedQuestion[] = []
  async function* tuneKnowledgeBase(_kb: string, { questions = [] }: { questions?: readonly JudgedQuestion[] } = {}) {
    sent.push(...questions)
    yield { stage: 'asking' as const, done: 1, total: 1 }
    yield { stage: 'learned' as const, trust }
    yield { stage: 'judging' as const, done: 1, total: 1 }
    yield { stage: 'calibrated' as const, answerability }
    yield* tuneEvents
  }
  const result = await runCommandLine(['kb', 'tune', 'law', '--golden', 'questions.jsonl', ...args], {
    service: { ...service, tuneKnowledgeBase },
    cwd,
  })
  return { result, sent }
}
