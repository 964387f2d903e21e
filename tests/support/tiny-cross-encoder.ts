import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { modelPath, pinModel } from '../../src/embed/installed.js'
import type { LocalModel } from '../../src/embed/models.js'
import { onnxFile } from './onnx-file.js'

/** Besides these, every word is `[UNK]`, which counts for nothing. */
const words = ['pump', 'seal', 'valve', 'replace', 'the', 'canteen', 'serves', 'noodles', '泵', '阀']
const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]']
const vocabulary = [...specials, ...words]

/** What a common word adds to the logit, each time it stands in the question times each time it stands in the text. */
export const weightOfWord = 1
export const bias = -2

export const tinyModel: LocalModel = {
  id: 'tiny-cross-encoder',
  folder: 'tests/tiny-cross-encoder',
  files: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'].map((path) => ({
    path,
    sha256: null,
    sizeBytes: null,
  })),
  dtype: 'q8',
  maxTokens: 24,
  languages: ['en'],
  licence: 'Apache-2.0',
  sources: [],
}

/**
 * Writes a cross-encoder that runs as the real ones do but is small enough to know its answers: it counts the words
 * that question and text share. Which is which it sees by the token types alone.
 */
export async function installTinyCrossEncoder(modelsDir: string, { labels = 1 } = {}): Promise<void> {
  const files: Record<string, string | Buffer> = {
    'config.json': JSON.stringify({ model_type: 'bert', architectures: ['BertForSequenceClassification'] }),
    'tokenizer.json': JSON.stringify(tokenizer()),
    'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'BertTokenizer', do_lower_case: true }),
    'onnx/model_quantized.onnx': network(labels),
  }
  for (const [path, content] of Object.entries(files)) {
    const target = join(modelPath(tinyModel, modelsDir), path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content)
  }
  await pinModel(tinyModel, modelsDir)
}

function tokenizer(): object {
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } })
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } })
  const single = [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, sequence('B', 1), special('[SEP]', 1)],
      special_tokens: Object.fromEntries(
        specials.map((token, id) => [token, { id: token, ids: [id], tokens: [token] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  }
}

/** logit = bias + Σ over words of weight · (times in the question) · (times in the text) */
function network(labels: number): Buffer {
  const size = vocabulary.length
  const weightsOf = (word: string) => new Array<number>(labels).fill(words.includes(word) ? weightOfWord : 0)
  const oneHot = vocabulary.flatMap((_, row) => vocabulary.map((__, column) => (row === column ? 1 : 0)))
  return onnxFile({
    inputs: ['input_ids', 'attention_mask', 'token_type_ids'],
    output: 'logits',
    constants: [
      { name: 'oneHot', dimensions: [size, size], values: oneHot },
      {
        name: 'weights',
        dimensions: [size, labels],
        values: vocabulary.flatMap(weightsOf),
      },
      { name: 'bias', dimensions: [1], values: [bias] },
    ],
    nodes: [
      { operator: 'Gather', inputs: ['oneHot', 'input_ids'], output: 'tokens', attributes: { axis: 0 } },
      { operator: 'Cast', inputs: ['token_type_ids'], output: 'types', attributes: { to: 1 } },
      { operator: 'Unsqueeze', inputs: ['types'], output: 'ofText', attributes: { axes: [2] } },
      { operator: 'Mul', inputs: ['tokens', 'ofText'], output: 'textTokens' },
      { operator: 'Sub', inputs: ['tokens', 'textTokens'], output: 'questionTokens' },
      { operator: 'ReduceSum', inputs: ['textTokens'], output: 'inText', attributes: { axes: [1], keepdims: 0 } },
      {
        operator: 'ReduceSum',
        inputs: ['questionTokens'],
        output: 'inQuestion',
        attributes: { axes: [1], keepdims: 0 },
      },
      { operator: 'Mul', inputs: ['inText', 'inQuestion'], output: 'inBoth' },
      { operator: 'MatMul', inputs: ['inBoth', 'weights'], output: 'weighted' },
      { operator: 'Add', inputs: ['weighted', 'bias'], output: 'logits' },
    ],
  })
}
