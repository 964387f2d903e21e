import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Answer, AnswerEvent, Citation } from '../../src/core/answer.js'
import type { Hit } from '../../src/core/types.js'
import { type Canary, callingHome, startCanary } from '../support/canary.js'
import type { Script } from '../support/scripted-api.js'
import { library, manual } from './library.js'
import { pageVisits } from './page-visits.js'

const visit = pageVisits()
const question = 'canary'
const refused = 'refused'
const state: { canary?: Canary } = {}

beforeAll(async () => {
  state.canary = await startCanary()
})
afterEach(() => {
  state.canary?.requests.splice(0)
})
afterAll(async () => {
  await state.canary?.close()
})

function canary(): Canary {
  if (state.canary === undefined) throw new Error('the canary did not start')
  return state.canary
}

/** A library in which every text that the page shows tries to call home. */
function hostileLibrary(origin: string): (webRoot: string) => Script {
  return (webRoot) => {
    const markup = callingHome(origin)
    const text = markup.join('\n\n')
    const title = markup.filter((each) => !each.includes('\n')).join(' ')
    const document = { ...manual, title, sourceUri: title }
    const chunk = {
      id: 'chk_1',
      knowledgeBaseId: 'kb_1',
      documentId: manual.id,
      revision: 1,
      documentTitle: title,
      index: 0,
      text,
      span: { start: 0, end: text.length },
      page: 1,
      headingPath: [title],
      kind: 'paragraph' as const,
      tableHeader: null,
      tokenCount: 40,
    }
    const hit: Hit = { rank: 1, score: 1, signals: { dense: 1, lexical: 1, fused: 1, rerank: null }, chunk }
    return {
      ...library(webRoot),
      documents: [{ ...document, error: { code: 'internal', message: title }, losses: [] }],
      pages: { [manual.id]: [{ page: 1, span: chunk.span, text }] },
      answers: { [question]: answered(text, hit), [refused]: abstained(text, hit) },
    }
  }
}

const base = (asked: string, hit: Hit) => ({
  id: 'ans_1',
  question: asked,
  searchedFor: `${asked} ${hit.chunk.documentTitle}`,
  hits: [hit],
  usage: { inputTokens: 1, outputTokens: 1 },
  timings: { embedMs: 1, retrieveMs: 1, generateMs: 1, totalMs: 3 },
})

function opening(asked: string, hit: Hit): AnswerEvent[] {
  const { id, searchedFor, hits } = base(asked, hit)
  return [
    { type: 'answer.started', id, question: asked },
    { type: 'retrieval', searchedFor, hits },
  ]
}

function answered(text: string, hit: Hit): AnswerEvent[] {
  const { chunk } = hit
  const citation: Citation = {
    marker: 1,
    documentId: chunk.documentId,
    documentTitle: chunk.documentTitle,
    chunkId: chunk.id,
    page: 1,
    headingPath: chunk.headingPath,
    quote: text,
    sourceSpan: chunk.span,
    answerSpan: { start: 0, end: 1 },
    verified: true,
  }
  const whole = `见[1]。\n\n${text}`
  const made = { text: whole, modelId: 'scripted', citations: [citation], notice: text }
  const how = { finishReason: 'complete', problem: null, inventedMarkers: 0 } as const
  const answer: Answer = { ...base(question, hit), status: 'answered', ...made, ...how }
  return [
    ...opening(question, hit),
    { type: 'notice', code: 'uncited', message: text, problem: null },
    { type: 'delta', text: whole },
    { type: 'citation', citation },
    { type: 'done', answer },
  ]
}

function abstained(text: string, hit: Hit): AnswerEvent[] {
  const why = { reason: 'low_confidence' as const, message: text }
  return [
    ...opening(refused, hit),
    { type: 'refusal', ...why },
    { type: 'done', answer: { ...base(refused, hit), status: 'abstained', ...why } },
  ]
}

describe('a text that tries to call home', () => {
  test('does so in a browser that shows it as it is', async () => {
    const { page, faults } = await visit({ bypassCSP: true })
    await page.setContent(callingHome(canary().origin).join('\n'))
    await expect.poll(() => canary().requests.length, { timeout: 20_000 }).toBeGreaterThan(10)
    // A page that is being taken elsewhere may never say that it is closed; its context goes by force.
    await page.context().close()
    faults.splice(0)
  })

  // The page holds by itself; its content security policy is a second wall.
  test.each([false, true])(
    'reaches nobody from an answer, its sources, the reader and the library (without policy: %s)',
    async (bypassCSP) => {
      const { page, api } = await visit({ bypassCSP, script: hostileLibrary(canary().origin) })
      const box = page.getByRole('textbox', { name: '您的问题' })
      await box.fill(question)
      await box.press('Enter')
      const text = page.locator('.answer-text')
      await text.getByText('<script src=', { exact: false }).first().waitFor()
      const foreign =
        'img, picture, iframe, object, embed, video, audio, link, style, svg, meta, base, form, script, input'
      expect(await text.locator(foreign).count()).toBe(0)
      const links = await page.evaluate(
        `[...document.querySelectorAll('.answer-text a')].map(({ protocol }) => protocol)`,
      )
      expect(new Set(links as string[])).toEqual(new Set(['http:']))

      await page.locator('.answer-text .marker').first().click()
      const reader = page.getByRole('complementary', { name: '来源' })
      await reader.locator('mark').waitFor()
      expect(await reader.locator('.page-text').locator(foreign).count()).toBe(0)
      await page.keyboard.press('Escape')

      await page.getByRole('button', { name: '文档', exact: true }).click()
      await page.getByRole('complementary', { name: '文档' }).getByText('<img', { exact: false }).first().waitFor()
      await page.keyboard.press('Escape')

      await box.fill(refused)
      await box.press('Enter')
      await expect.poll(() => api.requests.filter(({ path }) => path === '/v1/answers').length).toBe(2)
      await page.waitForLoadState('networkidle')
      expect(canary().requests).toEqual([])
    },
  )
})
