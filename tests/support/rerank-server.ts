import type { IncomingHttpHeaders } from 'node:http'
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import { type LocalServer, localServer } from './local-server.js'

/** How a server answers once, in place of what it would. */
export interface ScriptedReply {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Closes the connection without an answer. */
  breaks?: boolean
  /** Never answers. */
  hangs?: boolean
}

const bodySchema = z.object({
  model: z.string().optional(),
  query: z.string(),
  documents: z.array(z.string()).optional(),
  texts: z.array(z.string()).optional(),
  top_n: z.int().optional(),
})

interface Received {
  url: string | undefined
  headers: IncomingHttpHeaders
  body: z.infer<typeof bodySchema>
}

export interface RerankServer extends LocalServer {
  received: Received[]
  /** Requests whose connection went before they were answered. */
  aborted: () => number
}

/**
 * A `/rerank` without a model: a text scores by the share of the query's words that it holds. It first answers as
 * scripted and then properly, best first, as Cohere does, or as TEI, which takes `texts` only.
 */
export async function rerankServer(
  scripted: ScriptedReply[] = [],
  { dialect = 'cohere', score = (share: number) => share }: RerankServerOptions = {},
): Promise<RerankServer> {
  const received: Received[] = []
  let aborted = 0
  const server = await localServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) aborted += 1
    })
    const body = bodySchema.parse(await json(request))
    received.push({ url: request.url, headers: request.headers, body })
    const script = scripted.shift()
    if (script?.breaks) return request.socket.destroy()
    if (script?.hangs) return undefined
    const texts = dialect === 'tei' ? body.texts : body.documents
    const known = texts === undefined ? { status: 422, body: 'missing field' } : undefined
    const words = body.query.split(' ')
    const results = (texts ?? [])
      .map((text, index) => ({
        index,
        value: score(words.filter((word) => text.includes(word)).length / words.length),
      }))
      .sort((a, b) => b.value - a.value)
    const reply =
      dialect === 'tei'
        ? results.map(({ index, value }) => ({ index, score: value }))
        : { id: 'r', results: results.map(({ index, value }) => ({ index, relevance_score: value })) }
    const sent = script?.body ?? known?.body ?? reply
    response.writeHead(script?.status ?? known?.status ?? 200, {
      'content-type': 'application/json',
      ...script?.headers,
    })
    return response.end(typeof sent === 'string' ? sent : JSON.stringify(sent))
  })
  return { ...server, received, aborted: () => aborted }
}

interface RerankServerOptions {
  dialect?: 'cohere' | 'tei'
  /** What the server makes of the share of words. */
  score?: (share: number) => number
}
