import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { newAnswerRecord } from '../support/answer-records.js'
import { keptConversation } from '../support/kept-conversations.js'
import type { Script } from '../support/scripted-api.js'
import { library } from './library.js'
import { pageVisits } from './page-visits.js'

const visit = pageVisits()

const { trace: _, ...record } = newAnswerRecord('ans_1', { conversationId: 'cnv_1' })
const seals = { ...keptConversation('cnv_1', [{ ...record, position: 1, feedback: null }]), title: '密封更换' }
const pumps = { ...keptConversation('cnv_2'), title: '泵的选型', knowledgeBaseIds: ['kb_1'] }
const keeping = (webRoot: string): Script => ({ ...library(webRoot), conversations: [seals, pumps] })

const refused = '出口关税是多少'

async function ask(page: Page, text: string): Promise<void> {
  const question = page.getByRole('textbox', { name: '您的问题' })
  await question.fill(text)
  await question.press('Enter')
}

async function openPanel(page: Page) {
  await page.getByRole('button', { name: '对话记录' }).click()
  const panel = page.getByRole('complementary', { name: '对话记录' })
  await panel.getByRole('button', { name: '密封更换', exact: true }).waitFor()
  return panel
}

describe('conversations', () => {
  test('begin with the first question, and are there again after a reload', async () => {
    const { page, api } = await visit({ script: keeping })
    await ask(page, refused)
    await page.getByText('资料中没有提到出口关税。').waitFor()
    await expect.poll(() => page.url()).toContain('?conversation=cnv_3')
    await ask(page, refused)
    await expect.poll(() => page.getByText('资料中没有提到出口关税。').count()).toBe(2)
    const bodies = api.requests.filter(({ path }) => path === '/v1/answers').map(({ body }) => JSON.parse(body))
    expect(bodies).toEqual([
      { question: refused, conversationId: 'new', knowledgeBaseIds: ['kb_1'] },
      { question: refused, conversationId: 'cnv_3' },
    ])
    await page.reload()
    await expect.poll(() => page.getByText('资料中没有提到出口关税。').count()).toBe(2)
    const panel = await openPanel(page)
    expect(await panel.getByRole('button', { name: refused, exact: true }).getAttribute('aria-current')).toBe('true')
  })

  test('are opened from the panel, and left by the way back of the browser', async () => {
    const { page } = await visit({ script: keeping })
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    const panel = await openPanel(page)
    await panel.getByRole('button', { name: '密封更换', exact: true }).click()
    await page.locator('.answer-text').getByText('每运行两千小时更换一次。').waitFor()
    expect(page.url()).toContain('?conversation=cnv_1')
    await page.goBack()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    expect(page.url()).not.toContain('conversation')
    await page.goForward()
    await page.locator('.answer-text').getByText('每运行两千小时更换一次。').waitFor()
    await panel.getByRole('button', { name: '新对话' }).click()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
  })

  test('are renamed and deleted after asking, the open one too', async () => {
    const { page, api } = await visit({ script: keeping })
    const panel = await openPanel(page)
    await panel.getByRole('button', { name: '密封更换', exact: true }).click()
    await page.locator('.answer-text').getByText('每运行两千小时更换一次。').waitFor()
    await panel.getByRole('button', { name: '重命名 密封更换' }).click()
    const dialog = page.getByRole('dialog', { name: '重命名这个对话' })
    await dialog.getByLabel('标题').fill('机械密封')
    await page.keyboard.press('Enter')
    await panel.getByRole('button', { name: '机械密封', exact: true }).waitFor()
    await panel.getByRole('button', { name: '删除 机械密封' }).click()
    await page.keyboard.press('Escape')
    await panel.getByRole('button', { name: '删除 机械密封' }).click()
    await page.getByRole('dialog', { name: '删除这个对话？' }).getByRole('button', { name: '删除' }).click()
    await panel.getByRole('button', { name: '机械密封', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    const changes = api.requests.filter(({ method }) => method === 'PATCH' || method === 'DELETE')
    expect(changes.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PATCH', '/v1/conversations/cnv_1', '{"title":"机械密封"}'],
      ['DELETE', '/v1/conversations/cnv_1', ''],
    ])
  })

  test('are saved as a file named after them', async () => {
    const { page } = await visit({ script: keeping })
    const panel = await openPanel(page)
    const saving = page.waitForEvent('download')
    await panel.getByRole('button', { name: '将 密封更换 导出为 Markdown' }).click()
    const file = await saving
    expect(file.suggestedFilename()).toBe('密封更换.md')
    expect(await readFile(await file.path(), 'utf8')).toBe('# 密封更换\n')
  })

  test('that are gone are told of, and a new one can begin', async () => {
    const { page, api } = await visit({ script: keeping })
    await page.goto(`${api.origin}/?conversation=cnv_9`)
    await page.getByText('这个对话已不存在。').waitFor()
    expect(page.url()).not.toContain('cnv_9')
    await ask(page, refused)
    await page.getByText('资料中没有提到出口关税。').waitFor()
    expect(await page.getByText('这个对话已不存在。').count()).toBe(0)
  })

  test('are reached by keyboard, and the focus goes back to what opened the panel', async () => {
    const { page } = await visit({ script: keeping })
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    await page.getByRole('button', { name: '对话记录' }).focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('complementary', { name: '对话记录' })
    await panel.getByRole('button', { name: '密封更换', exact: true }).waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('对话记录')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H2')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.id')).toBe('conversations-button')
  })

  test('give way to the one that was chosen where there is no room for both', async () => {
    const { page } = await visit({ script: keeping, viewport: { width: 360, height: 740 } })
    const panel = await openPanel(page)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await panel.getByRole('button', { name: '密封更换', exact: true }).click()
    await panel.waitFor({ state: 'detached' })
    await page.locator('.answer-text').getByText('每运行两千小时更换一次。').waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('question')
  })
})
