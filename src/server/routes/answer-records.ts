import { createRoute, z } from '@hono/zod-openapi'
import {
  answerParameter,
  answerRecordSchema,
  answerSummaryPageSchema,
  answerTraceSchema,
  feedbackRequest,
  listAnswersQuery,
} from '../../api/answer-record.js'
import { answerReplaySchema } from '../../api/answer-replay.js'
import type { InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { json, jsonBody, problem, usualProblems } from '../openapi.js'

const tags = ['Answers']
const params = z.object({ answer: answerParameter })
const notFound = problem('There is no such answer: it was never kept, has been removed, or is still being written.')

const list = createRoute({
  method: 'get',
  path: '/v1/answers',
  tags,
  summary: 'Answers that were given, newest first',
  request: { query: listAnswersQuery },
  responses: {
    200: json(answerSummaryPageSchema, 'One page of them.'),
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/answers/{answer}',
  tags,
  summary: 'An answer as it was given',
  request: { params },
  responses: { 200: json(answerRecordSchema, 'The answer.'), ...usualProblems, 404: notFound },
})

const trace = createRoute({
  method: 'get',
  path: '/v1/answers/{answer}/trace',
  tags,
  summary: 'Why an answer is what it is',
  description: 'Searches with their candidates and signals, prompts, documents, settings, notices and times by stage.',
  request: { params },
  responses: { 200: json(answerTraceSchema, 'The trace.'), ...usualProblems, 404: notFound },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/answers/{answer}',
  tags,
  summary: 'Remove an answer',
  description:
    'Nothing of it is kept afterwards. One that is being written is stopped: its stream ends with the error ' +
    '`cancelled`. To stop an answer and keep what was written, close the connection instead.',
  request: { params },
  responses: { 204: { description: 'It is gone.' }, ...usualProblems, 404: notFound },
})

const rate = createRoute({
  method: 'put',
  path: '/v1/answers/{answer}/feedback',
  tags,
  summary: 'Say what an answer was worth',
  request: { params, body: jsonBody(feedbackRequest) },
  responses: { 200: json(answerRecordSchema, 'The answer.'), ...usualProblems, 404: notFound },
})

const replay = createRoute({
  method: 'post',
  path: '/v1/answers/{answer}/replay',
  tags,
  summary: 'Ask a question again and see what has changed',
  description:
    'With the settings of then, of the documents and by the language model of now. The new answer is not kept.',
  request: { params },
  responses: {
    200: json(answerReplaySchema, 'Both answers and their differences.'),
    ...usualProblems,
    404: notFound,
    503: problem('The embedding model cannot be reached, or too many questions wait for the language model.'),
  },
})

/** Registers what looks back at answers, below `/v1/answers`. */
export function addAnswerRecordRoutes(app: ServerApp, service: InkstoneService): void {
  app.openapi(list, async (c) => c.json(await service.listAnswers(c.req.valid('query')), 200))
  app.openapi(get, async (c) => c.json(await service.getAnswer(c.req.valid('param').answer), 200))
  app.openapi(trace, async (c) => c.json(await service.getAnswerTrace(c.req.valid('param').answer), 200))
  app.openapi(remove, async (c) => {
    await service.deleteAnswer(c.req.valid('param').answer)
    return c.body(null, 204)
  })
  app.openapi(rate, async (c) =>
    c.json(await service.rateAnswer(c.req.valid('param').answer, c.req.valid('json')), 200),
  )
  app.openapi(replay, async (c) => {
    const { answer } = c.req.valid('param')
    return c.json(await service.replayAnswer(answer, { signal: c.get('signal') }), 200)
  })
}
