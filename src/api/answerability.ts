import { z } from 'zod'
import type { AnswerabilityModel, OwnAnswerability } from '../core/answer.js'
import type { LearnedAnswerability, RefusalRates } from '../core/tuning.js'
import { limits } from './limits.js'
import { orNull } from './optional.js'

const share = z.number().min(0).max(1)
const count = z.number().int().min(0)
const model = {
  bias: z.number(),
  weights: z
    .strictObject({
      cosine: z.number(),
      coverage: z.number(),
      foreign: z.number(),
      kindOffered: z.number(),
      kindMissing: z.number(),
      nameMissing: z.number(),
    })
    .meta({ description: 'Of what tells whether the passages hold an answer.' }),
  least: share.meta({ description: 'The least likelihood with which an answer is given.' }),
}

const answerabilityModelSchema = z
  .strictObject(model)
  .meta({ id: 'AnswerabilityModel' }) satisfies z.ZodType<AnswerabilityModel>

export const ownAnswerabilitySchema = z
  .strictObject({
    ...model,
    fingerprint: z.string().min(1).max(limits.fingerprintCharacters).meta({
      description: 'Names what gathered the evidence, the embedding model above all: with another, the model is void.',
    }),
  })
  .meta({
    id: 'OwnAnswerability',
    description: 'A logistic model of how likely the passages hold an answer, as learned from golden questions.',
  }) satisfies z.ZodType<OwnAnswerability>

const ratesSchema = z
  .object({
    falseRefusals: share.meta({ description: 'Of the answerable questions.' }),
    rightRefusals: share.meta({ description: 'Of the unanswerable ones; the rest would be answered falsely.' }),
  })
  .meta({ id: 'RefusalRates' }) satisfies z.ZodType<RefusalRates>

const judged = {
  model: orNull(answerabilityModelSchema).meta({ description: 'What holds from now on; null: the built-in model.' }),
  answerable: count,
  unanswerable: count,
}

export const learnedAnswerabilitySchema = z
  .discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('few_questions'), ...judged }),
    z.object({
      outcome: z.enum(['kept', 'no_gain']),
      ...judged,
      usual: ratesSchema,
      crossValidated: ratesSchema,
      gain: z.object({ difference: z.number(), low: z.number(), high: z.number(), p: share }),
    }),
  ])
  .meta({
    id: 'LearnedAnswerability',
    description:
      '`kept`: what was learned decides better for sure, on questions that it was not learned from. `no_gain`: the ' +
      'built-in model holds. `few_questions`: nothing was learned and nothing changes.',
  }) satisfies z.ZodType<LearnedAnswerability>
