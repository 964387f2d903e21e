import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.js'
import { type ScriptedApi, startScriptedApi } from '../support/scripted-api.js'
import { library, lockedFile, manual, oilQuote, sealQuote, startQuestion, valveQuote } from './library.js'

interface Visit {
  page: Page
  api: ScriptedApi
  /** Violations of the content security policy, requests to other origins, and errors of the page. */
  faults: string[]
  close(): Promise<void>
}

const shared: { browser?: Browser; webRoot?: string } = {}
const visits: Visit[] = []

beforeAll(async () => {
  shared.webRoot = await mkdtemp(join(tmpdir(), 'inkstone-web-'))
  await promisify(execFile)(process.execPath, ['scripts/build-web.mjs', '--out', shared.webRoot])
  shared.browser = await launchBrowser()
})

afterEach(async () => {
  for (const visit of visits.splice(0)) {
    await visit.close()
    expect(visit.faults).toEqual([])
  }
})

afterAll(async () => {
  await shared.browser?.close()
  if (shared.webRoot !== undefined) await rm(shared.webRoot, { recursive: true })
})

async function visit(options: BrowserContextOptions & { apiKey?: string } = {}): Promise<Visit> {
  const { apiKey, ...contextOptions } = options
  if (shared.browser === undefined || shared.webRoot === undefined) throw new Error('the browser did not start')
  const api = await startScriptedApi({ ...library(shared.webRoot), ...(apiKey === undefined ? {} : { apiKey }) })
  const context = await shared.browser.newContext({ locale: 'zh-CN', ...contextOptions })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|CSPViolation/.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== api.origin && protocol.startsWith('http')) faults.push(request.url())
  })
  const visited: Visit = {
    page,
    api,
    faults,
    close: async () => {
      await context.close()
      await api.close()
    },
  }
  visits.push(visited)
  await page.goto(api.origin)
  return visited
}

const question = (page: Page) => page.getByRole('textbox', { name: '您的问题' })

async function ask(page: Page, text: string): Promise<void> {
  await question(page).fill(text)
  await question(page).press('Enter')
}

describe('asking', () => {
  test('shows sources before there is text, and opens the quote on its page from a marker', async () => {
    const { page, api } = await visit()
    await ask(page, startQuestion)
    await page.getByRole('heading', { name: '4 处来源' }).waitFor()
    expect(await page.locator('.answer-text').count()).toBe(0)

    api.open('text')
    await page.locator('.answer-text').getByText('检查轴承箱油位').waitFor()
    expect(await page.getByRole('region', { name: '引用', exact: true }).count()).toBe(0)

    api.open('citations')
    const citations = page.getByRole('region', { name: '引用', exact: true })
    await citations.getByText('已核对').waitFor()
    await citations.getByText('未核对').waitFor()

    const marker = page.locator('.answer-text').getByRole('button', { name: `来源 1：${manual.title}` })
    await marker.click()
    const reader = page.getByRole('complementary', { name: '来源' })
    const mark = reader.locator('mark')
    expect(await mark.textContent()).toBe(oilQuote)
    await expect.poll(() => isInView(page), { timeout: 10_000 }).toBe(true)
    expect(await reader.getByText('第 2 页，共 3 页').count()).toBe(1)
    expect(await reader.getByRole('link', { name: '原始文件' }).getAttribute('href')).toBe(
      `/v1/documents/${manual.id}/content#page=2`,
    )

    await page.keyboard.press('Escape')
    await reader.waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe(`来源 1：${manual.title}`)
  })

  test('turns to the neighbouring pages of a source', async () => {
    const { page } = await visit()
    await ask(page, '出口关税是多少')
    await page
      .getByRole('button', { name: `打开《${manual.title}》中的段落` })
      .nth(1)
      .click()
    const reader = page.getByRole('complementary', { name: '来源' })
    expect(await reader.locator('mark').textContent()).toBe(valveQuote)
    await reader.getByRole('button', { name: '下一页' }).click()
    await reader.getByText(sealQuote).waitFor()
    expect(await reader.getByRole('button', { name: '下一页' }).isDisabled()).toBe(true)
    expect(await reader.locator('mark').count()).toBe(0)
  })

  test('says honestly when the documents carry no answer, with the nearest passages', async () => {
    const { page } = await visit()
    await ask(page, '出口关税是多少')
    await page.getByText('现有文档不足以回答这个问题', { exact: true }).first().waitFor()
    await page.getByText('资料中没有提到出口关税。').waitFor()
    await page.getByRole('region', { name: '最接近的段落' }).getByText(oilQuote).waitFor()
    expect(await page.locator('.answer-text').count()).toBe(0)
  })

  test('sends the earlier questions along and shows notices and what was searched for', async () => {
    const { page, api } = await visit()
    await ask(page, '出口关税是多少')
    await page.getByText('资料中没有提到出口关税。').waitFor()
    await ask(page, '那之后呢')
    await page.getByText('语言模型无法连接').waitFor()
    await page.getByText('检索内容：离心泵启动前检查之后要做什么').waitFor()
    const bodies = api.requests.filter((request) => request.path === '/v1/answers').map((it) => JSON.parse(it.body))
    expect(bodies).toEqual([
      { question: '出口关税是多少', history: [], knowledgeBaseIds: ['kb_1'] },
      { question: '那之后呢', history: ['出口关税是多少'], knowledgeBaseIds: ['kb_1'] },
    ])
    await page.getByRole('button', { name: '新对话' }).click()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
  })

  test('stops an answer and keeps what has arrived', async () => {
    const { page } = await visit()
    await ask(page, '慢')
    await page.locator('.answer-text').getByText('正在').waitFor()
    await page.getByRole('button', { name: '停止' }).click()
    await page.getByText('您停止了这次回答。', { exact: true }).first().waitFor()
    expect(await page.locator('.answer-text').textContent()).toBe('正在')
    expect(await page.getByRole('button', { name: '提问', exact: true }).count()).toBe(1)
  })

  test('tells of a broken connection and of an error in the stream', async () => {
    const { page, api } = await visit()
    await ask(page, '断线')
    await page.getByText('说到一半').waitFor()
    api.open('cut')
    await page.getByRole('alert').waitFor()
    await ask(page, '出错')
    await page.getByText('模型返回了错误').waitFor()
    await page.getByRole('button', { name: '重新提问' }).last().waitFor()
  })

  test('lets an input method use Enter, sends on Enter alone and breaks the line on Shift + Enter', async () => {
    const { page, api } = await visit()
    await question(page).fill('li xin')
    for (const init of ['isComposing: true', 'keyCode: 229']) {
      const leftAlone = await page.evaluate(
        `document.querySelector('#question').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ${init} }))`,
      )
      expect(leftAlone).toBe(true)
    }
    await question(page).press('Shift+Enter')
    expect(await question(page).inputValue()).toBe('li xin\n')
    expect(api.requests.filter((request) => request.path === '/v1/answers')).toEqual([])
    await ask(page, '出口关税是多少')
    await page.getByText('资料中没有提到出口关税。').waitFor()
  })

  test('shows a hostile answer as text: nothing runs, nothing is loaded', async () => {
    const { page } = await visit()
    await ask(page, 'hostile')
    const answer = page.locator('.answer-text')
    await answer.getByText('<script>').waitFor()
    expect(await answer.locator('script, img, iframe, a').count()).toBe(0)
    expect(await page.title()).toBe('砚')
  })
})

describe('documents', () => {
  test('takes a file dropped anywhere, with progress to the end', async () => {
    const { page, api } = await visit()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    await drop(page, '说明书.pdf', 24_000_000)
    const transfer = page.getByRole('region', { name: '刚刚添加' }).getByRole('listitem').first()
    await transfer.getByText(/正在上传 \d\d?%/).waitFor()
    expect(await transfer.getByRole('progressbar').count()).toBe(1)
    api.open('upload')
    await transfer.getByText('正在解析 40%').waitFor()
    api.open('embed')
    await transfer.getByText('正在向量化 50%').waitFor()
    api.open('finish')
    await transfer.getByText('可以检索').waitFor()
    await page.getByRole('button', { name: '阅读 说明书.pdf' }).waitFor()
  })

  test('tells why a file failed and what to do, and lists several files that were picked', async () => {
    const { page, api } = await visit()
    api.open('upload')
    await page.getByRole('button', { name: '文档', exact: true }).click()
    await page.locator('input[type=file]').setInputFiles([
      { name: 'locked.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') },
      { name: 'plain.txt', mimeType: 'text/plain', buffer: Buffer.from('y') },
    ])
    const added = page.getByRole('region', { name: '刚刚添加' })
    await added.getByText('文件设有密码。').waitFor()
    await added.getByText('请另存一份不带密码的副本再添加。').waitFor()
    await added.getByText('可以检索').waitFor()
  })

  test('deletes a document only after asking, and queues a failed one again', async () => {
    const { page, api } = await visit()
    await page.getByRole('button', { name: '文档', exact: true }).click()
    await page.getByRole('button', { name: `删除 ${manual.title}` }).click()
    const dialog = page.getByRole('dialog', { name: '删除这份文档？' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: `删除 ${manual.title}` }).click()
    await dialog.getByRole('button', { name: '删除' }).click()
    await page.getByRole('button', { name: `阅读 ${manual.title}` }).waitFor({ state: 'detached' })
    expect(api.requests.filter((request) => request.method === 'DELETE').map((request) => request.path)).toEqual([
      `/v1/documents/${manual.id}`,
    ])
    await page.getByRole('button', { name: `重新处理 ${lockedFile.title}` }).click()
    await page.getByRole('region', { name: '刚刚添加' }).getByText('可以检索').waitFor()
  })
})

describe('page', () => {
  test('switches the language and remembers it', async () => {
    const { page } = await visit()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('en')
    await page.reload()
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
  })

  test('starts in the language of the browser', async () => {
    const { page } = await visit({ locale: 'en-GB' })
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
  })

  test('asks for an API key when the server wants one, and keeps it for the session', async () => {
    const { page, api } = await visit({ apiKey: 'right' })
    const dialog = page.getByRole('dialog', { name: '需要 API 密钥' })
    await dialog.getByLabel('API 密钥').fill('wrong')
    await dialog.getByRole('button', { name: '继续' }).click()
    await dialog.getByText('服务器没有接受这个密钥。').waitFor()
    await dialog.getByLabel('API 密钥').fill('right')
    await dialog.getByRole('button', { name: '继续' }).click()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    const asked = api.requests.filter((request) => request.path === '/v1/knowledge-bases')
    expect(asked.at(-1)?.authorization).toBe('Bearer right')
  })

  test.each([360, 1280])('does not scroll sideways at a width of %i px', async (width) => {
    const { page } = await visit({ viewport: { width, height: 740 } })
    await ask(page, '出口关税是多少')
    await page.getByText('资料中没有提到出口关税。').waitFor()
    const fits = () => page.evaluate('document.documentElement.scrollWidth <= innerWidth')
    expect(await fits()).toBe(true)
    await page.getByRole('button', { name: '文档', exact: true }).click()
    await page.getByText('文件设有密码。').waitFor()
    expect(await fits()).toBe(true)
  })
})

function isInView(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const mark = document.querySelector('mark').getBoundingClientRect()
    const frame = document.querySelector('.page-text').getBoundingClientRect()
    return document.querySelector('.page-text').scrollTop > 0 && mark.top >= frame.top && mark.bottom <= frame.bottom
  })()`)
}

async function drop(page: Page, name: string, sizeBytes: number): Promise<void> {
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([new Uint8Array(${sizeBytes})], ${JSON.stringify(name)}, { type: 'application/pdf' }))
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.querySelector('main').dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }
  })()`)
}
