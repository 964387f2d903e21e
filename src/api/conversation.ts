import { z } from 'zod'
import type { Conversation, ConversationWithTurns } from '../core/conversation.js'
import type { NewConversation } from '../core/service.js'
import { answerRecordSchema } from './answer-record.js'
import { limits } from './limits.js'
import { optional } from './optional.js'
import { pageOf, pagingParameters } from './paging.js'

const title = z.string().max(limits.nameCharacters)

const conversationFields = {
  id: z.string(),
  title: z.string().meta({
    description: 'Made from the first question until another is given; empty before.',
    examples: ['机械密封多久更换一次？'],
  }),
  knowledgeBaseIds: z
    .array(z.string())
    .nullable()
    .meta({ description: 'What its questions are asked of; null: all knowledge bases.' }),
  turnCount: z.number().int().min(0),
  createdAt: z.string().meta({ format: 'date-time' }),
  updatedAt: z.string().meta({ format: 'date-time', description: 'When something was last asked in it.' }),
}

export const conversationSchema = z
  .object(conversationFields)
  .meta({ id: 'Conversation' }) satisfies z.ZodType<Conversation>

export const conversationWithTurnsSchema = z
  .object({
    ...conversationFields,
    turns: z.array(answerRecordSchema).meta({ description: 'The newest 200, oldest first.' }),
  })
  .meta({ id: 'ConversationWithTurns' }) satisfies z.ZodType<ConversationWithTurns>

export const conversationPageSchema = pageOf(conversationSchema).meta({ id: 'ConversationPage' })

export const createConversationRequest = z
  .strictObject({
    title: optional(title),
    knowledgeBaseIds: optional(
      z
        .array(z.string().min(1).max(100))
        .max(limits.knowledgeBaseIds)
        .meta({ description: 'Ids or slugs; all knowledge bases when left out.' }),
    ),
  })
  .meta({
    id: 'CreateConversationRequest',
    examples: [{ knowledgeBaseIds: ['manuals'] }],
  }) satisfies z.ZodType<NewConversation>

export const renameConversationRequest = z
  .strictObject({ title: title.regex(/\S/, 'must not be blank') })
  .meta({ id: 'RenameConversationRequest', examples: [{ title: '密封更换' }] })

export const conversationParameter = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'Id of a conversation.', examples: ['cnv_01JD3ZQ3W6X8Q2V4T5N7M9K1B2'] })

export const listConversationsQuery = z.strictObject(pagingParameters)

export const exportQuery = z.strictObject({
  format: z.enum(['md', 'json']).meta({ description: '`md`: Markdown for people. `json`: everything, for programs.' }),
})
