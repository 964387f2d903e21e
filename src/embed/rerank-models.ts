import { InkstoneError } from '../core/errors.js'
import { embeddingModels, type LocalModel, unpinnedFiles, xlmRobertaLanguages } from './models.js'

/**
 * The reranking models that Inkstone knows: cross-encoders with one logit, converted to ONNX from
 * BAAI/bge-reranker-base, BAAI/bge-reranker-v2-m3 and cross-encoder/ms-marco-MiniLM-L6-v2. Lengths are those of the
 * model cards, but for bge-reranker-v2-m3: it would take 8,192 tokens, which no processor reads in a search's time.
 */
export const rerankModels: readonly LocalModel[] = [
  {
    id: 'bge-reranker-base',
    folder: 'Xenova/bge-reranker-base',
    files: unpinnedFiles,
    dtype: 'q8',
    maxTokens: 512,
    languages: ['zh', 'en'],
    licence: 'MIT',
    sources: [{ kind: 'hub', repository: 'Xenova/bge-reranker-base', revision: 'main' }],
  },
  {
    id: 'bge-reranker-v2-m3',
    folder: 'onnx-community/bge-reranker-v2-m3-ONNX',
    files: unpinnedFiles,
    dtype: 'q8',
    maxTokens: 1024,
    languages: xlmRobertaLanguages,
    licence: 'Apache-2.0',
    sources: [{ kind: 'hub', repository: 'onnx-community/bge-reranker-v2-m3-ONNX', revision: 'main' }],
  },
  {
    id: 'ms-marco-MiniLM-L-6-v2',
    folder: 'Xenova/ms-marco-MiniLM-L-6-v2',
    files: unpinnedFiles,
    dtype: 'q8',
    maxTokens: 512,
    languages: ['en'],
    licence: 'Apache-2.0',
    sources: [{ kind: 'hub', repository: 'Xenova/ms-marco-MiniLM-L-6-v2', revision: 'main' }],
  },
]

/** @throws InkstoneError `model_not_found` */
export function findRerankModel(id: string): LocalModel {
  const model = rerankModels.find((candidate) => candidate.id === id)
  if (model !== undefined) return model
  throw new InkstoneError('model_not_found', `there is no reranking model "${id}"`, {
    remedy: `choose one of ${idsOf(rerankModels)}, or name the server that has it with INKSTONE_RERANK_BASE_URL`,
  })
}

/** A model of either kind. @throws InkstoneError `model_not_found` */
export function findLocalModel(id: string): LocalModel {
  const models: readonly LocalModel[] = [...embeddingModels, ...rerankModels]
  const model = models.find((candidate) => candidate.id === id)
  if (model !== undefined) return model
  throw new InkstoneError('model_not_found', `there is no model "${id}"`, { remedy: `choose one of ${idsOf(models)}` })
}

function idsOf(models: readonly LocalModel[]): string {
  return models.map(({ id }) => id).join(', ')
}
