import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { ServerApp } from './context.js'
import { serveFile } from './static-files.js'

/** Swagger UI sets styles from its script and draws its icons from data: URLs; all its files come from here. */
const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Inkstone API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`

const startScript = `'use strict'
async function load(key) {
  const headers = key ? { authorization: 'Bearer ' + key } : {}
  const reply = await fetch('/openapi.json', { headers })
  if (reply.status === 401) {
    const given = window.prompt('API key of this server')
    return given ? load(given) : null
  }
  return { spec: await reply.json(), key }
}
load('').then((loaded) => {
  if (!loaded) return
  const ui = SwaggerUIBundle({
    spec: loaded.spec,
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    onComplete: () => { if (loaded.key) ui.preauthorizeApiKey('apiKey', loaded.key) },
  })
})
`

const packageFiles: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])

/**
 * The browsable API at `/docs`. The page itself is public (a browser cannot send a key when it opens a page); what it
 * shows comes from `/openapi.json`, for which it asks for the key where one is set.
 */
export function addDocsPage(app: ServerApp): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const headers = { 'content-security-policy': docsPolicy, 'cache-control': 'no-cache' }
  app.get('/docs', (c) => c.html(page, 200, headers))
  app.get('/docs/start.js', (c) => c.body(startScript, 200, { ...headers, 'content-type': 'text/javascript' }))
  app.get('/docs/:file', async (c) => {
    const file = c.req.param('file')
    const reply = packageFiles.has(file)
      ? await serveFile(folder, `/${file}`, { ifNoneMatch: c.req.header('if-none-match'), headers })
      : null
    return reply ?? c.notFound()
  })
}
