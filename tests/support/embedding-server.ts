import { setMaxListeners } from 'node:events'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { localServer } from './local-server.js'
import { wordEmbedder } from './word-embedder.js'

export interface EmbeddingServer {
  /** To be used as `embedBaseUrl`. */
  url: string
  /** From now on replies wait, but for the question after the dimensions that each opening asks. */
  hold(): void
  release(): void
}

/** An OpenAI-compatible `/embeddings` without a model. It ends with the running test. */
export async function embeddingServer(): Promise<EmbeddingServer> {
  const { embed } = wordEmbedder()
  let released = new AbortController()
  released.abort()
  const server = await localServer(async (request, response) => {
    const { input } = JSON.parse(await text(request))
    const inputs: string[] = [input].flat()
    const vectors = await embed(inputs, { task: 'document' })
    const data = vectors.map((vector, index) => ({ index, embedding: [...vector] }))
    const reply = () => response.end(JSON.stringify({ data }))
    if (released.signal.aborted || inputs[0] === 'inkstone') reply()
    else released.signal.addEventListener('abort', reply)
  })
  onTestFinished(() => server.close())
  return {
    url: `${server.url}/v1`,
    hold: () => {
      released = new AbortController()
      setMaxListeners(0, released.signal)
    },
    release: () => released.abort(),
  }
}
