import { createRoute, z } from '@hono/zod-openapi'
import { documentParameter } from '../../api/document.js'
import type { Logger } from '../../core/ports.js'
import type { InkstoneService } from '../../core/service.js'
import { contentDisposition } from '../content-disposition.js'
import type { ServerApp } from '../context.js'
import { problem, usualProblems } from '../openapi.js'
import { dataPolicy } from '../security-headers.js'

/** What a browser may show in place of saving it; everything else could bring script or markup of its own. */
const shownTypes: ReadonlySet<string> = new Set(['application/pdf', 'text/plain', 'text/markdown', 'text/csv'])

const getContent = createRoute({
  method: 'get',
  path: '/v1/documents/{doc}/content',
  tags: ['Documents'],
  summary: 'The original file',
  request: { params: z.object({ doc: documentParameter }) },
  responses: {
    200: {
      description: 'The bytes as they were handed in.',
      headers: {
        'Content-Disposition': { schema: { type: 'string' as const }, description: 'The file name, RFC 6266.' },
      },
      content: { 'application/octet-stream': { schema: { contentMediaType: 'application/octet-stream' } } },
    },
    ...usualProblems,
    404: problem('There is no such document.'),
  },
})

/** Registers the download of original files. */
export function addContentRoute(app: ServerApp, service: InkstoneService, log: Logger): void {
  app.openapi(getContent, async (c) => {
    const { document, bytes } = await service.openContent(c.req.valid('param').doc)
    const isShown = shownTypes.has(document.mediaType)
    const isText = document.mediaType.startsWith('text/')
    const requestId = c.get('requestId')
    const onFailure = (thrown: unknown) => {
      log.error({ requestId, documentId: document.id, err: thrown }, 'a file could not be read to its end')
      // The length is already promised: only breaking the connection tells the client that the rest is missing.
      c.env?.outgoing?.destroy()
    }
    return new Response(ReadableStream.from(reported(bytes, onFailure)), {
      headers: {
        'content-type': isText ? 'text/plain; charset=utf-8' : safeMediaType(document.mediaType),
        'content-length': String(document.sizeBytes),
        'content-disposition': contentDisposition(isShown ? 'inline' : 'attachment', document.sourceUri),
        'content-security-policy': `${dataPolicy}; sandbox`,
      },
    })
  })
}

async function* reported(bytes: AsyncIterable<Uint8Array>, onFailure: (thrown: unknown) => void) {
  try {
    yield* bytes
  } catch (thrown) {
    onFailure(thrown)
  }
}

function safeMediaType(mediaType: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream'
}
