import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { InkstoneService } from '../../../src/core/service.js'
import { makeChunk } from '../../support/chunks.js'
import { runCommandLine } from '../../support/command-line.js'
import { embeddingServer } from '../../support/embedding-server.js'
import { memoryService } from '../../support/memory-service.js'
import { emptyDocument } from '../../support/records.js'
import { answerEvents, hitOf } from '../../support/scripted-answer.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const place = { document: 'a.md', page: null, quote: '2000 小时' }
const common = { language: 'zh', kind: 'single' }
const golden = [
  { ...common, id: 'q1', question: '润滑脂多久更换？', expected: [place], answer: '2000 小时' },
  { ...common, id: 'q2', question: '阀门呢？', expected: [{ ...place, document: 'b.md' }], answer: '每年' },
  { ...common, id: 'q3', kind: 'unanswerable', question: '天气？', answer: null },
]

/** A service that holds a.md and b.md, finds the chunk of a.md for any question but the last, and quotes it. */
function service(text = '每 2000 小时更换'): InkstoneService {
  const source = { contentHash: '', sizeBytes: 0, status: emptyDocument.status, error: null, containerId: null }
  const names = ['a.md', 'b.md'].map((name) => ({ ...source, sourceUri: `/docs/${name}`, documentId: `doc_${name}` }))
  return {
    ...memoryService(),
    listSources: async () => names,
    async *answer(request) {
      const chunk = makeChunk({ documentId: 'doc_a.md', text, page: null })
      yield* answerEvents(request, request.question === '天气？' ? [] : [hitOf(chunk, 1)])
    },
  }
}

async function evalGolden(args: string[], given: { service?: InkstoneService; cwd?: string } = {}) {
  const cwd = given.cwd ?? (await temporaryFolder())
  await writeFile(join(cwd, 'golden.jsonl'), golden.map((line) => JSON.stringify(line)).join('\n'))
  const line = ['eval', '--golden', 'golden.jsonl', ...args]
  return { cwd, ...(await runCommandLine(line, { service: given.service ?? service(), cwd })) }
}

const corpus = [
  { _id: 'p1', title: '水泵', text: '轴承润滑脂每 2000 小时更换一次。' },
  { _id: 'p2', title: '阀门', text: '阀门每年检查一次。' },
]

async function evalBeir(args: string[], { cwd, corpusLines = corpus }: { cwd?: string; corpusLines?: object[] } = {}) {
  const folder = cwd ?? (await temporaryFolder())
  const lines = (items: readonly object[]) => gzipSync(items.map((item) => JSON.stringify(item)).join('\n'))
  const queries = ['润滑脂更换', '阀门检查'].map((text, index) => ({ _id: `q${index + 1}`, text }))
  await mkdir(join(folder, 'tiny'), { recursive: true })
  await writeFile(join(folder, 'tiny', 'corpus.jsonl.gz'), lines(corpusLines))
  await writeFile(join(folder, 'tiny', 'queries.jsonl.gz'), lines(queries))
  await writeFile(join(folder, 'tiny', 'qrels.tsv'), 'query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp2\t1\n')
  const { url } = await embeddingServer()
  const environment = { INKSTONE_HOME: 'home', INKSTONE_EMBED_BASE_URL: url, INKSTONE_EMBED_MODEL: 'words' }
  const options = { service: memoryService(), cwd: folder, environment }
  return { cwd: folder, ...(await runCommandLine(['eval', '--beir', 'tiny', ...args], options)) }
}

describe('evalCommand', () => {
  test('prints the figures of a golden set as tables', async () => {
    const { exitCode, stdout } = await evalGolden([])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^single +2 +50\.0 % +50\.0 % +50\.0 % +0\.0 %$/m)
    expect(stdout).toMatch(/^passage +0\.5000 /m)
    expect(stdout).toMatch(/^false answers +0\.0 %$/m)
  })

  test('prints one document with the keys that scripts rely on', async () => {
    const report = JSON.parse((await evalGolden(['--json'])).stdout)
    expect(report).toMatchObject({
      questions: 3,
      retrieval: { 'hit@1': 0.5, 'hit@5': 0.5 },
      answers: { contained: 0.5, verifiedQuotes: 1, falseRefusals: 0, rightRefusals: 1, falseAnswers: 0 },
    })
    expect(Object.keys(report.latencyMs)).toEqual(['p50', 'p95'])
  })

  test('says how each question went when it is asked to', async () => {
    const { stderr } = await evalGolden(['--details'])
    expect(stderr).toMatch(
      /^q1 {2}single {2}found at 1 {2}\d+ ms {2}润滑脂多久更换？ {2}→ {2}answered: 每 2000 小时更换/m,
    )
    expect(stderr).toMatch(/^q3 {2}unanswerable .* refused$/m)
  })

  test('ends with 1 and names every gate that is missed', async () => {
    const kept = await evalGolden(['--min', 'hit@5=0.5', '--max', 'falseAnswers=0.1'])
    expect(kept.exitCode).toBe(0)
    const missed = await evalGolden([
      '--min',
      'hit@5=0.9',
      '--min',
      'contained=0.2',
      '--max',
      'single.refused=0',
      '--min',
      'page.ndcg@10=0.6',
    ])
    expect(missed.exitCode).toBe(1)
    expect(missed.stderr).toContain(
      'missed: hit@5 is 0.5000, at least 0.9 was asked for\nmissed: page.ndcg@10 is 0.5000, at least 0.6 was asked for\n',
    )
    expect(missed.stderr).not.toContain('contained')
  })

  test.each([
    [['--min', 'hit@7=0.5'], /there is no metric hit@7; there are hit@1, hit@5, /],
    [['--min', 'hit@5'], /expected a metric and a value from 0 to 1/],
    [['--limit-queries', '0'], /expected a whole number above 0/],
    [['--half', 'c'], /Allowed choices are a, b/],
    [['--beir', 'tiny'], /cannot be used with/],
  ])('takes %j as wrong usage', async (args, message) => {
    const { exitCode, stdout, stderr } = await evalGolden(args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  test('asks for questions when there are none', async () => {
    const { exitCode, stderr } = await runCommandLine(['eval'], { service: service(), cwd: await temporaryFolder() })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('--golden FILE, or a retrieval set with --beir FOLDER')
  })

  test('keeps a run and says later what has changed, and what may be chance', async () => {
    const { cwd } = await evalGolden(['--save', 'before.json'])
    const worse = await evalGolden(['--compare', 'before.json'], { cwd, service: service('看手册') })
    expect(worse.exitCode).toBe(0)
    expect(worse.stdout).toMatch(/^contained +0\.5000 +0\.0000 +−0\.5000 .* may be chance$/m)
    expect(worse.stdout).toContain(
      '1 questions got worse, 0 better\n- q1  passage 1 → –, right → wrong  润滑脂多久更换？',
    )
    const { comparison } = JSON.parse((await evalGolden(['--compare', 'before.json', '--json'], { cwd })).stdout)
    expect(comparison.questions).toEqual([])
  })

  test('refuses to compare with a run of other questions, before any is asked', async () => {
    const { cwd } = await evalGolden(['--save', 'before.json'])
    const asked: InkstoneService = {
      ...service(),
      answer: () => {
        throw new Error('a question was asked')
      },
    }
    const { exitCode, stderr } = await evalGolden(['--compare', 'before.json', '--limit-queries', '1'], {
      cwd,
      service: asked,
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      'error: the saved run is of other questions, this one of golden.jsonl: they cannot be compared',
    )
  })

  test('writes a report, and says before any work that it cannot', async () => {
    const { cwd, exitCode } = await evalGolden(['--report', 'report.html', '--report-language', 'zh'])
    expect(exitCode).toBe(0)
    expect(await readFile(join(cwd, 'report.html'), 'utf8')).toContain('<title>Inkstone 评测报告</title>')
    const refused = await evalGolden(['--save', 'none/run.json'])
    expect(refused.stderr).toMatch(/^error: the run cannot be written to .*\nremedy: give --save a path/)
  })

  test('runs a retrieval set through chunks, vectors and the table, and leaves only the vectors', async () => {
    const { exitCode, stdout, stderr, cwd } = await evalBeir(['--json'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: 'reading\ningesting (2)\nindexing (2)\nsearching (2)\n',
    })
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ set: 'tiny', passages: 2, queries: 2, chunks: 2, embeddingModelId: 'words' })
    for (const mode of ['bm25', 'dense', 'fused', 'reranked']) {
      expect(report.modes[mode]).toMatchObject({ 'ndcg@10': 1, 'recall@10': 1, 'hit@10': 1, 'mrr@10': 1 })
      expect(report.modes[mode].p95Ms).toBeGreaterThan(0)
    }
    expect(await readdir(join(cwd, 'home', 'eval-cache', 'tables'))).toEqual([])
    expect(await readdir(join(cwd, 'home'))).toEqual(['eval-cache'])
  })

  test('embeds a retrieval set once', async () => {
    const first = await evalBeir(['--cache', 'cache'])
    expect(first.stdout).toMatch(/^reranked +1\.0000 /m)
    expect(first.stdout).toContain('2 queries, 2 passages in 2 chunks, words')
    const again = await evalBeir(['--cache', 'cache'], { cwd: first.cwd })
    expect(again.stdout).toContain('every vector was cached')
    expect(await readdir(first.cwd)).not.toContain('home')
  })

  test('gates a retrieval set by what a user gets, or by another mode', async () => {
    const { exitCode, stderr } = await evalBeir(['--min', 'ndcg@10=1', '--max', 'bm25.ndcg@10=.5'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('missed: bm25.ndcg@10 is 1.0000, at most 0.5 was asked for\n')
  })

  test('names the line of a retrieval set that is wrong', async () => {
    const { exitCode, stderr } = await evalBeir([], { corpusLines: [...corpus, { _id: 'p3' }] })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/error: .*corpus\.jsonl\.gz, line 3: text /)
  })
})
