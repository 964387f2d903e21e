import { describe, expect, test } from 'vitest'
import type { Answer, Step } from '../../src/core/answer.js'
import type { AnswerStep, Script } from '../support/scripted-api.js'
import { library } from './library.js'
import { pageVisits } from './page-visits.js'

const visit = pageVisits()

const asked = '三号线的泵用什么油？'
const place = { documentId: 'doc_manual', documentTitle: '油品表', page: 7 }
const usage = { inputTokens: 900, outputTokens: 100 }
const steps: Step[] = [
  { kind: 'plan', subQuestions: ['三号线是哪台泵？'], understood: true, ms: 1200, usage },
  {
    kind: 'search',
    subQuestion: '三号线是哪台泵？',
    found: [place],
    ms: 30,
    usage: { inputTokens: 0, outputTokens: 0 },
  },
  {
    kind: 'read',
    subQuestion: '三号线是哪台泵？',
    notes: [{ ...place, text: '<b>型号</b>' }],
    understood: true,
    ms: 2000,
    usage,
  },
  { kind: 'decide', enough: true, subQuestions: [], understood: true, ms: 800, usage },
]
const answer: Answer = {
  id: 'ans_1',
  question: asked,
  searchedFor: asked,
  hits: [],
  usage,
  timings: { embedMs: 1, retrieveMs: 1, deepMs: 4030, generateMs: 1, totalMs: 4033 },
  steps,
  status: 'answered',
  text: '用 L-HM46。',
  modelId: 'qwen',
  citations: [],
  finishReason: 'complete',
  notice: null,
  problem: null,
  inventedMarkers: 0,
}
const events: AnswerStep[] = [
  { type: 'answer.started', id: 'ans_1', question: asked },
  ...steps.slice(0, 3).map((step): AnswerStep => ({ type: 'step', step })),
  { gate: 'decision' },
  ...steps.slice(3).map((step): AnswerStep => ({ type: 'step', step })),
  { type: 'retrieval', searchedFor: asked, hits: [] },
  { type: 'delta', text: '用 L-HM46。' },
  { type: 'done', answer },
]
const script = (webRoot: string): Script => ({ ...library(webRoot), answers: { [asked]: events } })

describe('the deep switch', () => {
  test('asks for a deep answer, shows its steps as they are taken, and folds them up in the end', async () => {
    const { page, api } = await visit({ script })
    await page.getByLabel('深入查找').check()
    const question = page.getByRole('textbox', { name: '您的问题' })
    await question.fill(asked)
    await question.press('Enter')
    const list = page.locator('details.steps')
    await list.getByText('<b>型号</b> (油品表, 第 7 页)').waitFor()
    expect(await list.getAttribute('open')).not.toBeNull()
    expect(await list.locator('summary').textContent()).toBe('查找过程：3 步')
    await page.locator('.waiting').getByText('正在逐步查找…').waitFor()

    api.open('decision')
    await page.locator('.answer-text').getByText('用 L-HM46。').waitFor()
    await list.getByText('查找过程：4 步').waitFor()
    expect(await list.getAttribute('open')).toBeNull()
    await list.locator('summary').click()
    await list.getByText('资料已足够。').waitFor()
    const bodies = api.requests.filter(({ path }) => path === '/v1/answers').map(({ body }) => JSON.parse(body))
    expect(bodies).toEqual([{ question: asked, conversationId: 'new', mode: 'deep', knowledgeBaseIds: ['kb_1'] }])
  })
})
