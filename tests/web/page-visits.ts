import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser } from '../support/browser.js'
import { type Script, type ScriptedApi, startScriptedApi } from '../support/scripted-api.js'
import { library } from './library.js'

export interface Visit {
  page: Page
  api: ScriptedApi
  /** Violations of the content security policy, requests to other origins, and errors of the page. */
  faults: string[]
  close(): Promise<void>
}

type VisitOptions = BrowserContextOptions & {
  apiKey?: string
  /** What the server plays in place of the library. */
  script?: (webRoot: string) => Script
}

/**
 * Builds the page and starts a browser for the tests of a file. Returns how to open the page before a scripted server;
 * after each test what was opened is closed, and any fault fails the test.
 */
export function pageVisits(): (options?: VisitOptions) => Promise<Visit> {
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

  async function visit(options: VisitOptions = {}): Promise<Visit> {
    const { apiKey, script = library, ...contextOptions } = options
    if (shared.browser === undefined || shared.webRoot === undefined) throw new Error('the browser did not start')
    const api = await startScriptedApi({ ...script(shared.webRoot), ...(apiKey === undefined ? {} : { apiKey }) })
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

  return visit
}
