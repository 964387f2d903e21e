import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluationReport } from '../../../src/cli/render/evaluation-report.js'
import { goldenRun } from '../../../src/eval/evaluation.js'
import { summarise } from '../../../src/eval/golden-report.js'
import { goldenOutcome, goldenQuestion } from '../../eval/questions.js'
import { launchBrowser } from '../../support/browser.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const evil = '<img src=x onerror=console.log("ran")><script>console.log("ran")</script>'

describe('evaluationReport', () => {
  test('shows its plots under its own policy, runs no question, and asks for nothing', async () => {
    const questions = [
      goldenQuestion({ question: evil }),
      goldenQuestion({ id: 'q2', kind: 'unanswerable', expected: [], answer: null }),
    ]
    const outcomes = questions.map((question, index) =>
      goldenOutcome({ question, text: evil, nearest: 0.5 + index / 10 }),
    )
    const report = summarise(outcomes)
    const labels = {
      set: 'golden.jsonl',
      startedAt: '2026-11-27T12:00:00.000Z',
      version: '1',
      embeddingModelId: 'words',
    }
    const run = goldenRun(questions, { outcomes, report }, labels)
    const path = join(await temporaryFolder(), 'report.html')
    await writeFile(
      path,
      evaluationReport(run, { summary: { kind: 'golden', report }, comparison: null, before: null, language: 'en' }),
    )
    const page = await browser.newPage()
    const complaints: string[] = []
    const requests: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(path).href)
    expect(await page.getByRole('img').count()).toBe(4)
    const fillOf = (element: string) => page.evaluate(`getComputedStyle(document.querySelector('${element}')).fill`)
    expect(await fillOf('svg rect')).not.toBe(await fillOf('svg text'))
    expect(await page.locator('#questions tbody tr').count()).toBe(2)
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [pathToFileURL(path).href] })
    await page.close()
  })
})
