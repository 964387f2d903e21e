import { z } from 'zod'
import type { ServiceStatus } from '../core/service.js'

export const serviceStatusSchema = z
  .object({
    version: z.string(),
    embeddingModelId: z.string(),
    answerModelId: z.string().meta({ description: '`extractive` when no language model is configured.' }),
    pendingJobs: z.number().int().min(0),
  })
  .meta({
    id: 'ServiceStatus',
    examples: [
      { version: '0.1.0', embeddingModelId: 'bge-small-zh-v1.5', answerModelId: 'extractive', pendingJobs: 0 },
    ],
  }) satisfies z.ZodType<ServiceStatus>
