import { z } from 'zod'
import type { ChunkStoreStats } from '../core/chunk-store.js'
import type {
  JudgedPlace,
  JudgedQuestion,
  LearnedTrust,
  Tuned,
  TuneEvent,
  TuneStep,
  VectorIndexState,
  VectorTuning,
} from '../core/tuning.js'
import { learnedAnswerabilitySchema } from './answerability.js'
import { pageNumberSchema } from './chunk.js'
import { limits } from './limits.js'
import { optional, orNull } from './optional.js'
import { questionTextSchema } from './search.js'

const count = z.number().int().min(0)
const share = z.number().min(0).max(1)
const settings = {
  partitions: count.meta({ description: 'Partitions of the index that are looked into.' }),
  candidates: count.meta({ description: 'Candidates whose distance is computed in full.' }),
}
const measurement = {
  target: share,
  queries: count.meta({ description: 'Vectors that were asked with.' }),
  measuredWith: z.enum(['own vectors', 'queries']).meta({
    description: 'A table’s own vectors lie closer to it than questions do, so they find a little more.',
  }),
  measuredAt: z.string().meta({ format: 'date-time' }),
}

const vectorTuningSchema = z
  .object({
    ...settings,
    recall: share.meta({ description: 'Share of the ten nearest by exact search that are found.' }),
    ...measurement,
  })
  .meta({ id: 'VectorTuning' }) satisfies z.ZodType<VectorTuning>

const vectorIndexSchema = z
  .object({
    kind: z.string(),
    unindexedRows: count.meta({ description: 'Rows outside the index; every search compares them one by one.' }),
    trainedRows: count.meta({ description: 'Rows that there were when it was trained.' }),
    tuning: orNull(vectorTuningSchema),
  })
  .meta({ id: 'VectorIndex' }) satisfies z.ZodType<VectorIndexState>

export const indexStateSchema = z
  .object({
    chunks: count,
    fragments: count,
    versions: count,
    unindexedRows: count.meta({ description: 'Rows outside the full-text index; they are searched all the same.' }),
    sizeBytes: count,
    vectorIndex: orNull(vectorIndexSchema),
  })
  .meta({
    id: 'IndexState',
    description: 'How the index of a knowledge base is. `vectorIndex` is null where vectors are searched exactly.',
    examples: [
      { chunks: 4_210, fragments: 3, versions: 41, unindexedRows: 120, sizeBytes: 16_000_000, vectorIndex: null },
    ],
  }) satisfies z.ZodType<ChunkStoreStats>

const tuneStepSchema = z
  .object({ ...settings, recall: share, p50Ms: z.number() })
  .meta({ id: 'TuneStep' }) satisfies z.ZodType<TuneStep>

const tunedSchema = z
  .object({ chosen: tuneStepSchema, steps: z.array(tuneStepSchema), ...measurement })
  .meta({ id: 'Tuned' }) satisfies z.ZodType<Tuned>

const judgedPlaceSchema = z.strictObject({
  document: z.string().min(1).max(limits.sourceUriCharacters).meta({ description: 'File name of the document.' }),
  page: pageNumberSchema,
  quote: z.string().max(limits.questionCharacters).meta({ description: 'Text that stands there.' }),
}) satisfies z.ZodType<JudgedPlace>

const judgedQuestionSchema = z
  .strictObject({
    id: z.string().min(1).max(limits.nameCharacters),
    question: questionTextSchema,
    history: z.array(questionTextSchema).max(limits.historyEntries),
    expected: z.array(judgedPlaceSchema).max(limits.judgedPlaces).meta({ description: 'All of these are needed.' }),
    alternatives: z
      .array(judgedPlaceSchema)
      .max(limits.judgedPlaces)
      .meta({ description: 'Each of these would do in place of the expected ones.' }),
  })
  .meta({
    id: 'JudgedQuestion',
    description: 'A question with the places that it is to find; none at all: nothing answers it.',
  }) satisfies z.ZodType<JudgedQuestion>

export const tuneRequest = z
  .strictObject({ questions: optional(z.array(judgedQuestionSchema).min(1).max(limits.tuneQuestions)) })
  .meta({
    id: 'Tune',
    description:
      'With questions, `denseTrust` and `answerability` of the knowledge base are learned from them, and the index is measured with them.',
    examples: [
      {
        questions: [
          {
            id: 'q1',
            question: '离心泵多久换一次润滑脂？',
            history: [],
            expected: [{ document: 'manual.pdf', page: 3, quote: '每 2000 小时更换一次' }],
            alternatives: [],
          },
        ],
      },
    ],
  })

const learnedTrustSchema = z
  .object({
    outcome: z.enum(['kept', 'few_questions', 'no_gain']).meta({
      description: '`kept`: the best value is better for sure. Otherwise the default stays.',
    }),
    denseTrust: z.number().nullable().meta({ description: 'What holds from now on; null: the default.' }),
    best: z.number().meta({ description: 'The best value over all questions, kept or not.' }),
    questions: count.meta({ description: 'Questions that something answers.' }),
    usual: share.meta({ description: 'Mean nDCG@10 with the default.' }),
    crossValidated: share.meta({
      description: 'The same, each question with the value that was best for those of the other folds.',
    }),
    gain: z.object({ difference: z.number(), low: z.number(), high: z.number(), p: share }).meta({
      description: '`crossValidated` less `usual`, its 95 % interval, and how likely it is by chance.',
    }),
    tried: z.array(z.object({ denseTrust: z.number(), ndcg: share })),
  })
  .meta({ id: 'LearnedTrust' }) satisfies z.ZodType<LearnedTrust>

export const tuneEventSchema = z
  .discriminatedUnion('stage', [
    z.object({ stage: z.literal('asking'), done: count, total: count }),
    z.object({ stage: z.literal('learned'), trust: learnedTrustSchema }),
    z.object({ stage: z.literal('judging'), done: count, total: count }),
    z.object({ stage: z.literal('calibrated'), answerability: learnedAnswerabilitySchema }),
    z.object({ stage: z.literal('comparing'), done: count, total: count }),
    z.object({ stage: z.literal('measured'), step: tuneStepSchema }),
    z.object({ stage: z.literal('done'), tuned: orNull(tunedSchema) }),
  ])
  .meta({
    id: 'TuneEvent',
    description:
      'With questions, these are asked first and `learned` tells how far the vectors are trusted; then they are judged and `calibrated` tells when answers are refused. Then vectors are compared exactly, then settings are tried from cheap to dear; `done` is the last.',
  }) satisfies z.ZodType<TuneEvent>
