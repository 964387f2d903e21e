import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { ScriptedApi } from '../support/scripted-api.js'
import { lockedFile, manual, oilQuote, scan, sealQuote, startQuestion, valveQuote } from './library.js'
import { pageVisits } from './page-visits.js'

const visit = pageVisits()

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
    expect(await page.locator('.answer-text').getByText('灌泵排气').count()).toBe(0)
    expect(await citations.getByText('未核对').count()).toBe(0)

    api.open('rest')
    await page.locator('.answer-text').getByText('灌泵排气').waitFor()
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

  test('sends the earlier questions along where no conversation is kept, and shows notices and what was searched for', async () => {
    const { page, api } = await visit()
    await ask(page, '出口关税是多少')
    await page.getByText('资料中没有提到出口关税。').waitFor()
    await ask(page, '那之后呢')
    await page.getByText('语言模型无法连接').waitFor()
    await page.getByText('检索内容：离心泵启动前检查之后要做什么').waitFor()
    const bodies = answersAsked(api)
    expect(bodies).toEqual([
      { question: '出口关税是多少', conversationId: 'new', knowledgeBaseIds: ['kb_1'] },
      { question: '那之后呢', history: ['出口关税是多少'], knowledgeBaseIds: ['kb_1'] },
    ])
    await page.getByRole('button', { name: '新对话' }).click()
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
  })

  test('keeps what a model had written before it broke off, and says so behind it', async () => {
    const { page } = await visit()
    await ask(page, '多久换油')
    const answer = page.getByRole('region', { name: '回答' })
    await answer.getByText('……语言模型在此中断，回答不完整。').waitFor()
    await answer.getByText('每运行', { exact: true }).waitFor()
    await page.getByText('提示 语言模型中途断开。').waitFor()
  })

  test('asks all knowledge bases, and remembers that', async () => {
    const { page, api } = await visit()
    await page.getByRole('combobox', { name: '知识库' }).selectOption({ label: '全部知识库' })
    await ask(page, '出口关税是多少')
    await page.getByText('资料中没有提到出口关税。').waitFor()
    await page.reload()
    await ask(page, '出口关税是多少')
    await page.getByText('资料中没有提到出口关税。').waitFor()
    const bodies = answersAsked(api)
    expect(bodies).toEqual([
      { question: '出口关税是多少', conversationId: 'new' },
      { question: '出口关税是多少', conversationId: 'new' },
    ])
    await page.getByRole('button', { name: '文档', exact: true }).click()
    await page.getByRole('heading', { name: '“默认知识库”中的文档' }).waitFor()
    // The heading is there before its documents are asked for.
    await expect
      .poll(() => api.requests.at(-1)?.path, { timeout: 20_000 })
      .toContain('/v1/knowledge-bases/default/documents')
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
    await page.getByRole('button', { name: '重新提问' }).last().click()
    await expect.poll(() => answersAsked(api).length).toBe(3)
    expect(answersAsked(api).at(-1)).toEqual({ question: '出错', conversationId: 'new', knowledgeBaseIds: ['kb_1'] })
    expect(await page.getByRole('article').count()).toBe(2)
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

  test('shows a file that failed once, where it can be tried again and deleted', async () => {
    const { page, api } = await visit()
    api.open('upload')
    await page.getByRole('button', { name: '文档', exact: true }).click()
    await page
      .locator('input[type=file]')
      .setInputFiles([{ name: 'locked.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') }])
    const added = page.getByRole('region', { name: '刚刚添加' })
    await added.getByText('文件设有密码。').waitFor()
    const everywhere = page.getByRole('complementary', { name: '文档' }).getByText('locked.pdf', { exact: true })
    expect(await everywhere.count()).toBe(1)
    await added.getByRole('button', { name: '重新处理 locked.pdf' }).click()
    await added.getByText('文件设有密码。').waitFor()
    expect(await added.getByRole('listitem').count()).toBe(1)
    await added.getByRole('button', { name: '删除 locked.pdf' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await added.waitFor({ state: 'detached' })
    expect(await everywhere.count()).toBe(0)
    expect(api.requests.filter((request) => request.method === 'DELETE')).toHaveLength(1)
  })

  test('takes it as done when somebody else has deleted the document', async () => {
    const { page, api } = await visit()
    await page.getByRole('button', { name: '文档', exact: true }).click()
    await page.getByRole('button', { name: `删除 ${manual.title}` }).waitFor()
    await fetch(`${api.origin}/v1/documents/${manual.id}`, { method: 'DELETE' })
    await page.getByRole('button', { name: `删除 ${manual.title}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await page.getByRole('button', { name: `阅读 ${manual.title}` }).waitFor({ state: 'detached' })
    expect(await page.getByText('这份文档已不存在。').count()).toBe(0)
  })

  test('says of a document that was read in part what is missing', async () => {
    const { page } = await visit()
    await page.getByRole('button', { name: '文档', exact: true }).click()
    const row = page.getByRole('listitem').filter({ hasText: scan.title })
    await row.getByText('部分可检索').waitFor()
    expect(await row.getByText('2 个表格 · 文字识别 7 处', { exact: false }).count()).toBe(1)
    const reason = row.getByText('1 页（第 5 页）: no text was recognised in it', { exact: false })
    expect(await reason.isVisible()).toBe(false)
    await row.getByText('未能读取：1 处').click()
    await reason.waitFor()
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

  test('comes up by itself when the server was away at first', async () => {
    const { page } = await visit()
    await page.route('**/v1/knowledge-bases', (route) => route.abort())
    await page.reload()
    await page.getByText('无法连接服务器。').waitFor()
    await page.unroute('**/v1/knowledge-bases')
    await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
    expect(await page.getByText('无法连接服务器。').count()).toBe(0)
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

function answersAsked(api: ScriptedApi): unknown[] {
  return api.requests.filter((request) => request.path === '/v1/answers').map((it) => JSON.parse(it.body))
}

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
