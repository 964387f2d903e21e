import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rawRequest } from '../support/raw-request.js'
import { type RunningApp, startApp } from '../support/running-app.js'

let running: RunningApp
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkstone-web-'))
  const webDir = join(folder, 'web')
  mkdirSync(join(webDir, 'assets'), { recursive: true })
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>Inkstone</title>')
  writeFileSync(join(webDir, 'assets', 'chat.js'), 'export {}')
  writeFileSync(join(webDir, 'notes.md'), 'not served')
  writeFileSync(join(webDir, '.hidden.js'), 'not served')
  writeFileSync(join(folder, 'secret.js'), 'secret')
  symlinkSync(join(folder, 'secret.js'), join(webDir, 'link.js'))
  running = await startApp({ webDir })
})
afterEach(async () => {
  await running.close()
  rmSync(folder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) => rawRequest(running.url, path, { headers })

describe('webPage', () => {
  test('serves the page under a strict policy', async () => {
    const { status, headers, text } = await get('/')
    expect({ status, text }).toEqual({ status: 200, text: '<!doctype html><title>Inkstone</title>' })
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    })
  })

  test('serves its files with their types and knows what the browser has', async () => {
    const { status, headers } = await get('/assets/chat.js?v=1')
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/javascript; charset=utf-8' })
    const cached = await get('/assets/chat.js', { 'if-none-match': `"x", W/${headers.etag}` })
    expect(cached).toMatchObject({ status: 304, text: '', headers: { etag: headers.etag } })
    const head = await rawRequest(running.url, '/assets/chat.js', { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, text: '' })
  })

  test.each([
    '/../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/assets/../../secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/..%5csecret.js',
    '/%252e%252e/secret.js',
    '/link.js',
    '/.hidden.js',
    '/notes.md',
    '/assets',
    '/secret.js%00.html',
    '//etc/passwd',
    '/%c0%ae%c0%ae/secret.js',
  ])('does not serve %s', async (path) => {
    const { status, text } = await get(path)
    expect([400, 404]).toContain(status)
    expect(text).not.toContain('secret;')
    expect(text).not.toMatch(/^(secret|not served)/)
  })

  test('says how to build the page while it is missing, and the API works', async () => {
    await running.close()
    running = await startApp({ webDir: join(folder, 'missing') })
    const reply = await get('/')
    expect(reply.status).toBe(404)
    expect(JSON.parse(reply.text)).toMatchObject({
      code: 'not_found',
      remedy: expect.stringContaining('npm run build'),
    })
    expect((await get('/v1/status')).status).toBe(200)
  })
})

describe('securityHeaders', () => {
  test('are on every kind of reply', async () => {
    for (const path of [
      '/v1/status',
      '/v1/nothing',
      '/v1/documents/d',
      '/livez',
      '/openapi.json',
      '/docs',
      '/nothing',
    ]) {
      const { headers } = await get(path)
      expect(headers['x-content-type-options'], path).toBe('nosniff')
      expect(headers['x-frame-options'], path).toBe('DENY')
      expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'/)
      expect(headers['x-request-id'], path).toBeDefined()
    }
    expect((await get('/v1/status')).headers['cache-control']).toBe('no-store')
  })
})

describe('GET /v1/documents/{doc}/content', () => {
  const open = async (sourceUri: string) => {
    async function* bytes() {
      yield Buffer.from(`<script>alert("${sourceUri}")</script>`)
    }
    const slug = `kb${running.service.storedDocuments().length}`
    await running.service.createKnowledgeBase({ slug })
    const { document } = await running.service.submit(slug, { sourceUri, bytes: bytes() })
    return get(`/v1/documents/${document.id}/content`)
  }

  test('never lets a browser run what a user handed in', async () => {
    const { headers } = await open('page.html')
    expect(headers['content-disposition']).toMatch(/^attachment; /)
    expect(headers['content-security-policy']).toContain('sandbox')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('shows text as text and PDF as PDF', async () => {
    const text = await open('manuals/泵"1".txt')
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(text.headers['content-disposition']).toBe(
      `inline; filename="__1_.txt"; filename*=UTF-8''%E6%B3%B5%221%22.txt`,
    )
    expect(text.headers['content-length']).toBe(String(Buffer.byteLength(text.text)))
    const pdf = await open('a.pdf')
    expect(pdf.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': expect.stringMatching(/^inline/),
    })
  })

  test('breaks the connection when the file ends too early, and says so in the log', async () => {
    const { service } = running
    async function* bytes() {
      yield Buffer.from('whole')
    }
    await service.createKnowledgeBase({ slug: 'manuals' })
    const { document } = await service.submit('manuals', { sourceUri: 'a.bin', bytes: bytes() })
    async function* breaking() {
      yield Buffer.from('wh')
      throw new Error('the disk is gone')
    }
    service.openContent = async () => ({ document, bytes: breaking() })
    await expect(get(`/v1/documents/${document.id}/content`)).rejects.toThrow()
    expect(running.lines.find(({ level }) => level === 'error')).toMatchObject({ documentId: document.id })
  })
})

describe('addDocsPage', () => {
  test('serves the page and its files from here, under its own policy', async () => {
    const { headers, text } = await get('/docs')
    expect(headers['content-type']).toMatch(/^text\/html/)
    expect(headers['content-security-policy']).toContain("script-src 'self';")
    expect(text).not.toMatch(/https?:\/\//)
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '')
    expect(files).toHaveLength(4)
    for (const file of files) expect((await get(file)).status, file).toBe(200)
  })

  test('serves nothing else of the package', async () => {
    for (const file of ['package.json', 'index.js', '..%2fpackage.json']) {
      expect((await get(`/docs/${file}`)).status).toBe(404)
    }
  })
})
