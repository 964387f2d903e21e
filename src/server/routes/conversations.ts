import { createRoute, z } from '@hono/zod-openapi'
import {
  conversationPageSchema,
  conversationParameter,
  conversationSchema,
  conversationWithTurnsSchema,
  createConversationRequest,
  exportQuery,
  listConversationsQuery,
  renameConversationRequest,
} from '../../api/conversation.js'
import type { InkstoneService } from '../../core/service.js'
import { contentDisposition } from '../content-disposition.js'
import type { ServerApp } from '../context.js'
import { json, jsonBody, problem, usualProblems } from '../openapi.js'

const tags = ['Conversations']
const params = z.object({ conversation: conversationParameter })
const notFound = problem('There is no such conversation.')

const list = createRoute({
  method: 'get',
  path: '/v1/conversations',
  tags,
  summary: 'Conversations, those in which something was asked last first',
  request: { query: listConversationsQuery },
  responses: { 200: json(conversationPageSchema, 'One page of them.'), ...usualProblems },
})

const create = createRoute({
  method: 'post',
  path: '/v1/conversations',
  tags,
  summary: 'Begin a conversation',
  description: 'An answer with `"conversationId": "new"` does the same on the way.',
  request: { body: jsonBody(createConversationRequest) },
  responses: {
    201: {
      ...json(conversationSchema, 'Begun.'),
      headers: { Location: { schema: { type: 'string' as const }, description: 'Its path.' } },
    },
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/conversations/{conversation}',
  tags,
  summary: 'A conversation with its answers',
  request: { params },
  responses: { 200: json(conversationWithTurnsSchema, 'The conversation.'), ...usualProblems, 404: notFound },
})

const rename = createRoute({
  method: 'patch',
  path: '/v1/conversations/{conversation}',
  tags,
  summary: 'Rename a conversation',
  request: { params, body: jsonBody(renameConversationRequest) },
  responses: { 200: json(conversationSchema, 'The conversation.'), ...usualProblems, 404: notFound },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/conversations/{conversation}',
  tags,
  summary: 'Delete a conversation with all its answers',
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...usualProblems, 404: notFound },
})

const exported = createRoute({
  method: 'get',
  path: '/v1/conversations/{conversation}/export',
  tags,
  summary: 'A conversation as a file',
  request: { params, query: exportQuery },
  responses: {
    200: {
      description: 'Questions, answers and their sources.',
      content: {
        'text/markdown': { schema: z.string() },
        'application/json': { schema: conversationWithTurnsSchema },
      },
    },
    ...usualProblems,
    404: notFound,
  },
})

/** Registers `/v1/conversations`. */
export function addConversationRoutes(app: ServerApp, service: InkstoneService): void {
  app.openapi(list, async (c) => c.json(await service.listConversations(c.req.valid('query')), 200))
  app.openapi(create, async (c) => {
    const conversation = await service.createConversation(c.req.valid('json'))
    return c.json(conversation, 201, { location: `/v1/conversations/${encodeURIComponent(conversation.id)}` })
  })
  app.openapi(get, async (c) => c.json(await service.getConversation(c.req.valid('param').conversation), 200))
  app.openapi(rename, async (c) => {
    const { conversation } = c.req.valid('param')
    return c.json(await service.renameConversation(conversation, c.req.valid('json')), 200)
  })
  app.openapi(remove, async (c) => {
    await service.deleteConversation(c.req.valid('param').conversation)
    return c.body(null, 204)
  })
  app.openapi(exported, async (c) => {
    const { conversation } = c.req.valid('param')
    const { format } = c.req.valid('query')
    const file = await service.exportConversation(conversation, format)
    return new Response(file, {
      headers: {
        'content-type': format === 'md' ? 'text/markdown; charset=utf-8' : 'application/json',
        'content-disposition': contentDisposition('attachment', `${conversation}.${format}`),
      },
    })
  })
}
