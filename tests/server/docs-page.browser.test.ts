import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.js'
import { startApp } from '../support/running-app.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** Opens the page and sends one request from it. */
async function tryStatus(apiKey?: string) {
  const running = await startApp(apiKey === undefined ? {} : { apiKey })
  const page = await browser.newPage()
  const requested: string[] = []
  const violations: string[] = []
  page.on('request', (request) => requested.push(request.url()))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  page.on('dialog', (dialog) => void dialog.accept(apiKey ?? ''))
  try {
    await page.goto(`${running.url}/docs`)
    const operation = page.locator('#operations-Service-get_v1_status')
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.try-out__btn').click()
    await operation.locator('.execute').click()
    const shown = await operation.locator('.live-responses-table').textContent()
    const foreign = requested.filter((url) => !url.startsWith(running.url) && !url.startsWith('data:'))
    return { shown, foreign, violations }
  } finally {
    await page.close()
    await running.close()
  }
}

describe('the page at /docs', () => {
  test('tries requests and loads nothing from elsewhere', async () => {
    const { shown, foreign, violations } = await tryStatus()
    expect(shown).toContain('"scripted-embedder"')
    expect({ foreign, violations }).toEqual({ foreign: [], violations: [] })
  })

  test('asks for the key where the server has one and sends it', async () => {
    expect((await tryStatus('a-key-of-sixteen-letters')).shown).toContain('"scripted-embedder"')
  })
})
