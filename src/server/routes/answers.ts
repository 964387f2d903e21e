import { createRoute } from '@hono/zod-openapi'
import { answerEventSchema, answerRequest, answerSchema } from '../../api/answer.js'
import type { Answer, AnswerEvent } from '../../core/answer.js'
import { InkstoneError } from '../../core/errors.js'
import type { AnswerRequest, InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { eventStream, type StreamEvent } from '../event-stream.js'
import { jsonBody, problem, usualProblems } from '../openapi.js'
import { streamProblem } from '../problems.js'

const ask = createRoute({
  method: 'post',
  path: '/v1/answers',
  tags: ['Answers'],
  summary: 'Ask a question',
  description:
    'With `Accept: text/event-stream` the answer comes as server-sent events, each `event:` the `type` and each ' +
    '`data:` an AnswerEvent: `answer.started`, `step` (of a deep answer), `retrieval`, then `delta`, `citation`, `refusal`, `notice` and `usage`, ' +
    '`done` last. `event: error` carries a problem and is then the last. A comment comes every 10 s. Otherwise the ' +
    'reply is the answer of the `done` event as JSON.',
  request: { body: jsonBody(answerRequest) },
  responses: {
    200: {
      description: 'The answer, or that the documents do not carry one.',
      content: { 'application/json': { schema: answerSchema }, 'text/event-stream': { schema: answerEventSchema } },
    },
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
    503: problem(
      'The embedding model cannot be reached, or too many questions wait for the language model ' +
        '(`language_model_busy`). A language model that fails is no error: the answer says so.',
    ),
  },
})

/** Registers `/v1/answers`. */
export function addAnswerRoute(app: ServerApp, service: InkstoneService): void {
  app.openapi(ask, async (c) => {
    const request = c.req.valid('json')
    const signal = c.get('signal')
    c.header('vary', 'Accept')
    if (!acceptsEvents(c.req.header('accept'))) return c.json(await wholeAnswer(service, request, signal), 200)
    return eventStream((stop) => answerEvents(service.answer(request, { signal: stop })), {
      signal,
      closing: c.env?.closing,
      onFailure: (thrown) => streamProblem(thrown, c),
    })
  })
}

function acceptsEvents(accept: string | undefined): boolean {
  return accept?.split(',').some((range) => /^\s*text\/event-stream\s*(;|$)/i.test(range)) ?? false
}

async function wholeAnswer(service: InkstoneService, request: AnswerRequest, signal: AbortSignal): Promise<Answer> {
  for await (const event of service.answer(request, { signal })) {
    if (event.type === 'done') return event.answer
  }
  throw new InkstoneError('internal', 'the answer ended without its last event')
}

async function* answerEvents(events: AsyncIterable<AnswerEvent>): AsyncGenerator<StreamEvent> {
  for await (const event of events) yield { event: event.type, data: event }
}
