import { createHash } from 'node:crypto'
import { z } from 'zod'
import { InkstoneError } from '../core/errors.js'
import type { Embedder } from '../core/ports.js'
import { type EmbeddingsEndpoint, embeddingsEndpoint } from './embeddings-endpoint.js'
import { normalise } from './pooling.js'
import { estimateTokens } from './token-estimate.js'

export interface HttpEmbedderOptions {
  /** Up to and without `/embeddings`, such as `http://127.0.0.1:11434/v1`. */
  baseUrl: string
  apiKey?: string | undefined
  modelId: string
  /** What the model yields; asked for with one request when left out. */
  dimensions?: number | undefined
  maxTokens: number
  /** ISO 639-1; empty when nobody has said. */
  languages?: readonly string[]
  /** Put before each text, by task, for models such as e5 that were trained with them. */
  prefixes?: { query: string; document: string }
  /** Texts in one request. */
  batchSize?: number
  /** For one request. */
  timeoutMs?: number
  /** Before the second try; doubles with each further one. */
  retryDelayMs?: number
}

const replySchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()) })),
})

/**
 * Embeds with any server that speaks OpenAI's `/embeddings`: vLLM, llama.cpp, Ollama, LM Studio, TEI and others. The
 * server's tokenizer is not at hand, so `countTokens` is the estimate of `estimateTokens`, and `embed` refuses what is
 * too long by it rather than let the server cut silently.
 * @throws InkstoneError `embedding_failed` when the server cannot be asked for the dimensions
 */
export async function httpEmbedder({
  baseUrl,
  apiKey,
  modelId,
  dimensions: knownDimensions,
  maxTokens,
  languages = [],
  prefixes = { query: '', document: '' },
  batchSize = 16,
  timeoutMs = 60_000,
  retryDelayMs = 500,
}: HttpEmbedderOptions): Promise<Embedder> {
  const closed = new AbortController()
  const endpoint = embeddingsEndpoint({ baseUrl, apiKey, timeoutMs, retryDelayMs })
  const request = { endpoint, modelId }
  const dimensions = knownDimensions ?? (await probeDimensions(request))
  const estimate = (text: string) =>
    Math.max(...Object.values(prefixes).map((prefix) => estimateTokens(`${prefix}${text}`)))

  return {
    modelId,
    fingerprint: fingerprintOf({ modelId, dimensions, prefixes }),
    dimensions,
    maxTokens,
    languages,
    embed: async (texts, { task, signal }) => {
      const inputs = texts.map((text) => `${prefixes[task]}${text}`)
      for (const input of inputs) requireLength(estimateTokens(input), { modelId, maxTokens })
      const either = signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal])
      const vectors: Float32Array[] = []
      for (let start = 0; start < inputs.length; start += batchSize) {
        if (either.aborted) break
        const batch = inputs.slice(start, start + batchSize)
        vectors.push(...(await fetchVectors(request, batch, { dimensions, signal: either })))
      }
      if (either.aborted) throw new InkstoneError('cancelled', 'the embedding was stopped')
      return vectors
    },
    countTokens: async (texts) => texts.map(estimate),
    close: async () => closed.abort(),
  }
}

interface EmbeddingRequest {
  endpoint: EmbeddingsEndpoint
  modelId: string
}

async function probeDimensions(request: EmbeddingRequest): Promise<number> {
  const [vector] = await fetchVectors(request, ['inkstone'], {})
  return vector?.length ?? 0
}

/** One normalised vector for each input, in the order of the inputs, whatever order the server answers in. */
async function fetchVectors(
  { endpoint, modelId }: EmbeddingRequest,
  inputs: readonly string[],
  { dimensions, signal }: { dimensions?: number; signal?: AbortSignal },
): Promise<Float32Array[]> {
  const body = { model: modelId, input: inputs, encoding_format: 'float' }
  const reply = replySchema.safeParse(await endpoint.post(body, signal))
  if (!reply.success) {
    throw badReply(modelId, `the reply is not OpenAI's form: ${z.prettifyError(reply.error).replaceAll('\n', ' ')}`)
  }
  const byIndex = new Map(reply.data.data.map(({ index, embedding }) => [index, embedding]))
  return inputs.map((_, index) => {
    const embedding = byIndex.get(index)
    if (embedding === undefined) throw badReply(modelId, `it answered ${byIndex.size} of ${inputs.length} texts`)
    if (dimensions !== undefined && embedding.length !== dimensions) {
      throw badReply(modelId, `it answered with ${embedding.length} dimensions where ${dimensions} are expected`)
    }
    const vector = normalise(Float32Array.from(embedding))
    if (vector === null) throw badReply(modelId, 'it answered with a vector without direction')
    return vector
  })
}

function badReply(modelId: string, what: string): InkstoneError {
  return new InkstoneError('embedding_failed', `the embedding server's answer for ${modelId} is of no use: ${what}`, {
    remedy: 'check that the configured model is an embedding model and that its dimensions are right',
  })
}

function requireLength(tokens: number, { modelId, maxTokens }: { modelId: string; maxTokens: number }): void {
  if (tokens <= maxTokens) return
  throw new InkstoneError(
    'text_too_long',
    `a text may have ${tokens} tokens by our estimate, ${modelId} takes at most ${maxTokens}`,
    { remedy: 'cut the text into smaller pieces' },
  )
}

/** The address is not in it: the same model behind another address makes the same vectors. */
function fingerprintOf(parts: {
  modelId: string
  dimensions: number
  prefixes: { query: string; document: string }
}): string {
  const { query, document } = parts.prefixes
  const prefixes = createHash('sha256')
    .update(JSON.stringify([query, document]))
    .digest('hex')
    .slice(0, 8)
  return ['http', parts.modelId, parts.dimensions, prefixes].join(':')
}
