import { describe, expect, test } from 'vitest'
import type { Step } from '../../../src/core/answer.js'
import { answeredRecord, newAnswerRecord, traceOf } from '../../support/answer-records.js'
import { runCommandLine } from '../../support/command-line.js'
import type { KeptAnswer } from '../../support/kept-answers.js'
import { memoryService } from '../../support/memory-service.js'
import { emptyDocument } from '../../support/records.js'
import { answerEvents, hitOf, wholeChunk } from '../../support/scripted-answer.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const document = { ...emptyDocument, id: 'doc_1', title: '手册.txt' }

/** The answer that quotes a text, as it would be kept. */
function quoted(text: string, revision: number): Pick<KeptAnswer, 'trace'> & { answer: typeof answeredRecord } {
  const hit = hitOf({ ...wholeChunk(document, text), id: `chk_${revision}`, page: 3 }, 1)
  const answer = answerEvents({ question: answeredRecord.question }, [hit]).flatMap((event) =>
    event.type === 'done' && event.answer.status === 'answered' ? [event.answer] : [],
  )[0]
  const base = traceOf('kb_1', ['doc_1'])
  const { rank, score, signals, chunk } = hit
  const candidate = { rank, score, signals, chunkId: chunk.id, documentId: 'doc_1', revision, index: 0, page: 3 }
  const trace = {
    ...base,
    searches: [
      {
        searchedFor: '机械密封',
        filter: {},
        topK: 8,
        candidates: [candidate],
        considered: 70,
        embedMs: 1,
        retrieveMs: 2,
      },
    ],
    documents: base.documents.map((traced) => ({ ...traced, title: document.title, revision })),
    prompts: [
      {
        messages: [{ role: 'user' as const, content: `读这些：\n${text}` }],
        sha256: `${revision}`.repeat(64),
        maxTokens: 9,
        usage: { inputTokens: 7, outputTokens: 2 },
        firstTokenMs: 11,
        totalMs: 22,
      },
    ],
  }
  return { trace, answer: answer ?? answeredRecord }
}

const [before, after] = [quoted('每运行两千小时更换一次。', 1), quoted('每运行四千小时更换一次。', 2)]
const { trace, ...record } = newAnswerRecord('ans_1', before)
const kept: KeptAnswer = { record: { ...record, position: null, feedback: null }, trace, replayed: after }

async function run(...args: string[]) {
  const service = memoryService({ answers: [kept] })
  return { service, ...(await runCommandLine(['answer', ...args], { service, cwd: await temporaryFolder() })) }
}

describe('answerCommand', () => {
  test('lists answers in a table, and as JSON', async () => {
    const { stdout, exitCode } = await run('list')
    expect(exitCode).toBe(0)
    const [header, row] = stdout.split('\n')
    expect(header).toMatch(/^ID +ASKED \(UTC\) +STATUS +MODEL +RATING +QUESTION$/)
    expect(row).toMatch(/^ans_1 +2026-11-20 08:00:00 +answered +extractive +– +机械密封多久更换一次？$/)
    expect(JSON.parse((await run('list', '--json')).stdout)).toMatchObject({
      items: [{ id: 'ans_1' }],
      nextCursor: null,
    })
    expect(JSON.parse((await run('list', '--json', '--rating', 'up')).stdout).items).toEqual([])
    expect(JSON.parse((await run('list', '--json', '--document', 'doc_1', '--limit', '1')).stdout).items).toHaveLength(
      1,
    )
  })

  test('takes a limit that is one', async () => {
    expect(await run('list', '--limit', '0')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--limit') })
  })

  test('shows an answer with its citations', async () => {
    const { stdout } = await run('show', 'ans_1')
    expect(stdout).toContain('机械密封多久更换一次？\nans_1 · 2026-11-20 08:00:00 UTC · extractive · answered')
    expect(stdout).toContain('每运行两千小时更换一次。 [1]')
    expect(stdout).toMatch(/\[1\] 手册\.txt, p\. 3 +✓ verified\n +“每运行两千小时更换一次。”/)
    expect(stdout).not.toContain('SHA-256')
    expect(JSON.parse((await run('show', 'ans_1', '--json')).stdout)).toEqual(kept.record)
  })

  test('shows the steps of a deep answer before its text', async () => {
    const usage = { inputTokens: 5, outputTokens: 1 }
    const steps: Step[] = [{ kind: 'decide', enough: true, subQuestions: [], understood: true, ms: 300, usage }]
    const deep = { ...kept, record: { ...kept.record, answer: { ...kept.record.answer, steps } } }
    const service = memoryService({ answers: [deep] })
    const cwd = await temporaryFolder()
    const { stdout } = await runCommandLine(['answer', 'show', 'ans_1'], { service, cwd })
    expect(stdout).toMatch(/\ndecide: enough is known \(0\.3 s, 6 tokens\)\n\n每运行两千小时/)
  })

  test('shows how it came about', async () => {
    const { stdout } = await run('show', 'ans_1', '--trace')
    expect(stdout).toContain('70 candidates, the best 1 shown')
    expect(stdout).toMatch(/1\. +fused 1\.00 · dense 0\.70 · lexical – +手册\.txt, p\. 3, chunk 0/)
    expect(stdout).toContain(`SHA-256 ${'1'.repeat(64)}`)
    expect(stdout).toContain('| 读这些：\n  | 每运行两千小时更换一次。')
    expect(stdout).toContain('7 tokens in, 2 out, first word after 11 ms, 22 ms in all')
    expect(stdout).toMatch(/手册\.txt +revision 1 +hash of doc_ +doc_1/)
    const json = JSON.parse((await run('show', 'ans_1', '--trace', '--json')).stdout)
    expect(json).toEqual({ ...kept.record, trace })
  })

  test('shows what a replay has changed', async () => {
    const { stdout, exitCode } = await run('replay', 'ans_1')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('the answer has changed since 2026-11-20 08:00:00 UTC')
    expect(stdout).toContain('每运行[-两-]{+四+}千小时更换一次。 [1]')
    expect(stdout).toMatch(
      /changed\n +- \[1\] 手册\.txt, p\. 3 +verified\n +“每运行两千.*\n +\+ \[1\] .*\n +“每运行四千/,
    )
    expect(stdout).toContain('1 → 1  手册.txt, p. 3  same, its text has changed')
    expect(stdout).toMatch(/手册\.txt +changed +revision 1 \(hash of doc_\) → revision 2 \(hash of doc_\)/)
    expect(stdout).toContain(`passages or question are others: ${'1'.repeat(12)} → ${'2'.repeat(12)}`)
    const { changes } = JSON.parse((await run('replay', 'ans_1', '--json')).stdout)
    expect(changes).toMatchObject({ sameAnswer: false, documents: [{ kind: 'changed' }] })
  })

  test('keeps what a reader says', async () => {
    const { service, stdout } = await run('rate', 'ans_1', 'down', '--reason', '旧版', '--corrected', '四千小时')
    expect(stdout).toBe('rated ans_1 down\n')
    const { feedback } = await service.getAnswer('ans_1')
    expect(feedback).toMatchObject({ rating: 'down', reason: '旧版', correctedAnswer: '四千小时' })
    const shown = await runCommandLine(['answer', 'show', 'ans_1'], { service, cwd: await temporaryFolder() })
    expect(shown.stdout).toMatch(/Rated down .*\n +reason: 旧版\n +corrected answer: 四千小时/)
    expect(await run('rate', 'ans_1', 'sideways')).toMatchObject({ exitCode: 2 })
  })

  test('deletes, and says when there is nothing of that name', async () => {
    const { service, stdout } = await run('delete', 'ans_1')
    expect(stdout).toBe('deleted ans_1\n')
    expect((await service.listAnswers()).items).toEqual([])
    expect(await run('show', 'ans_9')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('ans_9') })
  })

  test('shows answers that did not come to their end', async () => {
    const { id, question, searchedFor, hits, usage, timings } = answeredRecord
    const common = { id, question, searchedFor, hits, usage, timings, text: '每运行' }
    const problem = { code: 'language_model_busy', message: 'too many questions wait' }
    for (const [answer, said] of [
      [{ ...common, status: 'stopped' as const, problem: null }, '(it was stopped here)'],
      [{ ...common, status: 'failed' as const, problem }, '(it failed here: too many questions wait)'],
    ] as const) {
      const service = memoryService({
        answers: [{ ...kept, record: { ...kept.record, status: answer.status, answer } }],
      })
      const cwd = await temporaryFolder()
      const { stdout } = await runCommandLine(['answer', 'show', 'ans_1'], { service, cwd })
      expect(stdout).toContain(`每运行\n${said}`)
    }
  })
})
