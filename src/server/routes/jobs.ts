import { createRoute, z } from '@hono/zod-openapi'
import { jobPageSchema, jobParameter, jobSchema, listJobsQuery } from '../../api/job.js'
import type { Job } from '../../core/job.js'
import type { InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { eventStream, type StreamEvent } from '../event-stream.js'
import { json, problem, usualProblems } from '../openapi.js'
import { streamProblem } from '../problems.js'

const tags = ['Jobs']
const params = z.object({ job: jobParameter })
const notFound = problem('There is no such job.')

const list = createRoute({
  method: 'get',
  path: '/v1/jobs',
  tags,
  summary: 'Jobs, newest first',
  request: { query: listJobsQuery },
  responses: {
    200: json(jobPageSchema, 'One page of them.'),
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/jobs/{job}',
  tags,
  summary: 'A job',
  request: { params },
  responses: { 200: json(jobSchema, 'The job.'), ...usualProblems, 404: notFound },
})

const watch = createRoute({
  method: 'get',
  path: '/v1/jobs/{job}/events',
  tags,
  summary: 'A job as it goes on',
  description:
    'Server-sent events: `event: job` with the job as data, now and after each change; the stream ends when the job ' +
    'has ended. `event: error` carries a problem and is the last. A comment comes every 10 s.',
  request: { params },
  responses: {
    200: { description: 'The events.', content: { 'text/event-stream': { schema: { type: 'string' as const } } } },
    ...usualProblems,
    404: notFound,
  },
})

const cancel = createRoute({
  method: 'post',
  path: '/v1/jobs/{job}/cancel',
  tags,
  summary: 'Cancel a job',
  request: { params },
  responses: {
    200: json(jobSchema, 'The job.'),
    ...usualProblems,
    404: notFound,
    409: problem('The job has already ended.'),
  },
})

/** Registers `/v1/jobs`. */
export function addJobRoutes(app: ServerApp, service: InkstoneService): void {
  app.openapi(list, async (c) => c.json(await service.listJobs(c.req.valid('query')), 200))
  app.openapi(get, async (c) => c.json(await service.getJob(c.req.valid('param').job), 200))
  app.openapi(watch, (c) => {
    const { job } = c.req.valid('param')
    return eventStream((signal) => jobEvents(service.watchJob(job, { signal })), {
      signal: c.get('signal'),
      closing: c.env?.closing,
      onFailure: (thrown) => streamProblem(thrown, c),
    })
  })
  app.openapi(cancel, async (c) => c.json(await service.cancelJob(c.req.valid('param').job), 200))
}

async function* jobEvents(jobs: AsyncIterable<Job>): AsyncGenerator<StreamEvent> {
  for await (const job of jobs) yield { event: 'job', data: job }
}
