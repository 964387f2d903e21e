import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { ScriptedApi } from '../support/scripted-api.js'
import { library } from './library.js'
import { pageVisits } from './page-visits.js'

const visit = pageVisits()

async function ask(page: Page): Promise<void> {
  const question = page.getByRole('textbox', { name: '您的问题' })
  await question.fill('出口关税是多少')
  await question.press('Enter')
}

function ratings(api: ScriptedApi): unknown[] {
  return api.requests.filter(({ method }) => method === 'PUT').map(({ path, body }) => [path, JSON.parse(body)])
}

const path = '/v1/answers/ans_1/feedback'

describe('Feedback', () => {
  test('keeps at once whether an answer helped, then why and what it should have been', async () => {
    const { page, api } = await visit({ script: (webRoot) => ({ ...library(webRoot), keptAnswers: ['ans_1'] }) })
    await ask(page)
    const feedback = page.getByRole('region', { name: '评价这个回答' })
    const down = feedback.getByRole('button', { name: '没有帮助' })
    expect(await down.getAttribute('aria-pressed')).toBe('false')
    await down.click()
    await feedback.getByRole('status').getByText('已记录，谢谢。').waitFor()
    expect(await down.getAttribute('aria-pressed')).toBe('true')
    expect(ratings(api)).toEqual([[path, { rating: 'down' }]])

    await feedback.getByLabel('原因（可不填）').fill('  旧版手册 ')
    await feedback.getByLabel('正确的回答（可不填）').fill('百分之五')
    await feedback.getByRole('button', { name: '提交' }).click()
    await expect
      .poll(() => ratings(api), { timeout: 20_000 })
      .toEqual([
        [path, { rating: 'down' }],
        [path, { rating: 'down', reason: '旧版手册', correctedAnswer: '百分之五' }],
      ])
    await feedback.getByLabel('原因（可不填）').waitFor({ state: 'detached' })

    await feedback.getByRole('button', { name: '有帮助', exact: true }).click()
    await feedback.getByLabel('原因（可不填）').waitFor()
    expect(await feedback.getByLabel('正确的回答（可不填）').count()).toBe(0)
    expect(await down.getAttribute('aria-pressed')).toBe('false')
    await expect.poll(() => ratings(api).at(-1), { timeout: 20_000 }).toEqual([path, { rating: 'up' }])
  })

  test('says so when the server has not kept the answer', async () => {
    const { page } = await visit()
    await ask(page)
    await page.getByRole('button', { name: '有帮助', exact: true }).click()
    await page.getByText('服务器没有保存这个回答。').waitFor()
    expect(await page.getByText('已记录，谢谢。').count()).toBe(0)
  })

  test('asks about nothing that did not come to its end', async () => {
    const { page } = await visit()
    const question = page.getByRole('textbox', { name: '您的问题' })
    await question.fill('慢')
    await question.press('Enter')
    await page.locator('.answer-text').getByText('正在').waitFor()
    expect(await page.getByRole('region', { name: '评价这个回答' }).count()).toBe(0)
    await page.getByRole('button', { name: '停止' }).click()
    await page.getByText('您停止了这次回答。').first().waitFor()
    expect(await page.getByRole('region', { name: '评价这个回答' }).count()).toBe(0)
  })
})
