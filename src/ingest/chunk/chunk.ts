import type { DocumentText } from '../../core/types.js'
import { type ChunkDraft, draftOf, embedTextOf } from './chunk-draft.js'
import { contextTokens } from './context-line.js'
import { countedUnits, smaller } from './count-units.js'
import { type CountedUnit, type PackOptions, packer } from './pack.js'
import { type TimeSlices, timeSlices } from './time-slices.js'

/** Part of the embedding fingerprint: changes whenever the same text would be cut or embedded differently. */
export const chunkerVersion = '2'

export interface ChunkOptions {
  title: string
  /** Tokens of each text as the embedding model counts them, special tokens included. */
  countTokens(texts: readonly string[]): Promise<number[]>
  /** Aim of a chunk's own text. */
  maxTokens?: number
  /** The embedding model's limit, for context line and text together. */
  limitTokens?: number
  minTokens?: number
  overlapTokens?: number
  signal?: AbortSignal
}

export interface PreparedChunk {
  draft: ChunkDraft
  /** What is embedded: the context line, a line break, the text with the names of the columns in table rows. */
  embedText: string
  /** Tokens of `embedText`, never above `limitTokens`. */
  tokenCount: number
}

const chunksPerBatch = 32
const leastAim = 16

/**
 * Cuts a document into chunks and prepares what is embedded. Other work of the process goes on meanwhile.
 * @throws InkstoneError `cancelled`
 */
export async function chunkDocument(document: DocumentText, options: ChunkOptions): Promise<PreparedChunk[]> {
  const chunks: PreparedChunk[] = []
  for await (const batch of chunkBatches(document, options)) chunks.push(...batch)
  return chunks
}

/**
 * As `chunkDocument`, in batches of about 32 chunks while the rest of the document has not been looked at: what is
 * embedded first need not wait for what comes last.
 * @throws InkstoneError `cancelled`
 */
export async function* chunkBatches(document: DocumentText, options: ChunkOptions): AsyncGenerator<PreparedChunk[]> {
  const { limitTokens = 512, signal } = options
  const slices = timeSlices({ signal })
  const { count, specialTokens } = await counterOf(options, slices)
  const packing = packingFor({ ...options, limitTokens }, specialTokens)
  const preparing: Preparing = { title: options.title, limitTokens, slices, count: options.countTokens }
  const pack = packer(packing)
  let index = 0
  const prepared = async (chunks: readonly CountedUnit[][]) => {
    const batch = await prepare(document, chunks, preparing)
    return batch.map((chunk) => ({ ...chunk, draft: { ...chunk.draft, index: index++ } }))
  }
  let waiting: CountedUnit[][] = []
  for await (const units of countedUnits(document, { count, slices, mostTokens: packing.maxTokens })) {
    for (const unit of units) {
      if (slices.isOver()) await slices.next()
      waiting.push(...pack.add(unit))
      if (waiting.length < chunksPerBatch) continue
      yield await prepared(waiting)
      waiting = []
    }
  }
  waiting.push(...pack.end())
  if (waiting.length > 0) yield await prepared(waiting)
}

async function counterOf({ countTokens }: ChunkOptions, slices: TimeSlices) {
  await slices.next()
  const [specialTokens = 0] = await countTokens([''])
  const count = async (texts: readonly string[]) => (await countTokens(texts)).map((tokens) => tokens - specialTokens)
  return { count, specialTokens }
}

/** What the context line and a short tail may take on top is kept free of the model's limit. */
function packingFor(
  { maxTokens = 400, minTokens = 40, overlapTokens = 60, limitTokens }: ChunkOptions & { limitTokens: number },
  specialTokens: number,
): Required<PackOptions> {
  const room = limitTokens - specialTokens - contextTokens - minTokens
  const aim = Math.max(leastAim, Math.min(maxTokens, room))
  return { maxTokens: aim, minTokens: Math.min(minTokens, aim / 4), overlapTokens }
}

interface Preparing {
  title: string
  count: ChunkOptions['countTokens']
  limitTokens: number
  slices: TimeSlices
}

async function prepare(
  document: DocumentText,
  packed: readonly CountedUnit[][],
  options: Preparing,
): Promise<PreparedChunk[]> {
  const { title, count, limitTokens, slices } = options
  const embedTexts: string[] = []
  for (const units of packed) {
    if (slices.isOver()) await slices.next()
    embedTexts.push(embedTextOf(document, units, { title, contextTokens }))
  }
  const counts = await count(embedTexts)
  const prepared: PreparedChunk[] = []
  for (const [index, units] of packed.entries()) {
    const [embedText = '', tokenCount = 0] = [embedTexts[index], counts[index]]
    if (tokenCount <= limitTokens) prepared.push({ draft: draftOf(document, units, 0), embedText, tokenCount })
    else prepared.push(...(await shorten(document, units, options)))
  }
  return prepared
}

/** Shorter context lines, in the order they are tried when a chunk is too long with the full one. */
const shorterContexts = [contextTokens / 2, 0]

/** The tokens of a whole can be more than those of its parts: then the context goes first, and at last the chunk is halved. */
async function shorten(
  document: DocumentText,
  units: readonly CountedUnit[],
  options: Preparing,
): Promise<PreparedChunk[]> {
  const { title, count, limitTokens } = options
  const draft = draftOf(document, units, 0)
  for (const room of shorterContexts) {
    const embedText = embedTextOf(document, units, { title, contextTokens: room })
    const [tokenCount = 0] = await count([embedText])
    if (tokenCount <= limitTokens || isSmallest(draft, embedText)) return [{ draft, embedText, tokenCount }]
  }
  return prepare(document, halves(document, units), options)
}

const isSmallest = ({ text }: ChunkDraft, embedText: string) => text.length <= 2 && embedText === text

function halves(document: DocumentText, units: readonly CountedUnit[]): CountedUnit[][] {
  const [first] = units
  if (first === undefined) return []
  if (units.length === 1) return smaller(document, first, 0.5).map((unit) => [unit])
  const middle = Math.ceil(units.length / 2)
  return [units.slice(0, middle), units.slice(middle)]
}
