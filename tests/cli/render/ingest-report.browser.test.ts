import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ingestReport } from '../../../src/cli/render/ingest-report.js'
import { type FileEvent, fileEvent } from '../../../src/ingest/sync/sync-events.js'
import { launchBrowser } from '../../support/browser.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** The report in a browser, with what the page complained about and asked for. */
async function opened(events: readonly FileEvent[]): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
  const path = join(await temporaryFolder(), 'report.html')
  const options = { paths: ['.'], knowledgeBase: 'pumps', startedAt: new Date(0), seconds: 1, dryRun: false }
  await writeFile(path, ingestReport(events, { ...options, isComplete: true, language: 'en' }))
  const page = await browser.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(pathToFileURL(path).href, { waitUntil: 'domcontentloaded' })
  return { page, complaints, requests }
}

const visibleRows = (page: Page) =>
  page.locator('#files tbody tr').evaluateAll((rows) => rows.filter((row) => row.checkVisibility()).length)
const shownPaths = (page: Page) => page.locator('#files tbody tr:visible td:first-child').allTextContents()

describe('ingestReport', () => {
  test('sorts, filters, runs no script of a file name, and asks for nothing', async () => {
    const evil = '/<img src=x onerror=console.log("ran")><script>console.log("ran")</script>.md'
    const { page, complaints, requests } = await opened([
      fileEvent('/a.md', 'added', { chunks: 9 }),
      fileEvent('/b.md', 'failed', { problem: { code: 'no_text', message: 'it is a scan' } }),
      fileEvent(evil, 'added', { chunks: 10 }),
    ])
    await page.getByRole('button', { name: 'Chunks' }).click()
    expect(await shownPaths(page)).toEqual([evil, '/a.md', '/b.md'])
    await page.getByRole('button', { name: 'File' }).click()
    expect(await shownPaths(page)).toHaveLength(3)
    await page.locator('#reading').selectOption('refused')
    expect(await shownPaths(page)).toEqual(['/b.md'])
    await page.locator('#reading').selectOption('')
    await page.locator('#text').fill('SCAN')
    await expect.poll(() => shownPaths(page)).toEqual(['/b.md'])
    expect(complaints).toEqual([])
    expect(requests).toHaveLength(1)
    await page.close()
  })

  test('shows more rows than a browser lays out quickly when it is asked to, and prints them all', async () => {
    const events = Array.from({ length: 2_100 }, (_, index) => fileEvent(`/${index}.md`, 'added', { chunks: index }))
    const { page } = await opened(events)
    expect(await page.locator('#shown').textContent()).toBe('2100')
    expect(await visibleRows(page)).toBe(2_000)
    await page.emulateMedia({ media: 'print' })
    expect(await visibleRows(page)).toBe(2_100)
    await page.emulateMedia({ media: 'screen' })
    await page.getByRole('button', { name: 'Show more' }).click()
    expect(await visibleRows(page)).toBe(2_100)
    await page.close()
  })
})
