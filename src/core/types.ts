import type { OwnAnswerability } from './answer.js'
import type { Problem } from './job.js'

/** A half-open range of UTF-16 offsets into a document's text: `text.slice(start, end)`. */
export interface Span {
  start: number
  end: number
}

export interface KnowledgeBase {
  id: string
  /** Unique name for URLs and the command line: lower-case letters, digits and hyphens. */
  slug: string
  name: string
  createdAt: string
  documentCount: number
  /** Tokens aimed at for one chunk, and tokens that neighbours share; null: as the configuration says. */
  chunkTokens: number | null
  chunkOverlapTokens: number | null
  /**
   * How far the vectors are trusted when both lists are fused, 0 to 2: what the dense list's share is multiplied by, for
   * questions in every language. Null: 1 where the embedding model knows the question's language, less elsewhere.
   */
  denseTrust: number | null
  /** When it refuses to answer, as learned from golden questions; null: as the built-in model says. */
  answerability: OwnAnswerability | null
  /** What its owner tells the language model about the domain, before any passage; null: nothing. */
  preamble: string | null
  /** The words of the domain. */
  glossary: GlossaryEntry[]
}

/** A word of a domain. What it means and its other names are told to the language model where any of them occurs. */
export interface GlossaryEntry {
  term: string
  /** Empty when only the other names matter. */
  meaning: string
  synonyms: string[]
}

/** The settings of its own that a knowledge base may be given. */
export type KnowledgeBaseChange = Partial<
  Pick<
    KnowledgeBase,
    'name' | 'chunkTokens' | 'chunkOverlapTokens' | 'denseTrust' | 'answerability' | 'preamble' | 'glossary'
  >
>

/** `processing` until a job of the document ends; only a `ready` document is ever found by a search. */
export type DocumentStatus = 'processing' | 'ready' | 'failed'

export interface Document {
  id: string
  knowledgeBaseId: string
  /** The path or URL under which the document was handed in first. */
  sourceUri: string
  title: string
  mediaType: string
  /** SHA-256 of the newest accepted bytes, hex. */
  contentHash: string
  sizeBytes: number
  /** The revision that searches see; 0 until the first one is ready. */
  revision: number
  status: DocumentStatus
  /** Number of pages; null where the format has none. */
  pageCount: number | null
  chunkCount: number
  tableCount: number
  /** Pages and pictures whose text was recognised (OCR). */
  ocrCount: number
  /** What the searchable revision holds and could not be read. */
  losses: Loss[]
  metadata: Metadata
  /** Why the newest content could not be read. With `status: ready` an older revision is still there. */
  error: Problem | null
  createdAt: string
  updatedAt: string
}

/** A list is several values of one name, such as tags. */
export type MetadataValue = string | number | boolean | string[]

/** Facts about a document by name. */
export type Metadata = Record<string, MetadataValue>

/** Null takes a name away; what is not named stays. */
export type MetadataChange = Record<string, MetadataValue | null>

/** What a document holds that could not be read: nothing is left out without a word. */
export interface Loss {
  kind: 'page' | 'image' | 'formula' | 'object' | 'text' | 'member'
  count: number
  /** Where, in order, at most `lossPlaces` of them; empty where the format has no pages. */
  pages: number[]
  /** Why, in plain words. */
  reason: string
}

export type BlockKind = 'heading' | 'paragraph' | 'table' | 'list' | 'code' | 'caption' | 'footnote' | 'ocr'

/** A place on a page: points (1/72 inch; pixels in a picture) from the upper left corner of the page as it is read. */
export interface BoundingBox {
  x: number
  y: number
  width: number
  height: number
}

/** What a parser yields. A table's text has one line a row, its cells joined by ` | `, the header row first. */
export interface Block {
  kind: BlockKind
  text: string
  /** Counts from 1; null where the format has no pages. */
  page: number | null
  /** The headings above this block, outermost first; a heading's own text is not in its path. */
  headingPath: string[]
  /** Depth of a heading, 1 to 6; undefined for every other kind. */
  level?: number
  /** Where the format has places. */
  bbox?: BoundingBox
  /** How sure the text recognition is, 0 to 1; only of `ocr`. */
  confidence?: number
}

/** A picture that may hold text: a page without a usable text layer, or an image that stands in the document. */
export interface Picture {
  /** A page of the file itself (counts from 1), or an image file that the parser put into the scratch folder. */
  source: { kind: 'page'; page: number } | { kind: 'file'; path: string }
  /** The page on which its text counts as standing; null where the format has no pages. */
  page: number | null
  headingPath: string[]
  /** Its text stands before `blocks[at]`, and in place of the unusable ones from there on. */
  at: number
  replaces: number
}

/** A file inside a file, such as an attachment: it becomes a document of its own. */
export interface Member {
  /** Its path inside, with forward slashes; never empty, no `..`. */
  name: string
  /** Where the parser put its bytes, in the scratch folder. */
  path: string
}

export interface ParsedFile {
  title: string | null
  mediaType: string
  /** Number of pages; null where the format has none. */
  pageCount: number | null
  blocks: Block[]
  /** In the order of `at`. */
  pictures: Picture[]
  members: Member[]
  losses: Loss[]
  /** What people should know of how it was read, other than losses, in plain words. */
  warnings: string[]
  /** What the file says of itself, such as author or front matter. */
  metadata: Metadata
}

/**
 * Blocks of a file that is still being read, in reading order: most will come again as they are, some will not, for what
 * is a heading or a running head is only known when all is read. None of them counts.
 */
export interface EarlyBlocks {
  title: string | null
  /** In order, each once; where many come, a page may be parted. */
  blocks: Block[]
}

/** A page's share of the document's text. A format without pages has one, with `page: null`. */
export interface PageText {
  page: number | null
  span: Span
  text: string
}

/** A block with its place in the document's text. */
export interface PlacedBlock extends Block {
  span: Span
}

/** A document's text: the blocks joined by one blank line, so `text.slice(block.span)` is `block.text`. */
export interface DocumentText {
  text: string
  blocks: PlacedBlock[]
  pages: PageText[]
}

export interface Chunk {
  id: string
  knowledgeBaseId: string
  documentId: string
  /** The document's revision that this chunk was cut from. */
  revision: number
  documentTitle: string
  /** Position in the document, counts from 0. */
  index: number
  text: string
  span: Span
  /** The page on which the chunk starts; null where the format has no pages. */
  page: number | null
  headingPath: string[]
  kind: BlockKind
  /** The header row of the table in which the chunk starts; null when it starts elsewhere, or with that row. */
  tableHeader: string | null
  /** Tokens of what is embedded (context line and text), by the embedding model's own tokenizer. */
  tokenCount: number
}

/** An L2-normalised vector. */
export type Embedding = Float32Array

/** A fact about a document; `tags` is short for `metadata.tags`, `path` is each path under which it was handed in. */
export type FilterField =
  | 'documentId'
  | 'path'
  | 'title'
  | 'mediaType'
  | 'createdAt'
  | 'updatedAt'
  | 'tags'
  | `metadata.${string}`

export type FilterValue = string | number | boolean

/**
 * Which documents may be found. All that is given has to hold; a filter without anything lets every document pass.
 *
 * A comparison (`field` with one or more of the operators) looks at the values of a document's fact. Several values,
 * such as tags, satisfy an operator when any one of them does. A fact that a document does not have satisfies `ne` and
 * `exists: false` alone; `not` turns around whatever is in it.
 *
 * `lt lte gt gte` compare numbers with numbers, dates (ISO 8601) with dates, and other texts by their code points.
 * Everything else compares as written, letter case included.
 */
export interface SearchFilter {
  documentIds?: string[]
  and?: SearchFilter[]
  or?: SearchFilter[]
  not?: SearchFilter
  field?: FilterField
  eq?: FilterValue
  /** None of the values is this one. */
  ne?: FilterValue
  in?: FilterValue[]
  lt?: string | number
  lte?: string | number
  gt?: string | number
  gte?: string | number
  /** Begins with this text. */
  prefix?: string
  exists?: boolean
}

/** Where a hit's score comes from. Every signal: higher is better, null when that list did not hold the chunk. */
export interface Signals {
  /** Cosine of question and chunk. */
  dense: number | null
  /** BM25 score. */
  lexical: number | null
  /** What the two became together, 0 to 1. */
  fused: number
  /** What a reranking model says, 0 to 1; null when none has read the chunk. */
  rerank: number | null
}

export interface Hit {
  /** Counts from 1. */
  rank: number
  score: number
  signals: Signals
  chunk: Chunk
  /** Other documents in which the same text stands; left out when there are none. */
  duplicates?: Duplicate[]
}

/** A hit with the text around it, for a reader: `chunk` spans all of `parts`. */
export interface WideHit extends Hit {
  /** In order, without a gap but white space. */
  parts: Chunk[]
  /** The date of its document, such as `2025-03-01` or `2025`. */
  date?: string
}

export interface Duplicate {
  documentId: string
  documentTitle: string
  page: number | null
}
