import { describe, expect, test } from 'vitest'
import { evaluationReport } from '../../../src/cli/render/evaluation-report.js'
import { summariseBeir } from '../../../src/eval/beir-report.js'
import { compareRuns } from '../../../src/eval/compare.js'
import { beirRun, goldenRun, namesOf } from '../../../src/eval/evaluation.js'
import { summarise } from '../../../src/eval/golden-report.js'
import type { MeasuredQuestion } from '../../../src/eval/measured.js'
import { goldenOutcome, goldenQuestion } from '../../eval/questions.js'

const labels = {
  set: 'golden.jsonl',
  startedAt: '2026-11-27T12:00:00.000Z',
  version: '1.2.3',
  embeddingModelId: 'words',
}
const evil = '<script>alert(1)</script><img src="https://example.com/x">'
const right = goldenQuestion({ id: 'right' })
const wrong = goldenQuestion({ id: 'wrong', question: evil })
const unanswerable = goldenQuestion({ id: 'none', kind: 'unanswerable', expected: [], answer: null })

function golden(wrongText: string) {
  const outcomes = [
    goldenOutcome({ question: right, nearest: 0.8 }),
    goldenOutcome({ question: wrong, text: wrongText, found: wrongText === evil ? [] : goldenOutcome().found }),
    goldenOutcome({ question: unanswerable, refused: true, text: null, citations: [], nearest: 0.4 }),
  ]
  const report = summarise(outcomes)
  return { report, run: goldenRun([right, wrong, unanswerable], { outcomes, report }, labels) }
}

const rowsOf = (html: string) => [...html.matchAll(/^<tr><td>(\w+)<\/td>/gm)].map(([, id]) => id)

describe('evaluationReport', () => {
  test('holds figures, plots and a row for each question, the worst first', () => {
    const { report, run } = golden(evil)
    const html = evaluationReport(run, {
      summary: { kind: 'golden', report },
      comparison: null,
      before: null,
      language: 'en',
    })
    expect(rowsOf(html)).toEqual(['wrong', 'none', 'right'])
    for (const title of ['Recall by depth', 'How near the nearest passage is', 'Reliability', 'Latency']) {
      expect(html).toContain(title)
    }
    expect(html).not.toContain('NaN')
    expect(html).not.toContain('undefined')
  })

  test('runs nothing and fetches nothing, whatever a question says', () => {
    const { report, run } = golden(evil)
    const html = evaluationReport(run, {
      summary: { kind: 'golden', report },
      comparison: null,
      before: null,
      language: 'en',
    })
    expect(html).toContain("default-src 'none'; style-src 'sha256-")
    expect(html).not.toContain('<script')
    expect(html).not.toMatch(/<[^>]+ (src|href|style|on\w+)=/)
  })

  test('shows what has changed since another run', () => {
    const before = golden('25 m3/h').run
    const { report, run } = golden(evil)
    const comparison = compareRuns(before, run, namesOf.golden)
    const html = evaluationReport(run, { summary: { kind: 'golden', report }, comparison, before, language: 'zh' })
    expect(html).toContain('<div>page 1 → –</div>')
    expect(html).toContain('<div>正确 → 错误</div>')
    expect(html).toContain('变差: 1, 变好: 0')
    expect(html).toContain('可能是偶然')
  })

  test('leaves out of a retrieval set what only answers have', () => {
    const query = { id: 'q1', text: '泵', judgments: new Map([['p1', 1]]) }
    const measured: MeasuredQuestion[] = [
      {
        ...{ id: 'q1', question: '泵', kind: 'query', nearest: null, said: null, verdict: 'searched' as const },
        ...{ values: { 'fused.recall@10': 1 }, ranks: { bm25: null, fused: 1 }, ms: { bm25: 3, fused: 5 } },
      },
    ]
    const about = { passages: 4, twins: 0, indexBytes: 1, chunks: 5, embedSeconds: 0, indexSeconds: 1 }
    const report = summariseBeir(measured, { ...about, set: 'tiny', embeddingModelId: 'words' })
    const run = beirRun([query], { measured, report }, { ...labels, set: 'tiny' })
    const html = evaluationReport(run, {
      summary: { kind: 'beir', report },
      comparison: null,
      before: null,
      language: 'en',
    })
    expect(html).not.toContain('Reliability')
    expect(html).toContain('<td class="n">–</td>')
    expect(rowsOf(html)).toEqual(['q1'])
  })
})
