import type { FinishReason, Usage } from './answer.js'
import type { BoundingBox, EarlyBlocks, Embedding, ParsedFile } from './types.js'

/** Reads one media type. Runs in a killable child process: it may be slow, greedy or crash. */
export interface Parser {
  mediaTypes: readonly string[]
  /** @throws InkstoneError `password_required`, `file_corrupt`, `archive_bomb`, `parse_failed` */
  parse(bytes: Uint8Array, context: ParseContext): Promise<ParsedFile>
}

export interface ParseContext {
  fileName: string
  /** Tried in order on an encrypted file. */
  passwords: readonly string[]
  /** Where pictures, members and intermediate files may be put. Whoever asked for the parse removes it. */
  scratchDir: string
  /** LibreOffice's program, for formats of old; null when there is none. */
  soffice: string | null
  /** Left out when nobody listens. */
  follower?: ParseFollower
}

/** Hears of a long file while it is read; a parser may as well tell nothing. */
export interface ParseFollower {
  onPages(pages: { done: number; total: number }): void
  /** The parser goes on when it resolves. */
  onEarly(early: EarlyBlocks): void | Promise<void>
}

/** Parses a stored file out of reach of this process. */
export interface FileParser {
  /**
   * A file without text, pictures and members is `no_text`.
   * @throws InkstoneError `unsupported_format`, `file_empty`, `no_text`, `parse_timeout`, `parse_memory` and the parsers' own
   */
  parse(path: string, options: ParseOptions): Promise<ParsedFile>
  close(): Promise<void>
}

export interface ParseOptions {
  fileName: string
  /** An empty folder for what the parser puts aside; it stays the caller's. */
  scratchDir: string
  passwords?: readonly string[]
  signal?: AbortSignal
  follower?: ParseFollower
}

/** Recognises the text of pictures and scanned pages, out of reach of this process. */
export interface TextRecogniser {
  /**
   * The text of one picture: a page of a PDF, or an image file. A picture without text has no blocks.
   * @throws InkstoneError `ocr_failed`, `parse_timeout`, `parse_memory`, `file_corrupt`, `cancelled`
   */
  recognise(
    picture: { path: string; page: number | null; passwords?: readonly string[] },
    options?: { signal?: AbortSignal },
  ): Promise<RecognisedText>
  close(): Promise<void>
}

export interface RecognisedText {
  /** In reading order. `confidence` is the least sure of the block's lines, weighed by their length. */
  blocks: { text: string; bbox: BoundingBox; confidence: number }[]
}

export interface Embedder {
  modelId: string
  /** Names model, files, pooling and prefixes: vectors of different fingerprints must never meet in one table. */
  fingerprint: string
  dimensions: number
  /** Longest input in tokens, special tokens included. */
  maxTokens: number
  /** ISO 639-1 codes of the languages the model was trained for. */
  languages: readonly string[]
  /**
   * One L2-normalised vector of `dimensions` floats for each text, in order.
   * @throws InkstoneError `text_too_long` when a text has more than `maxTokens` tokens: nothing is cut silently;
   *   `cancelled` when the signal fires; `embedding_failed`
   */
  embed(texts: readonly string[], options: { task: 'query' | 'document'; signal?: AbortSignal }): Promise<Embedding[]>
  /** Tokens of each text, special tokens and the task's prefix included, never fewer than `embed` will see. */
  countTokens(texts: readonly string[]): Promise<number[]>
  close(): Promise<void>
}

/** Judges how well passages answer a question by reading both together: a second opinion on what retrieval found. */
export interface Reranker {
  modelId: string
  /**
   * One score for each text, in order: 0 to 1, higher is better. Scores of one call can be compared.
   * @throws InkstoneError `rerank_failed`, `model_missing`; `cancelled` when the signal fires
   */
  rerank(question: string, texts: readonly string[], options?: { signal?: AbortSignal }): Promise<number[]>
  /** Loads what it needs, once; left out where there is nothing to load. @throws InkstoneError as `rerank` does */
  prepare?(): Promise<void>
  close(): Promise<void>
}

export interface BlobStore {
  /** Stores the bytes under their SHA-256 and has them on disk when the promise resolves. The same content costs nothing. */
  put(
    bytes: AsyncIterable<Uint8Array>,
    options: { maxBytes: number; signal?: AbortSignal },
  ): Promise<{ hash: string; sizeBytes: number }>
  /** The path of a stored blob, for reading only. @throws InkstoneError `not_found` */
  path(hash: string): Promise<string>
  delete(hash: string): Promise<void>
}

/** A passage for the model; `number` is its marker. */
export interface Passage {
  number: number
  title: string
  page: number | null
  /** Of its document; null when that is not known. */
  date: string | null
  headingPath: string[]
  text: string
}

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string }

export type ChatEvent =
  | { type: 'delta'; text: string }
  | { type: 'usage'; usage: Usage }
  /** The text is whole, or at its limit of tokens. A model that breaks off throws. */
  | { type: 'finish'; reason: Exclude<FinishReason, 'cut_off'> }

/** A language model that writes text. */
export interface ChatModel {
  modelId: string
  /**
   * Leaving the loop, or the signal, stops the model at once. A temperature takes the place of the configured one.
   * @throws InkstoneError `language_model_unreachable`, `language_model_failed`, `language_model_paused`,
   *   `language_model_busy`, `cancelled`
   */
  stream(
    messages: readonly ChatMessage[],
    options: { maxTokens: number; temperature?: number; signal?: AbortSignal },
  ): AsyncIterable<ChatEvent>
  /** Frees what a model in this process holds. */
  close?(): Promise<void>
}

/** Structured log lines: fields first, then a sentence. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
