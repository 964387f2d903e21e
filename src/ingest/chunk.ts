import { setImmediate } from 'node:timers/promises'
import { InkstoneError } from '../core/errors.js'
import type { DocumentText } from '../core/types.js'
import { contextLine, contextTokens } from './context-line.js'
import { type ChunkDraft, type CountedUnit, draftOf, packSection, sectionsOf } from './pack.js'
import { cutText, type Unit, unitsOf } from './units.js'

/** Part of the embedding fingerprint: changes whenever the same text would be cut or embedded differently. */
export const chunkerVersion = '1'

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
  /** What is embedded: the context line, a line break, the chunk's text. */
  embedText: string
  /** Tokens of `embedText`, never above `limitTokens`. */
  tokenCount: number
}

const blocksPerStep = 500
const textsPerCount = 256

/**
 * Cuts a document into chunks and prepares what is embedded. Between steps other work of the process goes on.
 * @throws InkstoneError `cancelled`
 */
export async function chunkDocument(document: DocumentText, options: ChunkOptions): Promise<PreparedChunk[]> {
  const { maxTokens = 400, limitTokens = 512, minTokens = 40, overlapTokens = 60, signal } = options
  const count = counter(options)
  const [specialTokens = 0] = await count([''])
  const room = limitTokens - specialTokens - contextTokens - minTokens
  const aim = Math.max(16, Math.min(maxTokens, room))
  const units = await countedUnits(document, { count, specialTokens, aim })
  const packed: CountedUnit[][] = []
  for (const [index, section] of sectionsOf(units).entries()) {
    if (index % blocksPerStep === blocksPerStep - 1) await pause(signal)
    packed.push(...packSection(section, { maxTokens: aim, minTokens, overlapTokens }))
  }
  const prepared = await prepare(document, packed, { title: options.title, count, limitTokens })
  return prepared.map((chunk, index) => ({ ...chunk, draft: { ...chunk.draft, index } }))
}

type Count = (texts: readonly string[]) => Promise<number[]>

function counter({ countTokens, signal }: ChunkOptions): Count {
  return async (texts) => {
    const counts: number[] = []
    for (let start = 0; start < texts.length; start += textsPerCount) {
      await pause(signal)
      counts.push(...(await countTokens(texts.slice(start, start + textsPerCount))))
    }
    return counts
  }
}

async function pause(signal?: AbortSignal): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw new InkstoneError('cancelled', 'the ingest was cancelled', { cause: signal.reason })
}

async function countedUnits(
  document: DocumentText,
  options: { count: Count; specialTokens: number; aim: number },
): Promise<CountedUnit[]> {
  const units: CountedUnit[] = []
  for (let start = 0; start < document.blocks.length; start += blocksPerStep) {
    const step = document.blocks.slice(start, start + blocksPerStep)
    const raw = step.flatMap((block, index) => unitsOf(block, start + index))
    units.push(...(await countedPieces(document, raw, options)))
  }
  return units
}

/** Counts units and cuts those above the aim until none is left, or only single characters are. */
async function countedPieces(
  document: DocumentText,
  units: readonly Unit[],
  options: { count: Count; specialTokens: number; aim: number },
): Promise<CountedUnit[]> {
  const { count, specialTokens, aim } = options
  const counts = await count(units.map(({ span }) => document.text.slice(span.start, span.end)))
  const fitted: CountedUnit[] = []
  for (const [index, unit] of units.entries()) {
    const tokens = Math.max(0, (counts[index] ?? 0) - specialTokens)
    const characters = unit.span.end - unit.span.start
    if (tokens <= aim || characters <= 2) fitted.push({ ...unit, tokens })
    // A tenth less than the average allows: tokens are not spread evenly.
    else
      fitted.push(
        ...(await countedPieces(document, cutUnit(document, unit, (characters * aim * 0.9) / tokens), options)),
      )
  }
  return fitted
}

function cutUnit(document: DocumentText, unit: Unit, maxCharacters: number): Unit[] {
  const text = document.text.slice(unit.span.start, unit.span.end)
  return cutText(text, maxCharacters).flatMap(({ start, end }) => {
    const piece = text.slice(start, end)
    const trimmed = piece.trim()
    if (trimmed === '') return []
    const from = unit.span.start + start + piece.indexOf(trimmed)
    return [{ ...unit, span: { start: from, end: from + trimmed.length } }]
  })
}

interface Preparing {
  title: string
  count: Count
  limitTokens: number
}

/** Shorter context lines, in the order they are tried when a chunk is too long with the full one. */
const shorterContexts = [contextTokens / 2, 0]

async function prepare(
  document: DocumentText,
  packed: readonly CountedUnit[][],
  options: Preparing,
): Promise<PreparedChunk[]> {
  const chunks = packed.map((units) => withContext(document, units, { title: options.title, maxTokens: contextTokens }))
  const counts = await options.count(chunks.map((chunk) => chunk.embedText))
  const prepared: PreparedChunk[] = []
  for (const [index, { draft, embedText }] of chunks.entries()) {
    const tokenCount = counts[index] ?? 0
    if (tokenCount <= options.limitTokens) prepared.push({ draft, embedText, tokenCount })
    else prepared.push(...(await shorten(document, packed[index] ?? [], options)))
  }
  return prepared
}

/** The tokens of a whole can be more than those of its parts: then the context goes first, and at last the chunk is halved. */
async function shorten(
  document: DocumentText,
  units: readonly CountedUnit[],
  { title, count, limitTokens }: Preparing,
): Promise<PreparedChunk[]> {
  for (const maxTokens of shorterContexts) {
    const { draft, embedText } = withContext(document, units, { title, maxTokens })
    const [tokenCount = 0] = await count([embedText])
    if (tokenCount <= limitTokens || draft.text.length <= 2) return [{ draft, embedText, tokenCount }]
  }
  return prepare(document, halves(document, units), { title, count, limitTokens })
}

function halves(document: DocumentText, units: readonly CountedUnit[]): CountedUnit[][] {
  const [first] = units
  if (units.length > 1 || first === undefined) {
    const middle = Math.ceil(units.length / 2)
    return [units.slice(0, middle), units.slice(middle)]
  }
  const half = Math.ceil((first.span.end - first.span.start) / 2)
  return cutUnit(document, first, half).map((unit) => [{ ...unit, tokens: 0 }])
}

function withContext(
  document: DocumentText,
  units: readonly Unit[],
  { title, maxTokens }: { title: string; maxTokens: number },
): { draft: ChunkDraft; embedText: string } {
  const draft = draftOf(document, units, 0)
  if (maxTokens === 0) return { draft, embedText: draft.text }
  const own = new Set(
    units.filter((unit) => unit.kind === 'heading').map(({ span }) => document.text.slice(span.start, span.end)),
  )
  const headingPath = draft.headingPath.filter((heading) => !own.has(heading))
  const context = contextLine({ title, headingPath, tableHeader: draft.tableHeader }, { maxTokens })
  return { draft, embedText: context === '' ? draft.text : `${context}\n${draft.text}` }
}
